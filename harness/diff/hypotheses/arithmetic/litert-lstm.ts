import type { Model } from '../../../model/graph.ts';
import { prepareReference } from '../../../reference/index.ts';
import type { ReferenceRunner, TensorData } from '../../../reference/runner.ts';
import type { LayerEvidence, LayerSample } from '../../evidence.ts';
import type { Hypothesis } from '../hypothesis.ts';

const OPERATOR = 'UNIDIRECTIONAL_SEQUENCE_LSTM';
/** All LiteRT profiles have the same LSTM. */
const PROFILE = 'litert-ref';

/**
 * The LSTM as LiteRT computes it: gemmlowp's 16-bit logistic and tanh instead of TFLM's interpolated table, and a recurrent product
 * that is not saturated before it is added. (reference/operators/recurrent/lstm/litert.ts)
 */
export const litertLstm: Hypothesis = {
  name: "LiteRT's LSTM",
  *candidates(evidence: LayerEvidence) {
    const { model, layer } = evidence;
    const operator = model.subgraphs[0]?.operators[layer.covers[0] ?? -1];
    if (layer.covers.length !== 1 || operator?.name !== OPERATOR || evidence.profile.startsWith('litert-')) return;
    let runner: ReferenceRunner | null = null;
    yield {
      cause: 'table.other',
      text: "LiteRT's LSTM: logistic and tanh of gemmlowp in 16 bits instead of a table, the recurrent product saturates with the sum only",
      alternatives: 1,
      predict: (sample: LayerSample) => predict(runner ??= prepareReference(only(model, operator.index), PROFILE), sample),
    };
  },
};

/** The model with this operator alone, so that no other is prepared (or refused). */
function only(model: Model, index: number): Model {
  const [main, ...others] = model.subgraphs;
  return main === undefined ? model : { ...model, subgraphs: [{ ...main, operators: main.operators.filter((operator) => operator.index === index) }, ...others] };
}

function predict(runner: ReferenceRunner, sample: LayerSample): ReadonlyMap<number, TensorData> {
  for (const [tensor, value] of sample.inputs) (runner.tensors[tensor] as Int8Array).set(value as Int8Array);
  runner.invoke();
  return new Map([...sample.got.keys()].map((tensor) => [tensor, (runner.tensors[tensor] as TensorData).slice()]));
}
