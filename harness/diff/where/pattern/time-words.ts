import type { LayerEvidence } from '../../evidence.ts';

/** From which step on a layer is wrong, where it was right before; [] where that is not how it is, or not known. */
export function timeWords({ samples, clean }: LayerEvidence): string[] {
  const steps = samples.map(({ at }) => at.step);
  const first = Math.min(...steps);
  const oneSequence = new Set([...samples, ...clean].map(({ at }) => at.sequence)).size === 1;
  const noGap = steps.every((step, k) => step === first + k);
  if (!oneSequence || !noGap || samples.length < 2 || clean.length === 0 || clean.some(({ at }) => at.step >= first)) return [];
  return [`only from step ${first} on`];
}
