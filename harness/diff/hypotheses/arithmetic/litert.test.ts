import t from 'tap';
import { parseModel, type Model } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import { lstmModel } from '../../../reference/fixtures/lstm-model.ts';
import { explain } from '../../explain.ts';
import { deviceOf, evidenceOf } from './fixtures/device.ts';
import { arithmetic } from './index.ts';
import { litertLstm } from './litert-lstm.ts';
import { productXnnpack } from './product-xnnpack.ts';

/** A dense layer whose factor is another number where scales are multiplied and divided in float32, by enough to show in great sums. */
function dense(): Model {
  const weights = Array.from({ length: 16 * 64 }, (_, i) => ((i * 89) % 255) - 127);
  return parseModel(writeModel({
    tensors: [
      { name: 'x', dtype: 'int8', shape: [1, 64], quantisation: { scale: 0.0291, zeroPoint: 3 } },
      { name: 'w', dtype: 'int8', shape: [16, 64], quantisation: { scale: 0.00713 }, data: weights },
      { name: 'b', dtype: 'int32', shape: [16], quantisation: { scale: 0.0291 * 0.00713 }, data: Array.from({ length: 16 }, (_, i) => i * 300 - 2000) },
      { name: 'y', dtype: 'int8', shape: [1, 16], quantisation: { scale: 0.183, zeroPoint: -4 } },
    ],
    operators: [{ op: 'FULLY_CONNECTED', inputs: ['x', 'w', 'b'], outputs: ['y'], options: { fused_activation_function: 0 }, version: 4 }],
    inputs: ['x'], outputs: ['y'],
  }));
}

t.test('a device that is XNNPACK', async (t) => {
  const model = dense();
  const evidence = evidenceOf(model, deviceOf(model, 'litert-xnnpack'), { samples: 400 });
  t.ok(evidence.samples.length > 5, `${evidence.samples.length} samples differ`);
  t.match(explain(evidence, { hypotheses: [productXnnpack] }), [{ cause: 'rounding.float32', text: /as XNNPACK does/, contradicted: 0 }]);
  t.ok(explain(evidence).some(({ cause, rank }) => cause === 'rounding.float32' && rank === 1));
  const other = evidenceOf(model, (_inputs, expected) => new Map([...expected].map(([tensor, codes]) => [tensor, (codes as Int8Array).with(5, ((codes[5] as number) + 1) | 0)])), { samples: 8 });
  t.equal(other.samples.length, 8, 'another device is off by one too');
  t.same(explain(other, { hypotheses: [productXnnpack] }), [], 'and is not taken for it');
});

t.test("a device that is LiteRT's LSTM", async (t) => {
  const model = parseModel(writeModel(lstmModel({ units: 8, depth: 6, steps: 4, batches: 1, timeMajor: false, seed: 4 })));
  const evidence = evidenceOf(model, deviceOf(model, 'litert-ref'), { samples: 12 });
  t.match(explain(evidence), [{ cause: 'table.other', text: /^LiteRT's LSTM/, rank: 1 }]);
  const single = evidenceOf(model, deviceOf(model, 'cmsis-single'), { samples: 40 });
  t.ok(single.samples.length > 0, 'another device differs too');
  t.same(explain(single, { hypotheses: [litertLstm] }), [], 'and is not taken for it');
  const reversed = evidenceOf(model, deviceOf(model), { profile: 'litert-ref' });
  t.same(explain(reversed, { hypotheses: [litertLstm] }), [], 'where LiteRT is the rule it is no cause');
});

t.test('both are in the catalogue', async (t) => {
  t.ok(arithmetic.includes(productXnnpack) && arithmetic.includes(litertLstm));
});
