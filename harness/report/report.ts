/**
 * report.json, schema "hil-report/1". The JSON Schema beside this file (report.schema.json) is what is published, and
 * the tests hold the two together. Numbers a target may have spoilt (expected, got, maxAbsDiff, metric values, plot
 * values) may be NaN or infinite here; in the file they are the strings "NaN", "Infinity", "-Infinity" (see json.ts).
 * Every string that came from a model, suite or device is untrusted and NOT escaped: each writer escapes for its language.
 */
export type Verdict = 'pass' | 'fail' | 'build-error' | 'bench-error' | 'skipped' | 'interrupted';
export type Quality = 'modelled' | 'approximate' | 'hardware' | 'measured';

export interface Report {
  readonly schema: 'hil-report/1';
  readonly verdict: Verdict;
  readonly run: RunFacts;
  readonly devices: readonly ReportDevice[];
  readonly suite: { readonly name: string; readonly description: string; readonly file: string | null };
  readonly cases: readonly CaseReport[];
}
export interface RunFacts {
  readonly id: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly phases: readonly { readonly name: string; readonly durationMs: number }[];
  readonly hilVersion: string;
  readonly command: readonly string[];
  readonly hostFingerprint: { readonly os: string; readonly arch: string; readonly cpu: string; readonly node: string; readonly tools: Readonly<Record<string, string>> };
  /** Devices that were asked for by a property, not by name, and are not here. Absent: none. */
  readonly leftOut?: readonly { readonly device: string; readonly why: string }[];
  /** What was tested and for whom, as far as git and the CI system tell. Absent: neither does. */
  readonly source?: RunSource;
}
/** All of it untrusted text: whoever opens a pull request chooses its branch and its title. */
export interface RunSource {
  /** Full commit id of the suite's repository; null where it is in none. */
  readonly commit: string | null;
  /** ISO 8601, of the commit. */
  readonly committedAt: string | null;
  /** First line of the commit's message, at most 200 characters. */
  readonly subject: string | null;
  readonly branch: string | null;
  /** True where files differ from the commit; figures of such a run belong to no commit. */
  readonly dirty: boolean;
  /** Number of the pull request that it was run for. */
  readonly pullRequest: number | null;
  /** Where the CI system shows the job. */
  readonly jobUrl: string | null;
  /** Name of the computer that the devices hang on: HIL_BENCH, else its host name. */
  readonly bench: string;
}
export interface ReportDevice {
  readonly id: string; readonly kind: 'host' | 'qemu' | 'fvp' | 'serial'; readonly core: string; readonly clockHz: number; readonly simulated: boolean;
}
export interface CaseReport {
  readonly name: string;
  readonly device: string;
  readonly verdict: Verdict;
  /** Wall time of this case on its device, build included. */
  readonly durationMs: number;
  /** Why it is not a pass (or notes on a pass), most important first. */
  readonly reasons: readonly string[];
  readonly model: { readonly file: string; readonly sha256: string } | null;
  readonly generator: { readonly name: string; readonly version: string } | null;
  readonly image: { readonly sha256: string; readonly buildId: string; readonly compiler: string; readonly flags: readonly string[]; readonly cached: boolean } | null;
  readonly profile: string;
  /** Invocations compared, all sequences together. */
  readonly samples: number;
  readonly sequences: readonly { readonly name: string; readonly samples: number }[];
  readonly layers: readonly LayerReport[];
  /** 'outputs': the device shows what the model gives and no layer (a stock firmware), so `layers` is empty by nature. Absent: layer by layer. */
  readonly scope?: 'outputs';
  readonly outputs: readonly OutputReport[];
  /** 'metrics': what differs from the reference decides nothing, the limits of metrics do. Absent: values decide. */
  readonly judge?: 'metrics';
  /** What the suite forgives, and whether it is still needed. */
  readonly tolerances: readonly ToleranceReport[];
  /** Runs that must give the same bytes; [] where none was made. */
  readonly determinism: readonly DeterminismReport[];
  readonly latency: Latency | null;
  readonly latencyReason: string;
  readonly counters: readonly { readonly name: string; readonly value: number; readonly unit: string; readonly quality: Quality }[];
  /** Of the whole image; the network's share as the linker's map tells it (null: it does not). The sample pool is in neither. */
  readonly memory: { readonly flashBytes: number; readonly ramBytes: number; readonly networkFlashBytes: number | null; readonly networkRamBytes: number | null; readonly arenaBytes: number; readonly stackBytes: number | null; readonly stackBoundBytes: number | null } | null;
  readonly energy: { readonly value: number; readonly unit: string; readonly quality: 'modelled' | 'measured'; readonly source: string } | null;
  readonly energyReason: string;
  readonly link: { readonly bytesToDevice: number; readonly bytesFromDevice: number; readonly resent: number; readonly damaged: number; readonly seconds: number } | null;
  /** Decoded fault or hang of the target, if any. */
  readonly fault: FaultReport | null;
  /** Text lines the target printed between frames, untrusted, bounded. */
  readonly log: readonly string[];
  readonly npu: { readonly used: boolean; readonly operators: number; readonly of: number };
  /** Series to draw: device output against truth. */
  readonly plots: readonly Plot[];
  /** Code of the error that ended it, e.g. 'link.no-hello'; null or absent: it ran to its end. */
  readonly endCode?: string | null;
  /** Attempts before this one, which ended in bench errors and were repeated by the run's policy. Absent: none. */
  readonly attempts?: readonly AttemptReport[];
  /** Absent: not asked for. */
  readonly mlperf?: MlperfReport;
}
/** What MLPerf Tiny's results are made of. */
export interface MlperfReport {
  /** kws, ic, ic2, ad, vww. */
  readonly benchmark: string;
  /** Each of another input; [] where none was timed. */
  readonly windows: readonly MlperfWindow[];
  /** Why there are none; ''. */
  readonly windowsReason: string;
  /** Of the labelled data set; [] where there are no labels. */
  readonly files: readonly { readonly name: string; readonly label: number; /** That were averaged. */ readonly samples: number; readonly scores: readonly number[] }[];
  /** Files whose greatest score is that of their label; null where there is only one score. */
  readonly correct: number | null;
  /** NaN where it is not defined, null where there are no labels. */
  readonly auc: number | null;
}
export interface MlperfWindow {
  readonly sequence: string; readonly step: number;
  /** Of the data set; null where there are no labels. */
  readonly file: string | null; readonly label: number | null;
  readonly inferences: number; readonly warmUps: number;
  /** All inferences together, as the device counts. */
  readonly elapsedUs: number;
  readonly results: readonly number[];
}
export interface AttemptReport {
  readonly verdict: Verdict; readonly code: string; readonly reason: string;
  readonly startedAt: string; readonly durationMs: number;
}
export interface LayerReport {
  readonly index: number; readonly op: string; readonly name: string; readonly covers: readonly number[];
  readonly ran: 'cpu' | 'npu' | 'not executed';
  /** Elements; mismatched are those outside the case's tolerance (any difference at all where it must be bit-exact). */
  readonly compared: number; readonly mismatched: number; readonly maxAbsDiff: number | null;
  readonly tensors: readonly TensorReport[];
  /** Where the layer differs from the reference given the inputs and state that the device had: its own error, not what it inherited. null: not measured. */
  readonly own: OwnReport | null;
  /** Layers that compute what this one reads; -1 is an input of the model. */
  readonly from: readonly number[];
  /** Causes that reproduce the device's values, best first; [] with own error: unexplained. */
  readonly diagnosis: readonly DiagnosisReport[];
  /** Where it is wrong by itself; null where it is not, or that is not known. */
  readonly where: WhereReport | null;
  readonly cost: { readonly value: number | null; readonly unit: string; readonly quality: Quality | null; readonly macs: number; /** Read and written: weights, inputs, outputs. */ readonly bytes: number; readonly energyUj: number | null };
}
export interface OwnReport {
  /** Elements looked at: those of the samples in which the device's inputs and outputs of the layer are known. */
  readonly compared: number; readonly mismatched: number; readonly maxAbsDiff: number;
  /** Of all samples, those that could be judged. Fewer than the case has: time was up, or values could not be fetched. */
  readonly samples: number;
  /** Where it is first wrong by itself: for a layer with state, the step at which the state goes wrong. */
  readonly first: Mismatch | null;
}
/** See harness/diff/explain.ts. */
export interface DiagnosisReport {
  readonly cause: string; readonly text: string;
  readonly wrong: number; readonly explained: number; readonly contradicted: number; readonly samples: number;
  /** The same rank: the data cannot tell them apart. */
  readonly rank: number;
}
/** See harness/diff/where/where.ts. */
export interface WhereReport {
  readonly tensor: number; readonly shape: readonly number[]; readonly samples: number; readonly wrong: number;
  readonly pattern: readonly string[];
  readonly histogram: Readonly<Record<string, number>>;
  readonly first: WhereElementReport; readonly worst: WhereElementReport;
  readonly map: {
    readonly rows: number; readonly columns: number; readonly channels: number; readonly binned: readonly [number, number, number];
    readonly plane: readonly (readonly number[])[]; readonly perChannel: readonly number[];
  };
  readonly atTies: number | null;
  /** Both tensors in the sample with the worst element, base64 of little-endian elements; null where they are too large to carry. */
  readonly values: { readonly sequence: string; readonly sample: number; readonly step: number; readonly dtype: string; readonly expected: string; readonly got: string } | null;
}
export interface WhereElementReport extends Mismatch { readonly accumulator: number | null }
export interface Mismatch {
  readonly sequence: string; readonly sample: number; readonly step: number; readonly index: readonly number[]; readonly expected: number; readonly got: number;
}
export interface TensorReport {
  readonly tensor: number | null; readonly name: string; readonly role: 'output' | 'state'; readonly dtype: string; readonly shape: readonly number[];
  readonly by: 'digest' | 'values';
  readonly compared: number;
  /** Exact count where values were fetched; where only digests could be had, a lower bound (lowerBound true). */
  readonly mismatched: number;
  readonly lowerBound: boolean;
  readonly maxAbsDiff: number | null;
  readonly diffUnit: 'lsb' | 'ulp' | 'abs';
  /** got - expected in diffUnit -> count, mismatches only; at most 64 bins, the rest under "other". */
  readonly histogram: Readonly<Record<string, number>>;
  /** sample: 0-based over the case; step: 0-based within the sequence; index: NHWC coordinates. */
  readonly firstMismatch: Mismatch | null;
}
export interface OutputReport {
  readonly name: string; readonly compared: number; readonly mismatched: number; readonly maxAbsDiff: number | null;
  /** max: greatest value that passes, min: least one, where more is better; absent or null: no such limit. against: absent means truth. */
  readonly metrics: readonly { readonly name: string; readonly kind: string; readonly against?: 'truth' | 'reference'; readonly value: number; readonly unit: string; readonly max: number | null; readonly min?: number | null; readonly passed: boolean }[];
}
export interface ToleranceReport {
  /** As the suite writes it: "layer conv*", "operator SOFTMAX", "all layers". */
  readonly scope: string;
  /** Layers that it applies to. */
  readonly layers: readonly number[];
  /** Largest |got - expected| that is forgiven; null: any. */
  readonly lsb: number | null;
  /** Largest number of elements, or share of them (0..1), that it forgives; null: any number. */
  readonly budget: { readonly elements: number } | { readonly share: number } | null;
  readonly reason: string;
  /** What it forgave: elements that differ, and the largest difference. */
  readonly used: { readonly elements: number; readonly compared: number; readonly maxAbsDiff: number };
  /** False: nothing differs any more where it applies; it can go. */
  readonly needed: boolean;
  /** Whether what differs is within it. */
  readonly kept: boolean;
}
export interface DeterminismReport {
  readonly check: 'same sample twice' | 'another order' | 'other bytes in memory';
  readonly samples: number;
  readonly result: 'same' | 'differs' | 'not possible';
  /** Where it starts to differ; null where it does not, or only the outputs tell. */
  readonly layer: { readonly index: number; readonly op: string; readonly name: string } | null;
  /** Why it was not possible, or what differed; ''. */
  readonly note: string;
}
export interface Latency {
  readonly unit: 'instructions' | 'cycles' | 'us'; readonly quality: Quality;
  readonly median: number; readonly min: number; readonly max: number; readonly n: number;
  /** Sum of the layers' medians/means against the total of the same samples, same unit. */
  readonly layersSum: number | null; readonly layersTotal: number | null;
}
export interface FaultReport {
  /** assert: assert() failed; exit: abort() or exit() was called; reset: it reset the core; crash: only its text told of its death. */
  readonly kind: 'fault' | 'hang' | 'lockup' | 'assert' | 'exit' | 'reset' | 'crash'; readonly text: string;
  readonly registers: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  readonly pc: { readonly address: string; readonly function: string | null; readonly file: string | null; readonly line: number | null } | null;
  /** The call that led into the function of `pc`, where the link register still told. */
  readonly caller?: FaultReport['pc'];
  readonly layer: { readonly index: number; readonly op: string; readonly name: string } | null;
  readonly sequence: string | null; readonly sample: number | null; readonly step: number | null;
}
/** series[0] is the truth (plant or reference); the others are drawn against it and their error is series[i] - series[0]. */
export interface Plot {
  readonly title: string; readonly unit: string; readonly sequence: string; readonly stepSeconds: number;
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}
