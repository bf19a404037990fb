import t from 'tap';
import type { Tensor } from '../model/graph.ts';
import { minimise } from './minimise.ts';
import { sampleElements } from './sample-elements.ts';
import { fewerSamples, shortestSequence } from './shortest-sequence.ts';

const tensor = (dtype: Tensor['dtype'], elements: number, zeroPoint: number): Tensor => ({ index: 0, name: '', dtype, shape: [elements], elements, quantisation: { scale: [1], zeroPoint: [zeroPoint], axis: 0 }, data: null, isVariable: false });

/** Minimises 100 random int8 codes of zero point 5 against a rule. */
async function minimised(rule: (values: readonly number[]) => boolean, over = (): boolean => false) {
  const elements = sampleElements([tensor('int8', 100, 5)], 1)!;
  const codes = Uint8Array.from({ length: 100 }, (_, i) => (i * 37 + 11) & 0xff);
  const values = (of: Uint8Array): number[] => Array.from({ length: 100 }, (_, i) => elements.value(of, i));
  let tries = 0;
  const best = await minimise(codes, { elements, over, fail: async (candidates) => candidates.map((each) => { tries += 1; return rule(values(each)); }), onBetter: () => undefined });
  return { left: values(best).flatMap((value, i) => (value === 5 ? [] : [[i, value]])), fails: rule(values(best)), tries };
}

t.test('the elements that a failure takes are left, as near to the zero point as they may be', async (t) => {
  const one = await minimised((values) => values[42]! > 20);
  t.strictSame(one.left, [[42, 21]], 'steps of 1, 2, 4, ... from the zero point 5: 16 is the first beyond 20');
  t.ok(one.tries < 120, `${one.tries} tries of 100 elements`);
  const pair = await minimised((values) => values[3]! !== 5 && values[90]! !== 5);
  t.strictSame(pair.left.map(([i]) => i), [3, 90]);
  t.ok(pair.tries < 200, `${pair.tries} tries`);
  const scattered = await minimised((values) => [1, 20, 39, 58, 77].every((i) => values[i] !== 5));
  t.strictSame(scattered.left.map(([i]) => i), [1, 20, 39, 58, 77]);
  t.strictSame((await minimised(() => true)).left, [], 'where everything fails, nothing is needed');
});

t.test('what is returned fails, also where the failure comes and goes with parity, and where time is up', async (t) => {
  const parity = await minimised((values) => values.reduce((sum, value) => sum + value, 0) % 2 === 0);
  t.equal(parity.fails, true);
  const early = await minimised((values) => values[42]! > 20, () => true);
  t.equal(early.fails, true);
  t.ok(early.left.length > 1, 'nothing was done');
});

t.test('elements of every type and of several inputs and samples', async (t) => {
  const elements = sampleElements([tensor('int16', 2, 0), tensor('float32', 1, 0), tensor('int8', 3, -7)], 2)!;
  t.equal(elements.count, 12);
  const codes = new Uint8Array(22);
  const changed = elements.withValues(codes, [1, 8, 11], (element) => -element);
  t.equal(new DataView(changed.buffer).getInt16(2, true), -1);
  t.equal(new DataView(changed.buffer).getFloat32(11 + 4, true), -8);
  t.equal(new DataView(changed.buffer).getInt8(21), -11);
  t.strictSame([1, 8, 11].map((element) => elements.value(changed, element)), [-1, -8, -11]);
  t.equal(elements.rest(11), -7);
  t.ok(codes.every((code) => code === 0), 'the original is as it was');
  t.equal(sampleElements([tensor('int64', 1, 0)], 1), null, 'of a type that cannot be changed: nothing');
});

t.test('the shortest sequence', async (t) => {
  const codes = Uint8Array.from({ length: 40 }, (_, i) => i); // 20 samples of 2
  const has = (...wanted: readonly number[]) => async (part: Uint8Array): Promise<boolean> => wanted.every((code) => part.includes(code));
  const never = (): boolean => false;
  t.strictSame([...await shortestSequence(codes, 2, has(38), never) ?? []], [38, 39], 'the last one alone');
  t.strictSame([...await shortestSequence(codes, 2, has(10, 38), never) ?? []], [10, 11, 38, 39], 'none in between');
  t.strictSame([...await shortestSequence(codes, 2, has(0, 20, 38), never) ?? []], [0, 1, 20, 21, 38, 39]);
  t.equal(await shortestSequence(codes, 2, has(99), never), null, 'nothing fails');
  t.equal((await shortestSequence(codes, 2, has(10, 38), () => true))?.length, 40, 'time is up: the whole sequence');
  t.strictSame([...await fewerSamples(codes, 2, has(4), never)], [4, 5]);
});
