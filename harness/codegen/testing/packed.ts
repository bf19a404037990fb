import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Model } from '../../model/graph.ts';
import { prepareReference, type ReferenceRunner, type TensorData } from '../../reference/index.ts';
import { generateC, type GeneratedNetwork } from '../index.ts';
import { AGENT_INCLUDE, DRIVER, WARNINGS, networkTableText, runDriver, type Invocation } from './native.ts';

/** A model and what to feed it. */
export interface PackedCase {
  readonly name: string;
  readonly model: Model;
  /** Inputs of all samples one after the other. */
  readonly inputs: Uint8Array;
  readonly samples: number;
}

/** The outcome of one case: elements compared, and what is wrong, if anything. */
export interface Outcome {
  readonly compared: number;
  readonly problems: readonly string[];
}

export interface PackOptions {
  /** tcc compiles a hundred times faster than gcc, without warnings, optimisation or sanitizers. */
  readonly compiler: 'gcc' | 'tcc';
  /** Beside the warnings, e.g. -O2. */
  readonly flags: readonly string[];
  /** Passed to generateC(); default: portable C. */
  readonly core?: string;
  /** Changes the generated files before they are compiled, to see that a comparison can fail. */
  readonly tamper?: (files: ReadonlyMap<string, string>) => ReadonlyMap<string, string>;
}

const COMPILE_TIMEOUT_MS = 300_000;

/** Calls `each` after every sample on the reference. */
export function runReference({ model, inputs, samples }: PackedCase, each: (sample: number, runner: ReferenceRunner) => void): void {
  const runner = prepareReference(model);
  let at = 0;
  runner.reset();
  for (let sample = 0; sample < samples; sample++) {
    for (const index of runner.graph.inputs) {
      const bytes = bytesOf(runner.tensors[index] as TensorData);
      bytes.set(inputs.subarray(at, at + bytes.length));
      at += bytes.length;
    }
    runner.invoke();
    each(sample, runner);
  }
}

export const bytesOf = (data: TensorData): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/**
 * Generated C of all cases in one program for this host, run, and compared with the reference: every tensor that the layers show, of
 * every sample, and the outputs without taps. Never throws for what is wrong with a case.
 */
export async function verifyPacked(cases: readonly PackedCase[], options: PackOptions): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const fail = (name: string, problem: unknown): void => void outcomes.set(name, { compared: 0, problems: [problem instanceof Error ? problem.message : String(problem)] });
  const networks: { readonly one: PackedCase; readonly network: GeneratedNetwork }[] = [];
  for (const [k, one] of cases.entries()) {
    try {
      networks.push({ one, network: generateC(one.model, { name: `g${k}`, ...(options.core === undefined ? {} : { core: options.core }) }) });
    } catch (error) {
      fail(one.name, error);
    }
  }
  if (networks.length === 0) return outcomes;
  const folder = await mkdtemp(join(tmpdir(), 'hil-packed-'));
  try {
    const program = await compile(folder, networks.map(({ network }) => network), options);
    for (const [index, { one, network }] of networks.entries()) {
      try {
        outcomes.set(one.name, await verifyOne(program, index, one, network));
      } catch (error) {
        fail(one.name, error);
      }
    }
  } catch (error) {
    // Whose C it is that does not compile shows only where each is compiled alone.
    if (networks.length === 1) fail(networks[0]?.one.name ?? '', error);
    else for (const { one } of networks) for (const [name, outcome] of await verifyPacked([one], options)) outcomes.set(name, outcome);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return outcomes;
}

/** One program in one folder: the names of the networks keep their files apart, and the kernels are the same for all. */
async function compile(folder: string, networks: readonly GeneratedNetwork[], { compiler, flags, tamper }: PackOptions): Promise<string> {
  for (const { files } of networks) for (const [name, text] of tamper?.(files) ?? files) await writeFile(join(folder, name), text);
  const table = join(folder, 'hil_networks.c');
  await writeFile(table, networkTableText(networks.map(({ manifest }) => manifest.symbol)));
  // All networks as one file: headers are read once, and kernels that networks share are compiled once.
  const unity = join(folder, 'all.c');
  await writeFile(unity, networks.flatMap(({ manifest }) => manifest.build.sources.map((source) => `#include "${source}"\n`)).join(''));
  const program = join(folder, 'driver');
  const own = compiler === 'gcc' ? ['-std=c99', ...WARNINGS, ...new Set(networks.flatMap(({ manifest }) => manifest.build.flags))] : [];
  await execa(compiler, [...own, ...flags, '-I', AGENT_INCLUDE, '-I', folder, DRIVER, table, unity, '-o', program], { timeout: COMPILE_TIMEOUT_MS });
  return program;
}

async function verifyOne(program: string, index: number, one: PackedCase, { manifest }: GeneratedNetwork): Promise<Outcome> {
  const tapped = await runDriver(program, 'tapped', one.inputs, manifest, index);
  const plain = await runDriver(program, 'plain', one.inputs, manifest, index);
  const problems: string[] = [];
  let compared = 0;
  runReference(one, (sample, runner) => {
    for (const layer of manifest.layers) {
      layer.taps.forEach((tap, view) => {
        const data = runner.tensors[tap.tensor ?? -1] as TensorData;
        const got = tapped[sample]?.calls.find((call) => call.layer === layer.index)?.views[view];
        compared += data.length;
        const problem = differenceOf(data, got);
        if (problem !== null) problems.push(`sample ${sample}, layer ${layer.index} ${layer.op}, t${tap.tensor}: ${problem}`);
      });
    }
    manifest.outputs.forEach((port, k) => {
      const expected = runner.tensors[port.tensor ?? -1] as TensorData;
      for (const [path, run] of [['with', tapped], ['without', plain]] as const) problems.push(...outputProblem(sample, k, path, expected, run[sample]));
    });
  });
  if (compared === 0) problems.push('nothing was compared');
  return { compared, problems };
}

function outputProblem(sample: number, k: number, path: string, expected: TensorData, run: Invocation | undefined): string[] {
  const problem = differenceOf(expected, run?.outputs[k]);
  return problem === null ? [] : [`sample ${sample}, output ${k} ${path} taps: ${problem}`];
}

/** null where the bytes are equal. */
function differenceOf(expected: TensorData, bytes: Uint8Array | undefined): string | null {
  if (bytes === undefined || bytes.length !== expected.byteLength) return `${bytes?.length ?? 0} bytes instead of ${expected.byteLength}`;
  if (Buffer.from(bytesOf(expected)).equals(bytes)) return null;
  const got = new (expected.constructor as new (buffer: ArrayBufferLike) => TensorData)(Uint8Array.from(bytes).buffer);
  const wrong = Array.from({ length: expected.length }, (_, i) => i).filter((i) => !Object.is(got[i], expected[i]));
  const first = wrong[0] ?? 0;
  return `${wrong.length} of ${expected.length} elements differ, the first at ${first}: C ${got[first]}, reference ${expected[first]}`;
}
