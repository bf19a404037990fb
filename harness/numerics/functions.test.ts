import t from 'tap';
import { activationRange, floatActivationRange } from './activation-range.ts';
import { sigmoid16, sigmoid16Table, tanh16, tanh16Table } from './activation16.ts';
import { expOnNegativeValues, oneOverOnePlusX } from './exponential.ts';
import { gemmlowpSigmoid16, gemmlowpSigmoid16Table, gemmlowpTanh16, gemmlowpTanh16Table } from './gemmlowp16.ts';
import { roundingOf, roundingProfile, supportedProfiles } from './profiles.ts';
import { productMultiplier } from './scales.ts';
import { SIGMOID_TABLE } from './sigmoid-table.ts';

t.test('the sigmoid table: known entries, 44 one above the formula', async (t) => {
  t.same([...SIGMOID_TABLE.slice(0, 12)], [32768, 33451, 34133, 34813, 35493, 36169, 36843, 37513, 38180, 38841, 39498, 40149]);
  t.same([...SIGMOID_TABLE.slice(250)], [65534, 65534, 65534, 65534, 65534, 65535]);
  t.equal(SIGMOID_TABLE.reduce((sum, value) => sum + value, 0), 15_670_629, 'sum of all entries');
  const above = [...SIGMOID_TABLE].map((value, i) => value - Math.round(65536 / (1 + Math.exp(-i / 24))));
  t.equal(above.filter((difference) => difference === 1).length, 44);
  t.equal(above.filter((difference) => difference === 0).length, 212);
});

t.test('int16 logistic and tanh follow the real functions', async (t) => {
  let worst = [0, 0, 0];
  for (let x = -32768; x <= 32767; x++) {
    const real = x / 4096;
    worst = [
      Math.max(worst[0]!, Math.abs(sigmoid16(x) - 32768 / (1 + Math.exp(-real)))),
      Math.max(worst[1]!, Math.abs(tanh16(x, -12) - 32768 * Math.tanh(real))),
      Math.max(worst[2]!, Math.abs(tanh16(x, -15) - 32768 * Math.tanh(x / 32768))),
    ];
  }
  t.comment(`worst error in LSB: logistic ${worst[0]!.toFixed(2)}, tanh ${worst[1]!.toFixed(2)}, tanh of a 2^-15 input ${worst[2]!.toFixed(2)}`);
  t.ok(worst[0]! < 8 && worst[1]! < 16 && worst[2]! < 16, 'interpolation errors, no jumps');
  t.equal(sigmoid16(0), 16384);
  t.equal(tanh16(0, -12), 0);
  t.equal(tanh16(32767, -9), 32767, 'saturates');
  t.equal(tanh16(-32768, -9), -32767);
});

t.test('the tabulated forms are the same functions', async (t) => {
  for (let x = -32768; x <= 32767; x += 37) {
    if (sigmoid16Table()[x + 32768] !== sigmoid16(x) || tanh16Table(-11)[x + 32768] !== tanh16(x, -11)) t.fail(`at ${x}`);
  }
  t.equal(tanh16Table(-11), tanh16Table(-11), 'built once');
});

t.test('fixed-point exp and reciprocal', async (t) => {
  let worstExp = 0;
  for (let a = 0; a > -(2 ** 31); a -= 1_234_567) {
    worstExp = Math.max(worstExp, Math.abs(expOnNegativeValues(a, 5) - 2 ** 31 * Math.exp(a / 2 ** 26)));
  }
  let worstReciprocal = 0;
  for (let x = 0; x < 2 ** 31; x += 1_234_567) worstReciprocal = Math.max(worstReciprocal, Math.abs(oneOverOnePlusX(x) - 2 ** 31 / (1 + x / 2 ** 31)));
  t.comment(`worst error in units of 2^-31: exp ${worstExp.toFixed(0)}, reciprocal ${worstReciprocal.toFixed(0)}`);
  t.ok(worstExp < 400, 'good to 2e-7');
  t.ok(worstReciprocal < 16);
  t.equal(expOnNegativeValues(0, 5), 2 ** 31 - 1);
});

