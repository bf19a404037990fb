import type { DeviceSpec } from '../device/index.ts';
import type { HilError } from '../errors.ts';
import { costOfOperators, latencySummary, modelEnergy } from '../measure/index.ts';
import { caseVerdict, type CaseReport, type Latency } from '../report/index.ts';
import { withinBudget } from '../diff/tolerance.ts';
import { determinismOfDut } from './determinism-pass.ts';
import type { DutReference } from './dut-reference.ts';
import type { DutTally } from './dut-tally.ts';
import { judgeNote, toleranceNotes, toleranceReport } from './judge-tolerances.ts';
import { truthOf } from './label-tally.ts';
import { mainGraph } from './main-graph.ts';
import { metricReports } from './metric-reports.ts';
import { mlperfReport } from './mlperf-report.ts';
import type { Windows } from './mlperf-windows.ts';
import type { PlannedCase, PlannedTolerance } from './planned-case.ts';

/** Everything that is known of a case on a stock firmware so far, whenever it ends. */
export interface DutFacts {
  /** What it says of itself. Untrusted text. */
  firmware: string | null;
  output: DutReference | null;
  tally: DutTally | null;
  /** Of `infer 1 0`, with the printing of a time stamp in them. */
  readonly singleUs: number[];
  /** Mean over the inferences of a window. */
  readonly windowsUs: number[];
  /** Inferences in a window. */
  iterations: number;
  /** For MLPerf Tiny's results; null where they were not asked for, or it did not come to them. */
  windows: Windows | null;
  /** Equal input, other results. */
  unsteady: boolean;
  resent: number;
  link: { readonly bytesToDevice: number; readonly bytesFromDevice: number; readonly strayLines: number; readonly seconds: number } | null;
  ended: HilError | null;
  readonly notes: string[];
  readonly log: string[];
  /** Of performance.now(), for the link's seconds. */
  readonly openedAt: number;
}

export const newDutFacts = (): DutFacts => ({
  firmware: null, output: null, tally: null, singleUs: [], windowsUs: [], iterations: 0, windows: null, unsteady: false, resent: 0, link: null, ended: null, notes: [], log: [], openedAt: performance.now(),
});

/** Puts together what is known of a case, however far it came, and decides its verdict. */
export function dutReport(plan: PlannedCase, spec: DeviceSpec, facts: DutFacts, durationMs: number): CaseReport {
  const graph = mainGraph(plan.model);
  const latency = latencyOf(facts, spec);
  const { energy, reason } = modelEnergy(costOfOperators(graph), spec.energy);
  const compared = facts.tally !== null && facts.tally.samples > 0;
  const untimed = facts.ended !== null || !compared ? 'the case ended before' : 'the firmware prints no time stamps: it is built for energy mode';
  const mlperf = mlperfReport(plan, facts.tally?.labels, facts.windows ?? { windows: [], reason: untimed });
  const draft = {
    name: plan.name, device: spec.id, durationMs: Math.round(durationMs), reasons: notes(plan, facts, compared),
    model: { file: plan.modelFile, sha256: plan.model.sha256 }, generator: null, image: null, profile: plan.profile, samples: facts.tally?.samples ?? 0,
    sequences: plan.sequences.map(({ name, samples }) => ({ name, samples })), layers: [], scope: 'outputs' as const, outputs: outputs(plan, facts), ...(plan.judge === 'metrics' ? { judge: plan.judge } : {}), ...(mlperf === null ? {} : { mlperf }), tolerances: tolerances(plan, facts), determinism: determinismOfDut(),
    latency, latencyReason: latency === null ? untimed : '',
    counters: [], memory: null, energy: compared ? energy : null, energyReason: compared ? reason : 'the case ended before it was run',
    link: facts.link === null ? null : { bytesToDevice: facts.link.bytesToDevice, bytesFromDevice: facts.link.bytesFromDevice, resent: facts.resent, damaged: 0, seconds: facts.link.seconds },
    fault: null, log: facts.log, npu: { used: false, operators: 0, of: graph.operators.length }, plots: [],
    endCode: facts.ended?.code ?? null,
  };
  return caseVerdict(draft, {
    ended: facts.ended, metrics: plan.metrics.map((metric) => metric.name), skipReason: plan.skipReason,
    broken: [...(plan.judge === 'metrics' ? [] : firstWrong(plan, facts)), ...overBudget(plan, latency), ...(facts.unsteady ? ['the firmware is nondeterministic: the same input gave other results when it was inferred again'] : [])],
  });
}

