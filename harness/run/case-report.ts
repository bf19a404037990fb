import type { DeviceSpec } from '../device/index.ts';
import type { HilError } from '../errors.ts';
import type { Graph } from '../model/graph.ts';
import { costOfOperators, energyOf, latencySummary, layerCosts, modelEnergy, sumCosts, type LayerLatencies, type OperatorCost } from '../measure/index.ts';
import { caseVerdict, sharedImageNote, type CaseReport, type Latency, type LayerReport, type OutputReport, type Plot, type TensorReport } from '../report/index.ts';
import type { ManifestLayer, NetworkManifest } from '../runtimes/manifest.ts';
import type { TensorTally } from '../diff/tensor-tally.ts';
import type { CaseTally } from './case-tally.ts';
import type { PlannedCase } from './planned-case.ts';
import { judgeNote, judgeTolerances, toleranceNotes, type Judgement } from './judge-tolerances.ts';
import { truthOf } from './label-tally.ts';
import { layerSources } from './layer-sources.ts';
import { mainGraph } from './main-graph.ts';
import { metricReports } from './metric-reports.ts';
import { mlperfReport } from './mlperf-report.ts';
import type { CaseFacts } from './case-context.ts';

/** Puts together what is known of a case, however far it came, and decides its verdict. */
export function caseReport(plan: PlannedCase, spec: DeviceSpec, facts: CaseFacts, durationMs: number): CaseReport {
  const graph = mainGraph(plan.model);
  const manifest = facts.pack?.manifest ?? null;
  const costs = costOfOperators(graph);
  const times = facts.timing === null || facts.timing.layers === null ? null : layerCosts(facts.timing.layers, facts.timing.totalTicks, spec.latency);
  // Before the first batch is through nothing is known of any layer, not even whether it is executed.
  const tally = facts.tally === null || facts.tally.samples === 0 ? null : facts.tally;
  const judged = manifest === null || tally === null ? null : judgeTolerances(plan, manifest, tally);
  const layers = manifest === null || tally === null || judged === null ? [] : layerReports(manifest, graph, tally, judged, facts.diagnoses, spec, costs, times);
  const { energy, reason: energyReason } = modelEnergy(costs, spec.energy);
  const latency = facts.timing === null || times === null ? null : latencyOf(facts.timing.totalTicks, times, spec);
  const memory = facts.image === null || manifest === null ? null : {
    flashBytes: facts.image.memory.flashBytes, ramBytes: facts.image.memory.ramBytes,
    // Of an image of several networks nobody can say whose the code is.
    networkFlashBytes: facts.networksInImage > 1 ? null : facts.image.memory.networkFlashBytes, networkRamBytes: facts.networksInImage > 1 ? null : facts.image.memory.networkRamBytes, arenaBytes: manifest.memory.arenaBytes, stackBytes: facts.timing?.stackBytes ?? null,
    stackBoundBytes: facts.image.memory.stackBounds[manifest.name]?.bytes ?? null,
  };
  const stats = facts.link;
  const mlperf = mlperfReport(plan, facts.tally?.labels, facts.windows);
  const draft = {
    name: plan.name, device: spec.id, durationMs: Math.round(durationMs), reasons: [...whatToDo(facts.ended), ...facts.nondeterministic, ...facts.notes, ...stackNote(memory), ...(facts.networksInImage > 1 ? [sharedImageNote(facts.networksInImage)] : []), ...(tally === null || manifest === null ? [] : [...judgeNote(plan), ...toleranceNotes(judged?.reports ?? [], facts.ended === null), ...otherUnitNote(plan, spec), ...tally.doubts, ...notShown(graph, manifest)])],
    model: { file: plan.modelFile, sha256: plan.model.sha256 },
    generator: manifest === null ? null : manifest.generator,
    image: facts.image === null ? null : { sha256: facts.image.sha256, buildId: facts.image.buildId, compiler: facts.image.compiler, flags: facts.image.flags, cached: facts.image.cached },
    profile: plan.profile, samples: facts.tally?.samples ?? 0,
    sequences: plan.sequences.map(({ name, samples }) => ({ name, samples })),
    layers,
    outputs: tally === null || manifest === null || judged === null ? [] : outputReports(plan, manifest, tally, judged),
    ...(plan.judge === 'metrics' ? { judge: plan.judge } : {}), ...(mlperf === null ? {} : { mlperf }), tolerances: judged?.reports ?? [], determinism: facts.determinism,
    latency, latencyReason: latency !== null ? '' : facts.timing === null ? 'the case ended before' : 'cases that share an image are not timed',
    counters: [], memory, energy: layers.length === 0 ? null : energy, energyReason: layers.length === 0 && energy !== null ? 'the case ended before it was run' : energyReason,
    link: stats === null ? null : { bytesToDevice: stats.bytesToDevice, bytesFromDevice: stats.bytesFromDevice, resent: stats.resent, damaged: stats.damaged + stats.damagedOnDevice, seconds: stats.seconds + stats.runSeconds },
    fault: facts.fault, log: facts.log,
    npu: { used: false, operators: 0, of: graph.operators.length },
    plots: facts.tally === null ? [] : plots(plan, graph, facts.tally),
    endCode: facts.ended?.code ?? null,
  };
  const nondeterministic = nondeterminism(facts);
  return caseVerdict(draft, {
    ended: facts.ended, metrics: plan.metrics.map((metric) => metric.name), skipReason: plan.skipReason,
    broken: [...brokenBudgets(plan, draft),
      // Where the tapped path is wrong already, that says more.
      ...(facts.timing?.outputsAsTapped === false && nondeterministic.length === 0 && (plan.judge === 'metrics' || layers.every((layer) => layer.mismatched === 0)) ? ['without taps, as it would ship, the network gives other outputs than with them: same inputs, same start'] : []),
      ...nondeterministic,
      ...(facts.nondeterministic.length > 0 ? ['the network is nondeterministic: equal inputs and state gave different results'] : [])],
  });
}