t.test('activation ranges', async (t) => {
  t.same(activationRange(0, 0.1, 3, -128, 127), { least: -128, greatest: 127 });
  t.same(activationRange(1, 0.1, 3, -128, 127), { least: 3, greatest: 127 });
  t.same(activationRange(3, 0.1, 3, -128, 127), { least: 3, greatest: 63 });
  t.same(activationRange(2, 0.5, -10, -128, 127), { least: -12, greatest: -8 });
  t.same(activationRange(3, 0.01, 100, -128, 127), { least: 100, greatest: 127 });
  t.equal(activationRange(4, 0.1, 0, -128, 127), null, 'TANH is no clamp');
  t.same(floatActivationRange(0), { least: -(2 ** 128 - 2 ** 104), greatest: 2 ** 128 - 2 ** 104 });
  t.same(floatActivationRange(3), { least: 0, greatest: 6 });
  t.equal(floatActivationRange(4), null);
});

t.test('profiles', async (t) => {
  t.same(supportedProfiles(), ['tflm', 'tflm-2026-08', 'litert-ref', 'litert-builtin', 'litert-xnnpack', 'cmsis-single', 'neon-double']);
  t.equal(roundingOf(roundingProfile('tflm'), 'FULLY_CONNECTED').scales, 'double');
  t.equal(roundingOf(roundingProfile('tflm-2026-08'), 'FULLY_CONNECTED').scales, 'float32-product');
  t.equal(roundingOf(roundingProfile('tflm-2026-08'), 'CONV_2D').scales, 'double');
  t.throws(() => roundingProfile('tvm'), { kind: 'config', message: /'tvm' is not supported yet; supported: tflm, tflm-2026-08/ });
  t.throws(() => roundingProfile('constructor'), { kind: 'config', message: /'constructor' is no rounding profile/ });
  const [a, b] = [Math.fround(0.1), Math.fround(0.3)];
  t.not(productMultiplier(a, b, 0.5, 'double'), productMultiplier(a, b, 0.5, 'float32-product'));
});

t.test("gemmlowp's 16-bit logistic and tanh follow the real functions and are not TFLM's", async (t) => {
  const worst = [0, 0, 0, 0];
  let others = 0;
  for (let x = -32768; x <= 32767; x++) {
    const real = x / 4096;
    const errors = [gemmlowpSigmoid16(x) - 32768 / (1 + Math.exp(-real)), ...[3, 0, 6].map((bits) => gemmlowpTanh16(x, bits) - 32768 * Math.tanh(x / 2 ** (15 - bits)))];
    errors.forEach((error, i) => { worst[i] = Math.max(worst[i]!, Math.abs(error)); });
    if (gemmlowpSigmoid16(x) !== sigmoid16(x)) others++;
  }
  t.comment(`worst error in LSB: logistic ${worst[0]!.toFixed(2)}, tanh of 3, 0 and 6 integer bits ${worst.slice(1).map((error) => error.toFixed(2)).join(', ')}; logistic differs from the table in ${others} of 65536`);
  t.ok(worst.every((error) => error < 40), 'rounding of 16-bit steps, no jumps');
  t.ok(others > 10_000);
  t.same([gemmlowpSigmoid16(0), gemmlowpTanh16(0, 3), gemmlowpTanh16(32767, 6), gemmlowpTanh16(-32768, 6)], [16384, 0, 32767, -32767]);
  t.throws(() => gemmlowpTanh16(1, 7), RangeError);
  for (let x = -32768; x <= 32767; x += 37) if (gemmlowpSigmoid16Table()[x + 32768] !== gemmlowpSigmoid16(x) || gemmlowpTanh16Table(4)[x + 32768] !== gemmlowpTanh16(x, 4)) t.fail(`at ${x}`);
});
