/** Synthetic figures with the noise that boards have. One noise sigma is about 1 in all; the levels are far from 0 as figures are. */

/** A source of numbers in [0, 1). */
type Random = () => number;

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** First-order autoregression with variance 1. */
function remembering(random: Random, memory: number): () => number {
  let state = normal(random);
  return () => {
    const now = state;
    state = memory * state + Math.sqrt(1 - memory ** 2) * normal(random);
    return now;
  };
}

export interface NoiseKind {
  readonly name: string;
  readonly what: string;
  /** Any order of it is as likely: what the rate of false alarms is promised for. */
  readonly independent: boolean;
  readonly source: (random: Random) => () => number;
}

export const NOISE_KINDS: readonly NoiseKind[] = [
  { name: 'normal', what: 'normal', independent: true, source: (random) => () => normal(random) },
  { name: 'log-normal', what: 'log-normal, long tail upwards (interrupts)', independent: true, source: (random) => () => (Math.exp(0.8 * normal(random)) - 1) / 0.95 },
  { name: 'heavy tails', what: "Student's t with 3 degrees of freedom", independent: true, source: (random) => () => normal(random) / Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3) / 1.3 },
  { name: 'outliers', what: 'normal, 5 % of the runs 8 to 12 sigmas higher (cold runs)', independent: true, source: (random) => () => normal(random) + (random() < 0.05 ? 8 + 4 * random() : 0) },
  { name: 'quantised', what: 'normal, in ticks of one sigma (coarse timer)', independent: true, source: (random) => () => Math.round(normal(random)) },
  { name: 'bimodal', what: 'two levels 3 sigmas of each apart, 30 % at the upper one (two clock settings)', independent: true, source: (random) => () => 0.7 * normal(random) + (random() < 0.3 ? 2.1 : 0) },
  { name: 'memory 0.3', what: 'autoregression, correlation of neighbours 0.3', independent: false, source: (random) => remembering(random, 0.3) },
  { name: 'memory 0.5', what: 'the same, 0.5', independent: false, source: (random) => remembering(random, 0.5) },
  { name: 'memory 0.7', what: 'the same, 0.7', independent: false, source: (random) => remembering(random, 0.7) },
  { name: 'temperature', what: 'slow autoregression (0.9) of 0.6 sigma and normal noise of 0.8 sigma', independent: false, source: (random) => { const slow = remembering(random, 0.9); return () => 0.6 * slow() + 0.8 * normal(random); } },
  { name: 'drift', what: 'normal, and 3 sigmas upwards in 100 nights', independent: false, source: (random) => { let night = 0; return () => normal(random) + 0.03 * night++; } },
  { name: 'sticky modes', what: 'two levels 3 sigmas apart that change about every 10 nights', independent: false, source: (random) => { let upper = false; return () => { if (random() < 0.1) upper = !upper; return 0.7 * normal(random) + (upper ? 2.1 : 0); }; } },
];

/** @param steps where and by how many sigmas the level changes; 1 % of the figure is one sigma. */
export function syntheticSeries(kind: NoiseKind, length: number, steps: readonly { readonly at: number; readonly sigmas: number }[], random: Random): number[] {
  const noise = kind.source(random);
  return Array.from({ length }, (_, night) => 1000 + 10 * (noise() + steps.reduce((sum, { at, sigmas }) => sum + (night >= at ? sigmas : 0), 0)));
}
