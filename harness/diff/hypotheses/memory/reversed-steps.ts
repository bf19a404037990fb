import type { TensorData } from '../../../reference/runner.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { expectedBut, tensorOf } from './elements.ts';
import { layerCopy } from './layer-copy.ts';
import { move } from './moved/movement.ts';
import { reversals } from './moved/reversals.ts';

/** A recurrent layer that takes the steps of an invocation from the last to the first, each output beside its input. */
export const reversedSteps: Hypothesis = {
  name: 'steps in reverse',
  * candidates(evidence) {
    const operator = evidence.model.subgraphs[0]?.operators[evidence.layer.covers[0] ?? -1];
    const [input, output] = [operator?.inputs[0] ?? -1, operator?.outputs[0] ?? -1];
    if (operator?.name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM' || evidence.layer.covers.length !== 1) return;
    const axis = operator.options.time_major === true ? 0 : 1;
    if ((tensorOf(evidence, input).shape[axis] ?? 1) < 2) return;
    const copy = layerCopy(evidence);
    if (copy === null) return;
    const reversed = (data: TensorData, tensor: number): TensorData | null => {
      const movement = [...reversals(tensorOf(evidence, tensor).shape)][axis];
      return movement === undefined ? null : move(data, movement, null);
    };
    yield {
      cause: 'steps.order', text: 'the steps are taken from the last to the first', alternatives: 1,
      predict: (sample) => {
        const fed = sample.inputs.get(input);
        const backwards = fed === undefined ? null : reversed(fed, input);
        const result = backwards === null ? undefined : copy(new Map(sample.inputs).set(input, backwards));
        const forwards = result?.get(output) === undefined ? null : reversed(result.get(output) as TensorData, output);
        return result === undefined || forwards === null ? null : expectedBut(sample, new Map(result).set(output, forwards));
      },
    };
  },
};