/** One reason a check that found a difference, with the layer where it starts. */
function nondeterminism({ determinism }: CaseFacts): string[] {
  return determinism.filter(({ result }) => result === 'differs').map(({ check, layer, note }) =>
    `nondeterministic (${check})${layer === null ? '' : `, from layer ${layer.index} ${layer.op} on`}: ${note}`);
}

/** How to mend what is not the code's fault. */
function whatToDo(ended: HilError | null): string[] {
  return ended?.hint === undefined || ended.kind === 'target' || ended.kind === 'cancelled' ? [] : [`what to do: ${ended.hint}`];
}

/** Figures of another unit are not comparable: a budget in instructions says nothing about a board that counts cycles. */
function otherUnitNote({ budgets }: PlannedCase, spec: DeviceSpec): string[] {
  const { latency } = budgets;
  return latency === undefined || latency.unit === spec.latency.unit ? [] : [`budget latency ${latency.max} ${latency.unit} not checked: ${spec.id} measures ${spec.latency.unit}`];
}

/** What the agent's own frames and one interrupt can add to the network's stack, bytes. */
const BESIDE_NETWORK_BYTES = 256;

/** The bound comes from the compiler, the mark from the device: where they do not fit together, one should know. */
function stackNote(memory: CaseReport['memory']): string[] {
  const { stackBytes = null, stackBoundBytes = null } = memory ?? {};
  if (stackBytes === null || stackBoundBytes === null || stackBytes <= stackBoundBytes + BESIDE_NETWORK_BYTES) return [];
  return [`stack: ${stackBytes} B were used, although the call graph bounds the network's at ${stackBoundBytes} B`];
}

/** Operators and states of the model of which the network shows nothing: what is wrong there is seen in what follows from it only. */
function notShown(graph: Graph, manifest: NetworkManifest): string[] {
  const exposing = manifest.layers.filter((layer) => layer.taps.some((tap) => tap.tensor !== null));
  const covered = new Set(exposing.flatMap((layer) => [...layer.covers]));
  const shown = new Set(exposing.flatMap((layer) => layer.taps.map((tap) => tap.tensor)));
  const operators = graph.operators.filter((operator) => !covered.has(operator.index) && !operator.outputs.some((tensor) => shown.has(tensor)));
  const states = graph.tensors.filter((tensor) => tensor.isVariable && !shown.has(tensor.index));
  return [
    ...(operators.length === 0 ? [] : [`not compared by themselves, no layer shows them: ${operators.map(({ index, name }) => `operator ${index} ${name}`).join(', ')}`]),
    ...(states.length === 0 ? [] : [`state that no layer shows, so it was not compared: ${states.map(({ index }) => `tensor ${index}`).join(', ')}`]),
  ];
}

function layerReports(manifest: NetworkManifest, graph: Graph, tally: CaseTally, judged: Judgement, diagnoses: CaseFacts['diagnoses'], spec: DeviceSpec, costs: readonly OperatorCost[], times: LayerLatencies | null): LayerReport[] {
  let firstTap = 0;
  const sources = layerSources(manifest, graph);
  return manifest.layers.map((layer) => {
    const taps = layer.taps.map((_tap, v) => firstTap + v);
    firstTap += layer.taps.length;
    const tensors = layer.taps.map((tap, v): TensorReport => tensorReport(graph, tap, tally.taps[taps[v] as number] as TensorTally, judged.forgivesLayer(layer.index)));
    const compared = tensors.filter((tensor) => tensor.tensor !== null);
    const ran = layer.taps.length > 0 && taps.every((t) => (tally.shownBytes[t] ?? 0) === 0) ? 'not executed' : 'cpu';
    const own = tally.own.get(layer.index);
    const cost = sumCosts(layer.covers.flatMap((operator) => costs[operator] ?? []));
    const time = times?.layers[layer.index]?.value ?? null;
    return {
      index: layer.index, op: layer.op, name: layer.name, covers: layer.covers, ran,
      compared: compared.reduce((sum, tensor) => sum + tensor.compared, 0), mismatched: compared.reduce((sum, tensor) => sum + tensor.mismatched, 0),
      maxAbsDiff: worst(compared.map((tensor) => tensor.maxAbsDiff)), tensors,
      own: own === undefined || own.samples === 0 ? null : { compared: own.compared, mismatched: own.mismatched, maxAbsDiff: own.maxAbsDiff, samples: own.samples, first: own.first },
      from: sources[layer.index] ?? [],
      diagnosis: diagnoses.get(layer.index)?.diagnosis ?? [], where: diagnoses.get(layer.index)?.where ?? null,
      cost: {
        value: time === null ? null : rounded(time, spec), unit: spec.latency.unit, quality: time === null ? null : spec.latency.quality,
        macs: cost.macs, bytes: cost.weightBytes + cost.readBytes + cost.writtenBytes, energyUj: 'none' in spec.energy || !cost.exact ? null : energyOf(cost, spec.energy),
      },
    };
  });
}

