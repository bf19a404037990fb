import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import pQueue from 'p-queue';
import { generateC, type GeneratedNetwork } from '../../harness/codegen/index.ts';
import { compileObjects, linkDriver, runDriver } from '../../harness/codegen/testing/native.ts';
import type { TensorData } from '../../harness/reference/index.ts';
import type { PreparedCase } from './prepared.ts';
import { bytesOf, runReference, type Outcome } from './verify-reference.ts';

export interface HostOptions {
  /** Passed to generateC(); default: portable C. */
  readonly core?: string;
  /** Flags of gcc beside the warnings, e.g. -O2 or sanitizers. */
  readonly flags: readonly string[];
  /** Networks in one program. */
  readonly pack: number;
  readonly jobs: number;
}

/** Generated C of every case, compiled for this host and run, against the reference: every tensor of every sample. */
export async function verifyOnHost(cases: readonly PreparedCase[], options: HostOptions): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const queue = new pQueue({ concurrency: options.jobs });
  const chunks = Array.from({ length: Math.ceil(cases.length / options.pack) }, (_, k) => cases.slice(k * options.pack, (k + 1) * options.pack));
  await Promise.all(chunks.map((chunk) => queue.add(() => verifyChunk(chunk, options, outcomes))));
  return outcomes;
}

async function verifyChunk(cases: readonly PreparedCase[], options: HostOptions, outcomes: Map<string, Outcome>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hil-operators-'));
  const fail = (prepared: PreparedCase, problem: unknown): void => {
    outcomes.set(prepared.one.name, { compared: 0, problems: [problem instanceof Error ? problem.message : String(problem)] });
  };
  try {
    const built: { prepared: PreparedCase; network: GeneratedNetwork }[] = [];
    const objects: string[] = [];
    for (const [k, prepared] of cases.entries()) {
      try {
        const network = generateC(prepared.model, { name: `g${k}`, ...(options.core === undefined ? {} : { core: options.core }) });
        const path = join(folder, `g${k}`);
        await mkdir(path);
        for (const [name, text] of network.files) await writeFile(join(path, name), text);
        objects.push(...(await compileObjects('gcc', path, network.manifest, ['-std=c99', ...options.flags], 'x')));
        built.push({ prepared, network });
      } catch (error) {
        fail(prepared, error);
      }
    }
    if (built.length === 0) return;
    const program = await linkDriver(folder, built.map(({ network }) => network.manifest.symbol), objects, options.flags, 'x');
    for (const [index, { prepared, network }] of built.entries()) {
      try {
        outcomes.set(prepared.one.name, await runOne(program, index, prepared, network));
      } catch (error) {
        fail(prepared, error);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOne(program: string, index: number, prepared: PreparedCase, { manifest }: GeneratedNetwork): Promise<Outcome> {
  const tapped = await runDriver(program, 'tapped', prepared.inputs, manifest, index);
  const plain = await runDriver(program, 'plain', prepared.inputs, manifest, index);
  const problems: string[] = [];
  let compared = 0;
  runReference(prepared, (sample, runner) => {
    for (const layer of manifest.layers) {
      layer.taps.forEach((tap, view) => {
        const data = runner.tensors[tap.tensor ?? -1] as TensorData;
        const got = tapped[sample]?.calls.find((call) => call.layer === layer.index)?.views[view];
        compared += data.length;
        if (got === undefined || !Buffer.from(bytesOf(data)).equals(got)) problems.push(`sample ${sample}, layer ${layer.index} ${layer.op}, t${tap.tensor}: ${firstDifference(data, got)}`);
      });
    }
    manifest.outputs.forEach((port, k) => {
      const expected = bytesOf(runner.tensors[port.tensor ?? -1] as TensorData);
      for (const [path, run] of [['with', tapped], ['without', plain]] as const) {
        const got = run[sample]?.outputs[k];
        if (got === undefined || !Buffer.from(expected).equals(got)) problems.push(`sample ${sample}, output ${k} ${path} taps differs`);
      }
    });
  });
  if (compared === 0) problems.push('nothing was compared');
  return { compared, problems };
}

function firstDifference(expected: TensorData, bytes: Uint8Array | undefined): string {
  if (bytes === undefined || bytes.length !== expected.byteLength) return `${bytes?.length ?? 0} bytes instead of ${expected.byteLength}`;
  const got = new (expected.constructor as new (buffer: ArrayBufferLike) => TensorData)(Uint8Array.from(bytes).buffer);
  const wrong = Array.from({ length: expected.length }, (_, i) => i).filter((i) => !Object.is(got[i], expected[i]));
  const first = wrong[0] ?? 0;
  return `${wrong.length} of ${expected.length} elements differ, the first at ${first}: C ${got[first]}, reference ${expected[first]}`;
}
