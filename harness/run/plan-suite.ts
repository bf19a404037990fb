import { parseModel } from '../model/index.ts';
import { BYTES_PER_ELEMENT, type Graph, type Tensor } from '../model/graph.ts';
import { HilError } from '../errors.ts';
import { prepareReference, quantiseFloats } from '../reference/index.ts';
import { checkNetwork } from '../runtimes/index.ts';
import { loadCodes, loadSequence, loadTruth, quarantineReason, randomSamples, readInputFile, type Suite, type SuiteCase, type SuiteSequence } from '../suite/index.ts';
import { inputTensors, mainGraph } from './main-graph.ts';
import { loadOracle } from './oracle-check.ts';
import type { GeneratorChoice, PlannedCase, PlannedSequence } from './planned-case.ts';

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
  await checkNetwork(generator, { model, modelFile: one.model.given, profile: one.profile });
  const [output] = graph.outputs.map((index) => graph.tensors[index]);
  const sequences = one.sequences.map((sequence): PlannedSequence => {
    const { samples, codes } = inputsOf(sequence, inputTensors(graph));
    const truth = sequence.truth === null ? null : loadTruth(readInputFile(sequence.truth.path, sequence.truth.given), samples, output?.elements ?? 0);
    const oracle = sequence.oracle === null ? null : loadOracle(sequence.oracle, model, samples);
    return { name: sequence.name, samples, codes, truth, oracle, resetEach: sequence.resetEach };
  });
  checkMetrics(one, sequences, output);
  checkTolerance(one, graph);
  return {
    name: one.name, model, modelFile: one.model.given, generator,
    profile: one.profile, toleranceLsb: one.toleranceLsb, sequences, metrics: one.metrics, budgets: one.budgets,
    stepSeconds: one.sampleRateHz === null ? 1 : 1 / one.sampleRateHz, skipReason: quarantineReason(one.quarantine, options.now), devices: one.devices,
  };
}

/** The samples, whichever way the suite gives them. */
function inputsOf(sequence: SuiteSequence, inputs: readonly Tensor[]): { readonly samples: number; readonly codes: Uint8Array } {
  if (sequence.random !== null) return { samples: sequence.random.samples, codes: randomSamples(sequence.random, inputs) };
  return sequence.codes === null ? loadSequence(sequence, inputs, quantiseFloats) : loadCodes(sequence, sequence.codes, inputs);
}

/** A tolerance as wide as an output's type accepts anything. */
function checkTolerance(one: SuiteCase, graph: Graph): void {
  for (const index of graph.outputs) {
    const { name, dtype } = graph.tensors[index] as Tensor;
    const span = 2 ** (8 * BYTES_PER_ELEMENT[dtype]) - 1;
    if (one.toleranceLsb >= span) throw new HilError('config', 'suite.tolerance', `a tolerance of ${one.toleranceLsb} LSB accepts every value of output ${name} (${dtype})`);
  }
}

/** A metric without truth could never be computed: better said before anything runs. */
function checkMetrics(one: SuiteCase, sequences: readonly PlannedSequence[], output: Tensor | undefined): void {
  for (const metric of one.metrics) {
    if (metric.output !== null && metric.output !== output?.name) {
      throw new HilError('config', 'suite.metric-output', `metric ${metric.name}: only the first output (${output?.name ?? 'none'}) can be measured, not ${metric.output}`);
    }
    const without = sequences.find((sequence) => sequence.truth === null);
    if (without !== undefined) throw new HilError('config', 'suite.metric-truth', `metric ${metric.name} needs a truth file for every sequence; ${without.name} has none`);
  }
}
