import { setImmediate as breathe } from 'node:timers/promises';
import type { LayerEvidence } from '../../diff/evidence.ts';
import { explain, type Explanation } from '../../diff/explain.ts';
import { fits } from '../../diff/explain/judge.ts';
import { observe } from '../../diff/explain/observed.ts';
import type { Cause } from '../../diff/hypotheses/causes.ts';
import { candidatesOf } from '../../diff/hypotheses/index.ts';
import { whereWrong } from '../../diff/where/where.ts';
import type { DumpLayerDiff, FittingCause } from './dump-diff.ts';

type Diagnosis = Pick<DumpLayerDiff, 'diagnosis' | 'fitting' | 'where'>;

const NONE: Diagnosis = { diagnosis: [], fitting: [], where: null };
const LAYER_MS = 10_000;
const ALL_MS = 120_000;
/** Above so many wrong elements a layer speaks for itself: what does not explain it then is no explanation. */
const MOST_FEW = 16;
const MOST_FITTING = 6;

/**
 * Causes and patterns of all layers with own error.
 * @returns gaveUp: time ran out before every cause was tried on every layer
 * @throws the signal's reason on abort
 */
export async function diagnoseLayers(layers: readonly LayerEvidence[], { signal, layerMs = LAYER_MS, allMs = ALL_MS }: { readonly signal?: AbortSignal; readonly layerMs?: number; readonly allMs?: number }): Promise<{ of(layer: number): Diagnosis; readonly gaveUp: boolean }> {
  const until = performance.now() + allMs;
  const found = new Map<number, Diagnosis>();
  let gaveUp = false;
  for (const evidence of layers) {
    await breathe();
    signal?.throwIfAborted();
    const diagnosis = explain(evidence, { budgetMs: Math.min(layerMs, until - performance.now()), onTimeUp: () => { gaveUp = true; } });
    found.set(evidence.layer.index, { diagnosis, fitting: [], where: whereWrong(evidence) });
  }
  for (const evidence of layers) {
    const { index, op } = evidence.layer;
    const own = found.get(index) as Diagnosis;
    if (own.diagnosis.length > 0 || wrongElements(evidence) > MOST_FEW || performance.now() > until) continue;
    const explained = layers.flatMap((other): [number, Explanation][] => (other.layer.op !== op ? [] : (found.get(other.layer.index) as Diagnosis).diagnosis.filter(({ rank }) => rank === 1).map((one) => [other.layer.index, one])));
    found.set(index, { ...own, fitting: fittingCauses(evidence, explained, Math.min(until, performance.now() + layerMs)) });
  }
  return { of: (layer) => found.get(layer) ?? NONE, gaveUp };
}

const wrongElements = (evidence: LayerEvidence): number => observe(evidence).reduce((sum, { wrong }) => sum + wrong, 0);

/**
 * Causes that reproduce all of a layer's few wrong elements and contradict nothing, though so few elements do not prove one.
 * Those that explain other layers of the same operator are tried alone at first: one kernel computes them all.
 */
function fittingCauses(evidence: LayerEvidence, explained: readonly (readonly [number, Explanation])[], until: number): readonly FittingCause[] {
  const known = new Set<Cause>(explained.map(([, { cause }]) => cause));
  const supported = fittingOf(evidence, (cause) => known.has(cause), explained, until);
  return supported.length > 0 ? supported : fittingOf(evidence, (cause) => !known.has(cause), explained, until);
}

function fittingOf(evidence: LayerEvidence, isWanted: (cause: Cause) => boolean, explained: readonly (readonly [number, Explanation])[], until: number): FittingCause[] {
  const observed = observe(evidence);
  const found = new Map<Cause, FittingCause>();
  for (const candidate of candidatesOf(evidence)) {
    if (performance.now() > until) break;
    const { cause, text } = candidate;
    if (!isWanted(cause) || found.has(cause) || fits(candidate, observed) === null) continue;
    found.set(cause, { cause, text, alsoExplains: [...new Set(explained.filter(([, other]) => other.cause === cause).map(([layer]) => layer))] });
  }
  return [...found.values()].slice(0, MOST_FITTING);
}
