import t from 'tap';
import { evidenceOf } from '../fixtures/device.ts';
import { productModel } from '../fixtures/layers.ts';
import type { ProductOptions } from '../fixtures/layers.ts';
import { codesOf } from './compute.ts';
import { readProduct } from './read.ts';

const FORMS: readonly ProductOptions[] = [
  {}, { stride: [2, 1], activation: 1 }, { stride: [2, 2], padding: 'VALID', activation: 3 }, { dilation: [2, 2] }, { bias: false, perChannel: false },
  { dtype: 'int16', biasType: 'int64' }, { dtype: 'int16', biasType: 'int32' },
  { op: 'DEPTHWISE_CONV_2D', channels: 10 }, { op: 'DEPTHWISE_CONV_2D', channels: 5, stride: [2, 2], input: [2, 8, 8, 5] },
  { op: 'TRANSPOSE_CONV', stride: [2, 2] }, { op: 'TRANSPOSE_CONV', stride: [2, 3], padding: 'VALID', activation: 1 },
  { op: 'FULLY_CONNECTED', perChannel: false, zeroPoints: [-9, 5, 4], input: [3, 20] }, { op: 'FULLY_CONNECTED', dtype: 'int16', biasType: 'int64', input: [3, 20] },
];

t.test('what hypotheses start from is what the reference computes, under each profile', async (t) => {
  for (const form of FORMS) {
    for (const profile of ['tflm', 'tflm-2026-08', 'cmsis-single', 'neon-double', ...(form.dtype === 'int16' ? [] : ['litert-ref', 'litert-xnnpack'])]) {
      const evidence = evidenceOf(productModel(form), (_inputs, expected) => expected, { profile, samples: 2 });
      const product = readProduct(evidence)!;
      const different = evidence.clean.flatMap(({ inputs, expected }) => {
        const codes = codesOf(product, inputs.get(product.inputTensor)!, null);
        return [...codes].filter((code, i) => code !== expected.get(product.outputTensor)![i]);
      });
      t.equal(different.length, 0, `${JSON.stringify(form)} ${profile}`);
      t.ok(new Set(evidence.clean.flatMap(({ expected }) => [...expected.get(product.outputTensor)!])).size > 20, 'the codes differ from each other');
    }
  }
});

t.test('single elements are those of the whole', async (t) => {
  const evidence = evidenceOf(productModel({ stride: [2, 1], padding: 'VALID' }), (_inputs, expected) => expected, { samples: 1 });
  const product = readProduct(evidence)!;
  const input = evidence.clean[0]!.inputs.get(product.inputTensor)!;
  const all = codesOf(product, input, null);
  const chosen = Int32Array.of(0, 5, 17, all.length - 1);
  t.same(codesOf({ ...product, sums: { ...product.sums } }, input, chosen), chosen.map((i) => all[i]!));
});

t.test('other layers are none', async (t) => {
  const evidence = evidenceOf(productModel({ op: 'FULLY_CONNECTED', input: [2, 9] }), (_inputs, expected) => expected);
  t.equal(readProduct({ ...evidence, layer: { ...evidence.layer, covers: [0, 0] } }), null, 'several operators');
  t.equal(readProduct({ ...evidence, layer: { ...evidence.layer, covers: [] } }), null, 'no operator');
});
