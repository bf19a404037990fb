/** A suite, checked and with its paths resolved: what harness/run works from. All names are untrusted text. */

/** A file that a suite names. */
export interface SuiteFile {
  /** As written in suite.json, for people. */
  readonly given: string;
  /** Absolute, symbolic links resolved, inside the suite's folder. */
  readonly path: string;
}

export interface Suite {
  readonly name: string;
  readonly description: string;
  /** Absolute path of suite.json. */
  readonly file: string;
  /** The suite's folder, absolute, symbolic links resolved. */
  readonly root: string;
  /** So many cases share an image. */
  readonly pack: number;
  readonly cases: readonly SuiteCase[];
}

export interface SuiteCase {
  readonly name: string;
  /** The name made fit for a file name, unique in the suite. */
  readonly slug: string;
  readonly model: {
    /** File or URL as written, for people. */
    readonly given: string;
    readonly sha256: string;
    /** Its SHA-256 is right. */
    readonly bytes: Uint8Array;
  };
  readonly generator: { readonly kind: 'builtin' } | { readonly kind: 'c'; readonly dir: string };
  /** Rounding profile of the reference. */
  readonly profile: string;
  /** What may differ from the reference, the first that matches a layer holds for it; [] is bit-exact. */
  readonly tolerances: readonly SuiteTolerance[];
  /** 'metrics': what differs is reported, and only the metrics' limits decide. */
  readonly judge: 'values' | 'metrics';
  /** Samples that are run again to see the same bytes; absent: the usual few. */
  readonly determinism?: { readonly samples: number } | undefined;
  readonly sequences: readonly SuiteSequence[];
  readonly metrics: readonly SuiteMetric[];
  /** What labels are compared with. */
  readonly score: 'output' | 'reconstruction';
  /** Which MLPerf Tiny benchmark it is; null: what the model is known as, if it is one of the reference models. */
  readonly mlperf: MlperfBenchmark | null;
  readonly budgets: SuiteBudgets;
  readonly sampleRateHz: number | null;
  /** Ids of the devices it is meant for; null: all. */
  readonly devices: readonly string[] | null;
  readonly quarantine: Quarantine | null;
}

export interface SuiteSequence {
  readonly name: string;
  /** Unique in the case. */
  readonly slug: string;
  /** One without a tensor name where the model has one input; else one for each input; none where the samples are random or stand in the suite. */
  readonly inputs: readonly { readonly tensor: string | null; readonly file: SuiteFile }[];
  /** Seeded samples instead of input files. */
  readonly random: RandomSamples | null;
  /** Codes of all inputs, sample after sample, instead of input files. */
  readonly codes: Uint8Array | null;
  readonly truth: SuiteFile | null;
  /** Classes of the files that the samples are from, instead of truth. */
  readonly labels: SuiteFile | null;
  readonly oracle: SuiteFile | null;
  readonly resetEach: boolean;
}

/** The same seed, the same samples. */
export interface RandomSamples {
  readonly samples: number;
  readonly seed: string;
}

export interface SuiteTolerance {
  /** Index or glob of layer names; null: any. */
  readonly layers: string | null;
  /** Glob of operators; null: any. */
  readonly operator: string | null;
  readonly lsb: number | null;
  readonly budget: { readonly elements: number } | { readonly share: number } | null;
  readonly reason: string;
}

export interface SuiteMetric {
  readonly name: string;
  readonly kind: 'top-1' | 'auc' | 'rmse' | 'mae' | 'max-abs' | 'cosine' | 'nse' | 'l2r';
  readonly against: 'truth' | 'reference';
  readonly unit: string;
  /** Name of the output tensor; null: the first. */
  readonly output: string | null;
  readonly max: number | null;
  /** Of kinds of which more is better. */
  readonly min: number | null;
}

/** Names of MLPerf Tiny's submission checker. */
export type MlperfBenchmark = 'kws' | 'ic' | 'ic2' | 'ad' | 'vww';

export interface SuiteBudgets {
  readonly latency?: { readonly max: number; readonly unit: 'instructions' | 'cycles' | 'us' };
  readonly flashBytes?: number;
  readonly ramBytes?: number;
  readonly stackBytes?: number;
}

export interface Quarantine {
  readonly reason: string;
  /** YYYY-MM-DD, the last day (UTC). */
  readonly until: string;
}

/** suite.json as the schema leaves it: the fields exist and have the right types, nothing else is known yet. */
export interface SuiteJson {
  readonly name: string;
  readonly description?: string;
  readonly pack?: number;
  readonly cases: readonly CaseJson[];
}

export interface CaseJson {
  readonly name: string;
  readonly model: { readonly file?: string; readonly entry?: string; readonly url?: string; readonly sha256: string };
  readonly generator: 'builtin' | { readonly kind: 'c'; readonly dir: string };
  readonly profile?: string;
  readonly tolerance?: { readonly lsb: number };
  readonly tolerances?: readonly ToleranceJson[];
  readonly judge?: SuiteCase['judge'];
  readonly score?: SuiteCase['score'];
  readonly mlperf?: MlperfBenchmark;
  readonly determinism?: { readonly samples: number };
  readonly sequences: readonly SequenceJson[];
  readonly metrics?: readonly { readonly name: string; readonly kind: SuiteMetric['kind']; readonly against?: SuiteMetric['against']; readonly unit?: string; readonly output?: string; readonly max?: number; readonly min?: number }[];
  readonly budgets?: SuiteBudgets;
  readonly sampleRateHz?: number;
  readonly devices?: readonly string[];
  readonly quarantine?: Quarantine;
}

export interface ToleranceJson {
  readonly layers?: string;
  readonly operator?: string;
  readonly lsb?: number;
  readonly elements?: number;
  readonly share?: number;
  readonly reason: string;
}

export interface SequenceJson {
  readonly name: string;
  readonly input?: string | Readonly<Record<string, string>>;
  readonly random?: RandomSamples;
  readonly codes?: string;
  readonly truth?: string;
  readonly labels?: string;
  readonly oracle?: string;
  readonly resetEach?: boolean;
}

/**
 * The reason why a case is not run today, or null. A quarantine that has run out counts no more: a case cannot stay
 * forgotten in it.
 */
export function quarantineReason(quarantine: Quarantine | null, now: Date): string | null {
  if (quarantine === null || now.toISOString().slice(0, 10) > quarantine.until) return null;
  return `${quarantine.reason} (quarantined until ${quarantine.until})`;
}
