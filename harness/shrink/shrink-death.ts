import { sourceBytes } from '../model/index.ts';
import type { PlannedCase, PlannedSequence } from '../run/index.ts';
import { failsTheSameWay } from './same-failure.ts';
import type { ShrinkContext } from './shrink-run.ts';
import type { Shrunk } from './shrunk.ts';
import { suiteTolerances } from './suite-tolerances.ts';
import { shortestSequence } from './shortest-sequence.ts';
import type { Failure } from './target.ts';

/**
 * Of a failure that is not in a layer's values (a fault, a hang, a budget) only the number of samples is cut: each try costs a
 * start of the device. The network stays whole.
 * @returns what fails, the smallest first; []: nothing does
 */
export async function shrinkDeath(context: ShrinkContext, failure: Exclude<Failure, { kind: 'values' }>): Promise<readonly Shrunk[]> {
  const { plan, onStep, signal } = context;
  const sequence = plan.sequences.find(({ name }) => failure.kind === 'fault' && name === failure.sequence) ?? plan.sequences[0] as PlannedSequence;
  const sampleBytes = sequence.codes.length / sequence.samples;
  const step = failure.kind === 'fault' && failure.step !== null ? failure.step : sequence.samples - 1;
  const codes = sequence.codes.subarray(0, (step + 1) * sampleBytes);
  const fails = async (part: Uint8Array): Promise<boolean> => {
    const one = await context.runWhole(caseOf(plan, part, part.length / sampleBytes, sequence.resetEach));
    context.checkImage(one.image);
    const found = failsTheSameWay(one, failure, null);
    onStep(`${part.length / sampleBytes} of ${sequence.samples} samples: ${found ? 'it still fails' : 'it does not fail'}`);
    return found;
  };
  const until = performance.now() + context.budgetMs;
  const shortest = await shortestSequence(codes, sampleBytes, fails, () => signal.aborted || performance.now() > until);
  const bytes = sourceBytes(plan.model);
  if (shortest === null || bytes === null) return [];
  const samples = shortest.length / sampleBytes;
  return [{
    model: plan.model, modelBytes: bytes, cDir: plan.generator.kind === 'c' ? plan.generator.dir : null, profile: plan.profile, tolerances: suiteTolerances(plan, failure, context.target.case.layers, context.target.case.layers, (operator) => operator), determinism: plan.determinism, codes: shortest, samples, resetEach: sequence.resetEach,
    failure, budgets: failure.kind === 'other' ? plan.budgets : {}, operator: null,
    steps: [`the network is whole: what fails (${failure.what}) is not in one layer's values`, samples === 1 ? 'one sample is enough' : `${samples} samples in a row are needed, of ${sequence.samples}`],
  }];
}

/** A case of these samples alone. */
function caseOf(plan: PlannedCase, codes: Uint8Array, samples: number, resetEach: boolean): PlannedCase {
  return { ...plan, name: 'shrunk', sequences: [{ name: 'shrunk', samples, codes, truth: null, oracle: null, resetEach }], metrics: [], judge: 'values', skipReason: null, devices: null };
}
