import type { Model } from '../model/graph.ts';
import type { MetricAgainst, MetricKind } from '../diff/metrics.ts';
import type { Tolerance } from '../diff/tolerance.ts';
import type { Labels, MlperfBenchmark } from '../suite/index.ts';

/** One sequence of samples, validated and quantised: nothing about it can fail any more. */
export interface PlannedSequence {
  readonly name: string;
  readonly samples: number;
  /** Raw input codes, samples * inputBytes: all inputs of a sample one after the other, in graph order. */
  readonly codes: Uint8Array;
  /** Values of the first output that the plant or data set gives, samples * output elements; null where there is none. */
  readonly truth: Float64Array | null;
  /** Classes of the files that the samples are from; absent: not known. */
  readonly labels?: Labels | undefined;
  /** Checks the reference against an independent oracle after each sample; null where there is none. */
  readonly oracle: OracleCheck | null;
  /** State is reset before each sample, not only before the first. */
  readonly resetEach: boolean;
}

/** Compares the runner's tensors of one sample with an oracle's. Returns the bytes compared. */
export interface OracleCheck {
  (sample: number, tensors: readonly ArrayBufferView[]): number;
  readonly source: OracleSource;
}

/** The files of an oracle, to make the same check again. */
export interface OracleSource {
  /** Name of the JSON file, as given. */
  readonly given: string;
  readonly json: unknown;
  readonly values: Uint8Array;
}

export interface PlannedMetric {
  readonly name: string;
  readonly kind: MetricKind;
  readonly against: MetricAgainst;
  /** Position among the model's outputs. */
  readonly output: number;
  readonly unit: string;
  readonly max: number | null;
  readonly min: number | null;
}

/** A tolerance, and where it applies: a layer, and an output of the model, has one at the most. */
export interface PlannedTolerance extends Tolerance {
  /** For people: "layer conv*", "operator SOFTMAX", "all layers". Untrusted text. */
  readonly scope: string;
  /** Indices in the manifest. */
  readonly layers: readonly number[];
  /** Positions among the model's outputs. */
  readonly outputs: readonly number[];
  readonly reason: string;
}

export interface Budgets {
  readonly latency?: { readonly max: number; readonly unit: string };
  readonly flashBytes?: number;
  readonly ramBytes?: number;
  readonly stackBytes?: number;
}

export type GeneratorChoice = { readonly kind: 'builtin' } | { readonly kind: 'c'; readonly dir: string };

/** A case after validation, before it meets a device. */
export interface PlannedCase {
  readonly name: string;
  readonly model: Model;
  /** Path for people, as given. */
  readonly modelFile: string;
  readonly generator: GeneratorChoice;
  readonly profile: string;
  /** [] = bit-exact. */
  readonly tolerances: readonly PlannedTolerance[];
  /** Samples for the checks that equal inputs give equal bytes (0: none); absent: the usual few. */
  readonly determinism?: { readonly samples: number } | undefined;
  /** 'metrics': what differs is reported, and only metrics decide. */
  readonly judge: 'values' | 'metrics';
  readonly sequences: readonly PlannedSequence[];
  readonly metrics: readonly PlannedMetric[];
  /** 'reconstruction': labels are compared with the mean squared error between input and first output. Absent: with the output. */
  readonly score?: 'reconstruction' | undefined;
  /** What MLPerf Tiny's results need is measured too; absent: not asked for. */
  readonly mlperf?: { readonly benchmark: MlperfBenchmark; /** Timed windows, each of another input. */ readonly windows: number; /** Least length of a window, s. */ readonly seconds: number } | undefined;
  readonly budgets: Budgets;
  /** Time between samples in s for plots; 1 where the suite does not say. */
  readonly stepSeconds: number;
  /** Set where the case is quarantined: it is not run and reported as skipped. */
  readonly skipReason: string | null;
  /** Ids of the devices that the case is meant for; null: all. */
  readonly devices: readonly string[] | null;
}
