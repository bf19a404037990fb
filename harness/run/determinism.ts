import type { FillByte } from '../link/index.ts';
import type { DeterminismReport } from '../report/index.ts';
import type { ManifestLayer } from '../runtimes/manifest.ts';
import { differenceOf, type Difference, type Observation, type SampleRuns } from './determinism-runs.ts';

export type DeterminismCheck = DeterminismReport['check'];
export const CHECKS: readonly DeterminismCheck[] = ['same sample twice', 'another order', 'other bytes in memory'];

export interface DeterminismOptions {
  readonly runs: SampleRuns;
  readonly layers: readonly ManifestLayer[];
  /** Samples at the most, and at the least where that many are asked for by the suite. */
  readonly samples: { readonly most: number; readonly asked: boolean };
  /** CRC-32 of the outputs that the first samples gave when they were compared with the reference; fewer where fewer are known. */
  readonly compared: readonly number[];
  /** The network keeps something from one invocation to the next. */
  readonly stateful: boolean;
  /** The agent can save and restore all that it keeps. */
  readonly stateReachable: boolean;
  /** Why the memory that holds nothing between invocations can't be filled; null: it can. */
  readonly whyNoFilling: string | null;
}

/** Samples where the suite does not say. */
export const USUAL_SAMPLES = 4;
/** All checks together should take no more of the device's own time; fewer samples are run then, but never fewer than two. */
const BUDGET_SECONDS = 30;
const RUNS_PER_SAMPLE = 6;
/** What memory is filled with, one sample with one pair, the next with the other. */
const FILLINGS: readonly (readonly [FillByte, FillByte])[] = [[0x00, 0xff], [0x55, 0xa5]];

/**
 * Runs the first samples of a sequence again in ways that must not change a byte: each twice from the same state, in the reverse
 * order from a reset each, and with other bytes in memory. Every layer's digest and the outputs are compared.
 * @throws HilError as DevicePort.run; a target that dies in a repeated run is the target's fault like any other
 */
export async function checkDeterminism(options: DeterminismOptions): Promise<DeterminismReport[]> {
  const { runs, samples } = options;
  // As ever from the start: what the passes before left in memory is the least that should not matter.
  const first = await runs.run(0, { reset: true });
  const affordable = samples.asked ? samples.most : Math.max(2, Math.floor(BUDGET_SECONDS / (RUNS_PER_SAMPLE * Math.max(first.seconds, 1e-6))));
  const count = Math.min(samples.most, affordable);
  await runs.prepare(count);
  const { inOrder, twice } = await sameSampleTwice(options, count);
  const checks = [twice, await anotherOrder(options, count, inOrder), await otherBytesInMemory(options, count, inOrder)];
  return checks.some(({ result }) => result === 'differs') ? checks : [againstComparison(options, inOrder) ?? twice, ...checks.slice(1)];
}

/** They agree with each other: do they with what was compared with the reference? */
function againstComparison({ compared, stateful, stateReachable }: DeterminismOptions, inOrder: readonly Observation[]): DeterminismReport | null {
  const known = stateful && !stateReachable ? inOrder.slice(0, 1) : inOrder;
  const sample = known.findIndex(({ outputCrc }, k) => compared[k] !== undefined && compared[k] !== outputCrc);
  if (sample < 0) return null;
  return report('same sample twice', inOrder.length, { difference: { layer: null, layers: 0 } }, () => `sample ${sample}, run again from the same start, gave other bytes than when it was compared with the reference`);
}

/** The report of checks that could not or need not be made. */
export function notChecked(checks: readonly DeterminismCheck[], why: string): DeterminismReport[] {
  return checks.map((check) => ({ check, samples: 0, result: 'not possible', layer: null, note: why }));
}

/** The report of checks that found nothing. */
export function foundSame(checks: readonly DeterminismCheck[], samples: number): DeterminismReport[] {
  return checks.map((check) => ({ check, samples, result: 'same', layer: null, note: '' }));
}

/** Step by step from a reset; each step a second time from the state that it started with. */
async function sameSampleTwice({ runs, layers, stateful, stateReachable }: DeterminismOptions, count: number): Promise<{ readonly inOrder: readonly Observation[]; readonly twice: DeterminismReport }> {
  const inOrder: Observation[] = [];
  let found: { readonly sample: number; readonly difference: Difference } | null = null;
  // State that can't be reached can't be put back: then each sample starts from a reset.
  const back = stateful && stateReachable;
  for (let k = 0; k < count; k++) {
    const once = await runs.run(k, { reset: k === 0 || !back, saveState: back });
    inOrder.push(once);
    const again = await runs.run(k, back ? { restoreState: true } : { reset: true }, once);
    const difference = differenceOf(layers, once, again);
    if (difference !== null && found === null) found = { sample: k, difference };
  }
  return { inOrder, twice: report('same sample twice', count, found, ({ sample }) => `sample ${sample}, run a second time from the same ${stateful ? 'state' : 'start'}, gave other bytes`) };
}

/** Each sample from a reset, the last first. */
async function anotherOrder({ runs, layers, stateful, stateReachable }: DeterminismOptions, count: number, inOrder: readonly Observation[]): Promise<DeterminismReport> {
  if (count < 2) return notChecked(['another order'], 'one sample has no order')[0] as DeterminismReport;
  const forward: Observation[] = [];
  for (let k = 0; k < count; k++) forward.push(stateful && stateReachable ? await runs.run(k, { reset: true }, inOrder[k]) : inOrder[k] as Observation);
  let found: { readonly sample: number; readonly difference: Difference } | null = null;
  for (let k = count - 1; k >= 0; k--) {
    const difference = differenceOf(layers, forward[k] as Observation, await runs.run(k, { reset: true }, forward[k]));
    if (difference !== null) found = { sample: k, difference };
  }
  return report('another order', count, found, ({ sample }) => `sample ${sample} gave other bytes when other samples were run before it, although the network was reset`);
}

/** The sequence from a reset, with memory filled before each invocation, once with one byte and once with another. */
async function otherBytesInMemory({ runs, layers, stateful, stateReachable, whyNoFilling }: DeterminismOptions, count: number, inOrder: readonly Observation[]): Promise<DeterminismReport> {
  if (whyNoFilling !== null) return notChecked(['other bytes in memory'], whyNoFilling)[0] as DeterminismReport;
  let found: { readonly sample: number; readonly difference: Difference; readonly fill: FillByte } | null = null;
  for (const which of [0, 1] as const) {
    for (let k = 0; k < count; k++) {
      const fill = (FILLINGS[k % FILLINGS.length] as readonly [FillByte, FillByte])[which];
      const observed = await runs.run(k, { reset: k === 0 || !(stateful && stateReachable), fill }, inOrder[k]);
      const difference = differenceOf(layers, inOrder[k] as Observation, observed);
      if (difference !== null && (found === null || k < found.sample)) found = { sample: k, difference, fill };
    }
  }
  return report('other bytes in memory', count, found, ({ sample, fill }) => `sample ${sample} gave other bytes when memory that holds nothing between invocations was filled with 0x${fill.toString(16).padStart(2, '0')} before`);
}

function report<T extends { readonly difference: Difference }>(check: DeterminismCheck, samples: number, found: T | null, say: (found: T) => string): DeterminismReport {
  if (found === null) return { check, samples, result: 'same', layer: null, note: '' };
  const { layer, layers } = found.difference;
  const note = `${say(found)}${layer === null ? ', in the outputs alone' : layers > 1 ? `, in ${layers} layers` : ''}`;
  return { check, samples, result: 'differs', layer: layer === null ? null : { index: layer.index, op: layer.op, name: layer.name }, note };
}
