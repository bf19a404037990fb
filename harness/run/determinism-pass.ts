import { crc32 } from 'node:zlib';
import { digestOfDigests, type NetworkInfo } from '../link/index.ts';
import { mainGraph } from './main-graph.ts';
import type { DeterminismReport } from '../report/index.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { CHECKS, checkDeterminism, foundSame, notChecked, USUAL_SAMPLES } from './determinism.ts';
import { SampleRuns } from './determinism-runs.ts';
import type { DevicePort } from './device-port.ts';
import type { BatchResult } from './numeric-pass.ts';
import type { PlannedCase } from './planned-case.ts';
import type { Timing } from './timing-pass.ts';

export interface DeterminismPass {
  readonly plan: PlannedCase;
  readonly manifest: NetworkManifest;
  readonly port: DevicePort;
  readonly network: NetworkInfo;
  /** Cases share the image: there may be thousands of them, so what costs no run of its own must do. */
  readonly shared: boolean;
  /** What ran last: its samples are still in the pool. */
  readonly timing: Timing;
  /** The first batch of the first sequence, as it was compared. */
  readonly firstBatch: BatchResult;
}

/**
 * The checks that equal inputs give equal bytes, on the first samples of the case's first sequence: as many as the suite asks for
 * (0: none), else the usual few; for cases that share an image what the passes before have shown already, and more only where that differs.
 */
export async function determinismPass(pass: DeterminismPass): Promise<DeterminismReport[]> {
  const { plan, manifest, port, network, timing } = pass;
  const sequence = plan.sequences[0];
  const asked = plan.determinism?.samples;
  if (sequence === undefined || asked === 0) return [];
  if (pass.shared && asked === undefined && repeatedAlike(pass)) {
    return [...foundSame(['same sample twice'], timing.samples), ...notChecked(['another order'], 'left out where cases share an image, unless the suite asks for it'),
      ...(network.scratchKnown ? foundSame(['other bytes in memory'], timing.samples) : notChecked(['other bytes in memory'], SCRATCH_UNKNOWN))];
  }
  const runs = new SampleRuns(port, sequence.codes, network.inputBytes, timing.samples);
  return checkDeterminism({
    runs, layers: manifest.layers, compared: outputsOf(pass.firstBatch), samples: { most: Math.min(asked ?? USUAL_SAMPLES, sequence.samples), asked: asked !== undefined },
    stateful: manifest.state.length > 0 || mainGraph(plan.model).tensors.some((tensor) => tensor.isVariable), stateReachable: manifest.state.length > 0,
    whyNoFilling: network.scratchKnown ? null : SCRATCH_UNKNOWN,
  });
}

/** CRC-32 of the outputs of each sample of a batch, as the agent forms it. */
function outputsOf({ outputs, count }: BatchResult): number[] {
  const bytes = outputs.length / count;
  return Array.from({ length: count }, (_each, k) => crc32(outputs.subarray(k * bytes, (k + 1) * bytes)));
}

/**
 * Whether the passes after the comparison, from a reset over the same samples, gave the outputs (and, over the whole batch, the
 * layers) that were compared with the reference. Where each sample has a reset of its own those passes ran something else.
 */
export function asCompared({ timing: { tapped, samples }, firstBatch }: Pick<DeterminismPass, 'timing' | 'firstBatch'>): boolean {
  const { outputs, count, sequence } = firstBatch;
  if (sequence.resetEach || samples > count) return true;
  return tapped.outputCrc === crc32(outputs.subarray(0, (outputs.length / count) * samples)) && (samples < count || tapped.digest === digestOfDigests(firstBatch.digests));
}

const SCRATCH_UNKNOWN = 'the generated C does not say which memory holds nothing between invocations (scratch in hil_network.h)';

/** Nothing can be run again on a firmware that shows outputs only and takes no order about its memory. */
export function determinismOfDut(): DeterminismReport[] {
  return notChecked(CHECKS, 'a stock MLPerf Tiny firmware shows no layers, and can neither be reset nor have its memory filled between samples');
}

/** The last tapped run was made from a reset over the first samples, with other bytes in memory: did it give what the comparison saw? */
function repeatedAlike({ timing, firstBatch }: DeterminismPass): boolean {
  return timing.samples === firstBatch.count && !firstBatch.sequence.resetEach && asCompared({ timing, firstBatch });
}
