import { HilError } from '../errors.ts';
import type { Model } from '../model/graph.ts';
import { prepareReference } from '../reference/index.ts';
import { checkNetwork } from '../runtimes/index.ts';
import { randomSamples } from '../suite/index.ts';
import { inputTensors, mainGraph } from './main-graph.ts';
import type { GeneratorChoice, PlannedCase, PlannedSequence } from './planned-case.ts';

export interface CheckPlan {
  readonly name: string;
  readonly model: Model;
  readonly modelFile: string;
  readonly profile: string;
  readonly generator: GeneratorChoice;
  readonly sequences: readonly PlannedSequence[];
}

/** One model as a case: bit-exact, no metrics. @throws HilError 'config' for an unsupported model or profile. */
export async function planCheck(plan: CheckPlan): Promise<PlannedCase> {
  try {
    prepareReference(plan.model, plan.profile);
    const { model, modelFile, profile } = plan;
    await checkNetwork(plan.generator, { model, modelFile, profile });
  } catch (error) {
    throw error instanceof HilError ? error.inContext({ before: `${plan.modelFile}: ` }) : error;
  }
  return { ...plan, tolerances: [], judge: 'values', metrics: [], budgets: {}, stepSeconds: 1, skipReason: null, devices: null };
}

/** Seeded random samples as a sequence of its own. */
export function randomSequence(model: Model, samples: number, seed: number, resetEach: boolean): PlannedSequence {
  const codes = randomSamples({ samples, seed: String(seed) }, inputTensors(mainGraph(model)));
  return { name: 'random', samples, codes, truth: null, oracle: null, resetEach };
}