function notes(plan: PlannedCase, facts: DutFacts, compared: boolean): string[] {
  const { ended, tally } = facts;
  const hint = ended?.hint === undefined || ended.hint === '' || ended.kind === 'target' || ended.kind === 'cancelled' ? [] : [`what to do: ${ended.hint}`];
  if (!compared || tally === null) return [...hint, ...facts.notes];
  const digits = Math.max(0, Math.round(-Math.log10(tally.step)));
  const unseen = (['flashBytes', 'ramBytes', 'stackBytes'] as const).filter((name) => plan.budgets[name] !== undefined);
  return [
    ...hint, `whole-model check: the firmware shows no layers; ${digits} decimals`, `not flashed: the board runs its own firmware (${facts.firmware ?? 'unknown'})`,
    ...(facts.output?.form === 'reconstruction' ? ['the firmware gives one number a sample, the mean squared error of its reconstruction: errors that cancel out in it are not seen'] : tally.tellsSteps ? [] : ['the digits are too coarse to tell single steps of the output\'s codes apart']),
    ...(facts.iterations > 0 ? [`latency as MLPerf Tiny counts it: ${facts.windowsUs.length} windows of ${facts.iterations} inferences`] : []),
    ...(unseen.length > 0 ? [`budgets not checked, the firmware says nothing of them: ${unseen.join(', ')}`] : []),
    ...(facts.link !== null && facts.link.strayLines > 0 ? [`${facts.link.strayLines} lines were no message of the protocol: see the log`] : []),
    ...judgeNote(plan), ...toleranceNotes(tolerances(plan, facts), ended === null), ...facts.notes,
  ];
}

function outputs(plan: PlannedCase, { tally, output }: DutFacts): CaseReport['outputs'] {
  if (tally === null || output === null || tally.samples === 0) return [];
  const metrics = metricReports(plan.metrics, 0, ({ against }) => {
    const errors = against === 'reference' ? tally.referenceErrors : truthOf(plan, tally);
    return 'count' in errors && errors.count === 0 ? null : errors;
  });
  const name = output.form === 'reconstruction' ? `mean squared error of ${output.output.name}` : output.output.name;
  return [{ name, compared: tally.compared, mismatched: tally.mismatched + (forgives(plan, tally) ? 0 : tally.forgiven), maxAbsDiff: tally.maxAbsDiff, metrics }];
}

/** The tolerance of the layer that computes the only output. */
export function outputTolerance(plan: PlannedCase): PlannedTolerance | null {
  return plan.tolerances.find(({ outputs: of }) => of.includes(0)) ?? null;
}

function forgives(plan: PlannedCase, tally: DutTally): boolean {
  const tolerance = outputTolerance(plan);
  return tolerance === null || withinBudget(tolerance, tally.forgiven, tally.compared);
}

/** Of layers that cannot be seen nothing can be said, of those that are forgiven neither. */
function tolerances(plan: PlannedCase, { tally }: DutFacts): CaseReport['tolerances'] {
  const tolerance = outputTolerance(plan);
  return tally === null || tally.samples === 0 || tolerance === null ? [] : [toleranceReport(tolerance, [tally], [tally])];
}

function firstWrong(plan: PlannedCase, { tally }: DutFacts): string[] {
  const first = tally === null ? null : tally.first ?? (forgives(plan, tally) ? null : tally.firstForgiven);
  if (first === null) return [];
  return [`the firmware printed ${first.got} where the reference gives ${Number(first.expected.toPrecision(6))}: sequence ${first.sequence}, step ${first.step}, result ${first.element}`];
}

function latencyOf({ windowsUs }: DutFacts, spec: DeviceSpec): Latency | null {
  if (windowsUs.length === 0) return null;
  const { quality } = spec.latency;
  const summary = latencySummary(windowsUs, { unit: 'us', quality, numerator: 1, denominator: 1 });
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return { unit: 'us', quality, median: rounded(summary.median), min: rounded(summary.min), max: rounded(summary.max), n: summary.n, layersSum: null, layersTotal: null };
}

function overBudget({ budgets }: PlannedCase, latency: Latency | null): string[] {
  const limit = budgets.latency;
  if (limit === undefined || limit.unit !== 'us') return [];
  if (latency === null) return [`budget latency: not measured, limit ${limit.max} us`];
  return latency.median <= limit.max ? [] : [`budget latency: ${latency.median} us, limit ${limit.max} us`];
}
