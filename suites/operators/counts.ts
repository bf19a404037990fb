/**
 * How much the operator cases compare, by family. Tests fail where it becomes less.
 *
 *   node_modules/.bin/node suites/operators/counts.ts      writes counts.json from the cases
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { runReference, type PackedCase } from '../../harness/codegen/testing/packed.ts';
import { FAMILIES } from './cases/index.ts';
import { DEFAULT_SAMPLES } from './inputs.ts';
import { prepareCase } from './prepared.ts';

export interface Counts {
  readonly cases: number;
  /** Elements of outputs that are compared with the oracle. */
  readonly oracleElements: number;
  /** Elements of all tensors that operators write; generated C shows these at least. */
  readonly elements: number;
}

const FILE = new URL('./counts.json', import.meta.url);

export const readCounts = (): Readonly<Record<string, Counts>> => (existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Counts>) : {});

/** What a family compares, counted without comparing. */
function count(family: string): Counts {
  const cases = (FAMILIES[family] ?? []).map(prepareCase);
  let [oracleElements, elements] = [0, 0];
  for (const { one, model, graph, inputs } of cases) {
    const packed: PackedCase = { name: one.name, model, inputs, samples: one.samples ?? DEFAULT_SAMPLES };
    runReference(packed, (_, runner) => {
      const sizeOf = (indices: readonly number[]): number => indices.reduce((sum, index) => sum + (runner.tensors[index]?.length ?? 0), 0);
      if (one.noOracle === undefined) oracleElements += sizeOf(graph.outputs);
      elements += sizeOf(graph.operators.flatMap(({ outputs }) => outputs.filter((index) => graph.tensors[index]?.dtype !== 'resource')));
    });
  }
  return { cases: cases.length, oracleElements, elements };
}

if (process.argv[1] === import.meta.filename) {
  const counts = Object.fromEntries(Object.keys(FAMILIES).map((family) => [family, count(family)]));
  writeFileSync(FILE, `${JSON.stringify(counts, null, 1)}\n`);
  process.stdout.write(`${JSON.stringify(counts, null, 1)}\n`);
}