/** Instructions are whole numbers; what the clock's coarser ticks add to them is noise. Means keep a tenth. */
function rounded(value: number, spec: DeviceSpec): number {
  return spec.latency.unit === 'us' ? Math.round(value * 1000) / 1000 : Math.round(value * 10) / 10;
}

function latencyOf(totalTicks: readonly number[], times: LayerLatencies, spec: DeviceSpec): Latency {
  const { median, min, max, n } = latencySummary(totalTicks, spec.latency);
  const whole = (value: number): number => (spec.latency.unit === 'us' ? rounded(value, spec) : Math.round(value));
  return {
    unit: spec.latency.unit, quality: spec.latency.quality, median: whole(median), min: whole(min), max: whole(max), n,
    layersSum: rounded(times.layersSum, spec), layersTotal: rounded(times.layersTotal, spec),
  };
}

function tensorReport(graph: Graph, tap: ManifestLayer['taps'][number], tally: TensorTally, forgive: boolean): TensorReport {
  const { mismatched, histogram, first } = tally.differences(forgive);
  const tensor = tap.tensor === null ? undefined : graph.tensors[tap.tensor];
  return {
    tensor: tap.tensor, name: tensor?.name ?? '', role: tap.role, dtype: tap.dtype, shape: tap.shape, by: tally.byValues ? 'values' : 'digest',
    compared: tally.compared, mismatched, lowerBound: tally.lowerBound,
    maxAbsDiff: mismatched > 0 && !tally.byValues ? null : tally.maxAbsDiff, diffUnit: tap.dtype === 'float32' ? 'abs' : 'lsb',
    histogram, firstMismatch: first,
  };
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length && known.every((value) => value === 0) ? null : known.reduce((most, value) => (value <= most ? most : value), 0);
}

function outputReports(plan: PlannedCase, manifest: NetworkManifest, tally: CaseTally, judged: Judgement): OutputReport[] {
  return manifest.outputs.map((output, o) => {
    const counts = tally.outputs[o] as TensorTally;
    const metrics = metricReports(plan.metrics, o, ({ against }) => (against === 'reference' ? tally.referenceErrors[o] ?? null : o === 0 ? truthOf(plan, tally) : null));
    return { name: output.name, compared: counts.compared, mismatched: counts.differences(judged.forgivesOutput(o)).mismatched, maxAbsDiff: counts.maxAbsDiff, metrics };
  });
}

function brokenBudgets(plan: PlannedCase, draft: Pick<CaseReport, 'latency' | 'memory'>): string[] {
  const { budgets } = plan;
  const broken: string[] = [];
  const check = (name: string, value: number | null | undefined, max: number | undefined, unit: string): void => {
    if (max === undefined) return;
    if (value === null || value === undefined) broken.push(`budget ${name}: not measured, limit ${max} ${unit}`);
    else if (!(value <= max)) broken.push(`budget ${name}: ${value} ${unit}, limit ${max} ${unit}`);
  };
  if (draft.memory === null && draft.latency === null) return broken;
  const { latency } = budgets;
  if (latency !== undefined && draft.latency?.unit === latency.unit) check('latency', draft.latency.median, latency.max, latency.unit);
  check('flash', draft.memory?.flashBytes, budgets.flashBytes, 'B');
  check('RAM', draft.memory?.ramBytes, budgets.ramBytes, 'B');
  check('stack', draft.memory?.stackBytes, budgets.stackBytes, 'B');
  return broken;
}

function plots(plan: PlannedCase, graph: Graph, tally: CaseTally): Plot[] {
  const [output] = graph.outputs.map((index) => graph.tensors[index] as { name: string });
  const unit = plan.metrics.find((metric) => metric.unit !== '')?.unit ?? '';
  return plan.sequences.flatMap((sequence) => {
    const values = tally.series.get(sequence.name);
    if (sequence.truth === null || values === undefined || values.length === 0) return [];
    return [{ title: output?.name ?? 'output', unit, sequence: sequence.name, stepSeconds: plan.stepSeconds,
      series: [{ name: 'truth', values: [...sequence.truth].slice(0, values.length) }, { name: 'device', values }] }];
  });
}
