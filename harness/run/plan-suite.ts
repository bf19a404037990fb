import { parseModel } from '../model/index.ts';
import type { Graph, Tensor } from '../model/graph.ts';
import { HilError } from '../errors.ts';
import { prepareReference, quantiseFloats } from '../reference/index.ts';
import { checkNetwork } from '../runtimes/index.ts';
import { loadCodes, loadSequence, loadTruth, parseLabels, quarantineReason, randomSamples, readInputFile, type Suite, type SuiteCase, type SuiteSequence } from '../suite/index.ts';
import { inputTensors, mainGraph } from './main-graph.ts';
import { loadOracle } from './oracle-check.ts';
import { checkLabels } from './plan-labels.ts';
import { planTolerances } from './plan-tolerances.ts';
import type { GeneratorChoice, PlannedCase, PlannedMetric, PlannedSequence } from './planned-case.ts';

export interface PlanOptions {
  /** Take the C from this folder instead of what the suite says. */
  readonly generatorDir: string | null;
  /** Today, for quarantines. */
  readonly now: Date;
}

/**
 * Validates every case of a suite before anything is built: model, operators, inputs, truth, oracle, metrics.
 * @throws HilError 'config' for the first thing that is wrong, naming the case.
 */
export async function planSuite(suite: Suite, options: PlanOptions): Promise<PlannedCase[]> {
  return Promise.all(suite.cases.map(async (one) => {
    try {
      return await planCase(one, options);
    } catch (error) {
      throw error instanceof HilError ? error.inContext({ before: `${suite.name}, case ${one.name}: `, facts: { case: one.name } }) : error;
    }
  }));
}

async function planCase(one: SuiteCase, options: PlanOptions): Promise<PlannedCase> {
  const model = parseModel(one.model.bytes);
  const graph = mainGraph(model);
  // Building the runner checks every operator; it is cheap beside running it.
  prepareReference(model, one.profile);
  const generator: GeneratorChoice = options.generatorDir === null ? one.generator : { kind: 'c', dir: options.generatorDir };
  const manifest = await checkNetwork(generator, { model, modelFile: one.model.given, profile: one.profile });
  const [output] = graph.outputs.map((index) => graph.tensors[index]);
  const sequences = one.sequences.map((sequence): PlannedSequence => {
    const { samples, codes } = inputsOf(sequence, inputTensors(graph));
    const truth = sequence.truth === null ? null : loadTruth(readInputFile(sequence.truth.path, sequence.truth.given), samples, output?.elements ?? 0);
    const oracle = sequence.oracle === null ? null : loadOracle(sequence.oracle, model, samples);
    const labels = sequence.labels === null ? undefined : parseLabels(readInputFile(sequence.labels.path, sequence.labels.given, 'labels'), samples);
    return { name: sequence.name, samples, codes, truth, ...(labels === undefined ? {} : { labels }), oracle, resetEach: sequence.resetEach };
  });
  const metrics = planMetrics(one, sequences, graph);
  checkLabels(sequences, graph, one.score, metrics.some(({ kind }) => kind === 'auc'));
  const tolerances = planTolerances(one.tolerances, manifest, graph, sequences.reduce((sum, { samples }) => sum + samples, 0));
  return {
    name: one.name, model, modelFile: one.model.given, generator,
    profile: one.profile, tolerances, judge: one.judge, determinism: one.determinism, sequences, metrics, ...(one.score === 'output' ? {} : { score: one.score }), budgets: one.budgets,
    stepSeconds: one.sampleRateHz === null ? 1 : 1 / one.sampleRateHz, skipReason: quarantineReason(one.quarantine, options.now), devices: one.devices,
  };
}

/** The samples, whichever way the suite gives them. */
function inputsOf(sequence: SuiteSequence, inputs: readonly Tensor[]): { readonly samples: number; readonly codes: Uint8Array } {
  if (sequence.random !== null) return { samples: sequence.random.samples, codes: randomSamples(sequence.random, inputs) };
  return sequence.codes === null ? loadSequence(sequence, inputs, quantiseFloats) : loadCodes(sequence, sequence.codes, inputs);
}

/** Metrics that could never be computed, or never say anything: better said before anything runs. */
function planMetrics(one: SuiteCase, sequences: readonly PlannedSequence[], graph: Graph): PlannedMetric[] {
  const outputs = graph.outputs.map((index) => graph.tensors[index] as Tensor);
  return one.metrics.map(({ name, kind, against, output: wanted, unit, max, min }) => {
    const output = wanted === null ? 0 : outputs.findIndex((tensor) => tensor.name === wanted);
    const refuse = (code: string, why: string): never => { throw new HilError('config', code, `metric ${name}: ${why}`); };
    if (output < 0) refuse('suite.metric-output', `the model has no output ${wanted}; its outputs are ${outputs.map((tensor) => tensor.name).join(', ')}`);
    if (against === 'truth') {
      if (output > 0) refuse('suite.metric-output', `truth is that of the first output (${outputs[0]?.name ?? 'none'}), not of ${wanted}`);
      const labelled = kind === 'auc' || (kind === 'top-1' && sequences.some((sequence) => sequence.labels !== undefined));
      const without = sequences.find((sequence) => (labelled ? sequence.labels === undefined : sequence.truth === null));
      if (without !== undefined && labelled) throw new HilError('config', 'suite.metric-truth', `metric ${name} needs labels for every sequence; ${without.name} has none`);
      if (kind === 'top-1' && labelled && one.score === 'reconstruction') refuse('suite.metric-output', 'a reconstruction has one score, so its greatest is always the same: say auc');
      if (without !== undefined) throw new HilError('config', 'suite.metric-truth', `metric ${name} needs a truth file for every sequence; ${without.name} has none`);
    }
    if (kind === 'top-1' && rowOf(outputs[output]) < 2) refuse('suite.metric-output', `output ${outputs[output]?.name} has one value a row: its greatest is always the same`);
    return { name, kind, against, output, unit, max, min };
  });
}

const rowOf = (tensor: Tensor | undefined): number => tensor?.shape.at(-1) ?? 1;
