import t from 'tap';
import type { ModelDescription } from '../../../model/writer/index.ts';
import { seededIntegers } from '../../../reference/fixtures/random.ts';
import { causesOf, evidenceFrom, otherModel, type Bench } from './testing/device.ts';
import { binary, codes, conv, dense } from './testing/models.ts';

// Defects that are in no catalogue, or that say too little: nothing may be claimed of them.
const silent = (name: string, bench: Bench): unknown => t.test(name, async (t) => {
  const evidence = evidenceFrom(bench);
  t.ok(evidence.samples.length > 0, 'the device is wrong');
  t.strictSame(causesOf(evidence), []);
});
const showing = (value: (right: number, i: number, k: number) => number, model: ModelDescription = conv()): Bench => ({
  model, device: ({ expected, k }) => ({ y: expected('y').map((right: number, i: number) => value(right, i, k)) }),
});
const noise = seededIntegers(99);

silent('noise everywhere', showing(() => noise(-128, 127)));
silent('noise in the last channels', showing((right, i) => (i % 8 >= 6 ? noise(-128, 127) : right)));
silent('noise of one code', showing((right) => right ^ noise(0, 1)));
silent('one wrong element', showing((right, i) => (i === 17 ? right ^ 64 : right)));
silent('one element that holds poison', showing((right, i) => (i === 17 ? -91 : right)));
silent('all saturated', showing(() => 127));
silent('all saturated by sign', showing((right) => (right >= 0 ? 127 : -128)));
silent('all the zero point', showing(() => -5));
silent('all zeros', showing(() => 0));
silent('all of one value', showing(() => 17));
silent('all of one value in each sample', showing((_right, _i, k) => 17 + 9 * k));
silent('a channel of zeros, as from a multiplier of 0', showing((right, i) => (i % 8 === 3 ? 0 : right)));
silent('a layer that does not depend on its input', showing((_right, i) => ((i % 8) * 37) % 251 - 125));
silent('a channel that does not depend on its input', showing((right, i) => (i % 8 >= 6 ? (i * 37) % 251 - 125 : right)));
silent('even results low by one here and there', { model: binary('ADD'), device: ({ expected, k }) => ({ y: expected('y').map((right, i) => (right % 2 === 0 && (i + k) % 3 > 0 ? right - 1 : right)) }) });
silent('everything doubled', showing((right) => Math.max(-128, Math.min(127, 2 * right))));

for (const seed of [1, 2, 3, 4, 5, 6]) {
  const next = seededIntegers(seed * 7919);
  const edited = (list: readonly number[], span: number): number[] => list.map((value, i) => (i === next(0, list.length - 1) ? next(-span, span) : value));
  const weights = codes(216, 90, 3);
  const place = next(0, 215);
  silent(`an edited weight of a convolution, ${seed}`, { model: conv(), device: ({ input }) => ({ y: otherModel(conv({ weights: weights.map((w, i) => (i === place ? next(-120, 120) | 1 : w)) }), { x: input('x') }, 'y') }) });
  const bias = edited(codes(20, 3000, 12), 30000).map((b, i) => (i === seed ? b + 9000 : b));
  silent(`edited biases of a dense layer, ${seed}`, { model: dense(), device: ({ input }) => ({ y: otherModel(dense({ bias }), { x: input('x') }, 'y') }) });
}
