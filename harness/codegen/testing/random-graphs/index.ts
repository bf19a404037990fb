import fc from 'fast-check';
import type { ModelDescription } from '../../../model/writer/index.ts';
import { Dice, GraphBuilder, type Step } from './builder.ts';
import { OPERATORS } from './operators.ts';

export { OPERATORS } from './operators.ts';

export interface RandomGraph {
  readonly input: readonly [number, number, number, number];
  readonly seed: number;
  readonly steps: readonly Step[];
}

const choice = fc.nat(63);
const step: fc.Arbitrary<Step> = fc.record({
  op: fc.nat(OPERATORS.size - 1),
  inputs: fc.tuple(fc.nat(7), fc.nat(7)),
  choices: fc.tuple(choice, choice, choice, choice),
  seed: fc.nat(0xffff),
});
const size = fc.integer({ min: 1, max: 8 });

/** Graphs of 1 to 8 random operators; they shrink to fewer, smaller and simpler ones. */
export const randomGraphs: fc.Arbitrary<RandomGraph> = fc.record({
  input: fc.tuple(fc.integer({ min: 1, max: 2 }), size, size, fc.oneof(fc.constantFrom(1, 3, 4, 16, 17), size)),
  seed: fc.nat(0xffff),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
});

/** The model that a random graph stands for, and which of OPERATORS are in it. */
export function describeGraph({ input, seed, steps }: RandomGraph): { readonly model: ModelDescription; readonly operators: readonly string[] } {
  const graph = new GraphBuilder();
  const dice = new Dice(seed);
  graph.activation(input, dice.real(0.01, 0.1), dice.zeroPoint());
  const kinds = [...OPERATORS.values()];
  for (const each of steps) {
    const add = kinds[each.op % kinds.length];
    // What can't have this input is replaced by something that always can.
    if (add?.(graph, each, new Dice(each.seed)) !== true) kinds[0]?.(graph, each, new Dice(each.seed));
  }
  return { model: graph.model(), operators: graph.operators };
}
