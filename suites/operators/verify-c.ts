import PQueue from 'p-queue';
import { verifyPacked, type Outcome, type PackOptions } from '../../harness/codegen/testing/packed.ts';
import { DEFAULT_SAMPLES } from './inputs.ts';
import type { PreparedCase } from './prepared.ts';

export interface HostOptions extends PackOptions {
  /** Networks in one program. */
  readonly pack: number;
  readonly jobs: number;
}

/** Generated C of every case, compiled for this host and run, against the reference: every tensor of every sample. */
export async function verifyOnHost(cases: readonly PreparedCase[], options: HostOptions): Promise<ReadonlyMap<string, Outcome>> {
  const queue = new PQueue({ concurrency: options.jobs });
  const chunks = Array.from({ length: Math.ceil(cases.length / options.pack) }, (_, k) => cases.slice(k * options.pack, (k + 1) * options.pack));
  const packed = chunks.map((chunk) => chunk.map(({ one, model, inputs }) => ({ name: one.name, model, inputs, samples: one.samples ?? DEFAULT_SAMPLES })));
  const outcomes = await Promise.all(packed.map((chunk) => queue.add(() => verifyPacked(chunk, options))));
  return new Map(outcomes.flatMap((chunk) => [...(chunk ?? [])]));
}
