import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import { seededIntegers } from '../../fixtures/random.ts';
import { prepareReference } from '../../index.ts';
import type { ReferenceRunner } from '../../index.ts';

function softmaxOf(shape: number[], scale: number, beta = 1, wide = false): ReferenceRunner {
  return prepareReference(parseModel(writeModel({
    tensors: [
      { name: 'x', dtype: 'int8', shape, quantisation: { scale, zeroPoint: 3 } },
      { name: 'p', dtype: wide ? 'int16' : 'int8', shape, quantisation: wide ? { scale: 2 ** -16, zeroPoint: -32768 } : { scale: 2 ** -8, zeroPoint: -128 } },
    ],
    operators: [{ op: 'SOFTMAX', inputs: ['x'], outputs: ['p'], options: { beta } }], inputs: ['x'], outputs: ['p'],
  })));
}

for (const [wide, unit] of [[false, 256], [true, 65536]] as const) {
  t.test(`follows the real softmax within one code of ${unit}`, async (t) => {
    const next = seededIntegers(9);
    let worst = 0;
    for (const [depth, scale, beta] of [[2, 0.1, 1], [10, 0.05, 1], [12, 0.2, 1], [40, 0.02, 2], [511, 0.01, 1], [3, 3, 1]] as const) {
      const runner = softmaxOf([4, depth], scale, beta, wide);
      const [x, p] = runner.tensors as [Int8Array, Int8Array];
      for (let i = 0; i < x.length; i++) x[i] = next(-128, 127);
      runner.invoke();
      for (let row = 0; row < 4; row++) {
        const exponentials = [...x.subarray(row * depth, (row + 1) * depth)].map((code) => Math.exp(beta * scale * code));
        const sum = exponentials.reduce((a, b) => a + b, 0);
        exponentials.forEach((value, i) => {
          const exact = Math.min((value / sum) * unit, unit - 1);
          worst = Math.max(worst, Math.abs((p[row * depth + i] as number) + unit / 2 - exact));
        });
      }
    }
    t.comment(`worst ${worst.toFixed(3)} codes`);
    t.ok(worst <= 1.01, `${worst}`);
  });
}

t.test('a row that makes TFLM abort is an error with a name, not a number', async (t) => {
  const runner = softmaxOf([1, 512], 0.1);
  runner.tensors[0]!.fill(5 as never);
  t.throws(() => runner.invoke(), { kind: 'config', code: 'reference.softmax', message: /operator 0 SOFTMAX: a row of 512/ });
  const fits = softmaxOf([1, 511], 0.1);
  fits.tensors[0]!.fill(5 as never);
  fits.invoke();
  t.same(new Set(fits.tensors[1] as Int8Array), new Set([-127]));
});

t.test('other output scales are refused', async (t) => {
  t.throws(() => prepareReference(parseModel(writeModel({
    tensors: [{ name: 'x', dtype: 'int8', shape: [1, 2], quantisation: { scale: 1 } }, { name: 'p', dtype: 'int8', shape: [1, 2], quantisation: { scale: 1 / 255, zeroPoint: -128 } }],
    operators: [{ op: 'SOFTMAX', inputs: ['x'], outputs: ['p'], options: { beta: 1 } }], inputs: ['x'], outputs: ['p'],
  }))), { code: 'reference.unsupported', message: /output has scale 0.0039/ });
});
