/**
 * Random graphs of random operators, shapes and scales: generated C against the reference, every tensor. A failure is shrunk to the
 * smallest graph that still fails. HIL_RANDOM_GRAPHS=n runs n graphs instead of the default, HIL_RANDOM_SEED=n other ones.
 */
import { execa } from 'execa';
import fc from 'fast-check';
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { randomSamples } from '../suite/index.ts';
import { SUPPORTED_OPERATORS } from './index.ts';
import { OPERATORS, describeGraph, randomGraphs, type RandomGraph } from './testing/random-graphs/index.ts';
import { verifyPacked, type PackOptions, type PackedCase } from './testing/packed.ts';

const GRAPHS = Number(process.env['HIL_RANDOM_GRAPHS'] ?? 2000);
const SEED = Number(process.env['HIL_RANDOM_SEED'] ?? 20261121);
const PACK = 20;
/** Graphs that fast-check puts into a batch on average. */
const MEAN_BATCH = 8;
const SAMPLES = 2;
/** Their kernels run on a host too, where intrinsics are plain functions. */
const CORES = ['cortex-m3', 'cortex-m0', 'cortex-m4'];
const hasTcc = (await execa('tcc', ['-v'], { reject: false })).exitCode === 0;
const FAST: PackOptions = hasTcc ? { compiler: 'tcc', flags: [] } : { compiler: 'gcc', flags: ['-O0'] };

t.setTimeout(60_000 + GRAPHS * 200);

function caseOf(graph: RandomGraph, k: number): PackedCase {
  const model = parseModel(writeModel(describeGraph(graph).model));
  const [main] = model.subgraphs;
  const inputs = (main?.inputs ?? []).map((index) => main?.tensors[index]).filter((tensor) => tensor !== undefined);
  return { name: `graph ${k}`, model, inputs: randomSamples({ samples: SAMPLES, seed: String(graph.seed) }, inputs), samples: SAMPLES };
}

async function problemsOf(graphs: readonly RandomGraph[], options: PackOptions): Promise<{ problems: string[]; compared: number }> {
  const outcomes = [...(await verifyPacked(graphs.map(caseOf), options)).values()];
  return { problems: outcomes.flatMap(({ problems }) => problems), compared: outcomes.reduce((sum, { compared }) => sum + compared, 0) };
}

t.test('generated C computes what the reference computes', async (t) => {
  let graphs = 0;
  let elements = 0;
  const used = new Map<string, number>();
  await fc.assert(fc.asyncProperty(fc.array(randomGraphs, { minLength: 1, maxLength: PACK, size: 'max' }), fc.constantFrom(...CORES), async (batch, core) => {
    const { problems, compared } = await problemsOf(batch, { ...FAST, core });
    graphs += batch.length;
    elements += compared;
    for (const op of batch.flatMap((graph) => describeGraph(graph).operators)) used.set(op, (used.get(op) ?? 0) + 1);
    if (problems.length > 0) throw new Error(problems.slice(0, 3).join('\n'));
  }), { numRuns: Math.ceil(GRAPHS / MEAN_BATCH), seed: SEED, endOnFailure: false, interruptAfterTimeLimit: 60_000 + GRAPHS * 150, markInterruptAsFailure: true });
  t.ok(graphs >= GRAPHS * 0.8, `${graphs} graphs`);
  t.ok(elements > graphs * 20, `${elements} elements compared`);
  t.comment(`${graphs} graphs, ${elements} elements, ${FAST.compiler}; operators: ${[...used].sort().map(([op, n]) => `${op} ${n}`).join(', ')}`);
  const never = [...OPERATORS.keys()].filter((op) => op !== 'RESIZE' && !used.has(op));
  t.same(never, [], 'every operator occurs');
  for (const op of used.keys()) t.ok(SUPPORTED_OPERATORS.includes(op), op);
});

t.test('optimised and sanitised, fewer of them', async (t) => {
  const batch = fc.sample(randomGraphs, { numRuns: 24, seed: SEED });
  for (const flags of [['-O2'], ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']]) {
    const { problems, compared } = await problemsOf(batch, { compiler: 'gcc', flags });
    t.same(problems, []);
    t.ok(compared > 1000, `${compared} elements`);
  }
});

t.test('a defect is found and shrunk to one operator', async (t) => {
  const tamper: NonNullable<PackOptions['tamper']> = (files) => new Map([...files].map(([name, text]) => [name, text.replace(/\(q->right - 1\)\) \+ 1\)/, '(q->right - 1)) + 2)')]));
  const result = await fc.check(fc.asyncProperty(fc.array(randomGraphs, { minLength: 1, maxLength: 4 }), async (batch) => (await problemsOf(batch, { ...FAST, tamper })).problems.length === 0), { numRuns: 50, seed: SEED });
  t.ok(result.failed, 'the planted defect is seen');
  const [smallest] = result.counterexample ?? [];
  t.equal(smallest?.length, 1);
  t.ok((smallest?.[0]?.steps.length ?? 9) <= 2, `${smallest?.[0]?.steps.length} steps after ${result.numShrinks} shrinks`);
});
