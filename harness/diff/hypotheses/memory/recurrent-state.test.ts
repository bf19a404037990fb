import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import { writeModel, type ModelDescription } from '../../../model/writer/index.ts';
import { prepareReference, type TensorData } from '../../../reference/index.ts';
import { lstmModel } from '../../../reference/fixtures/lstm-model.ts';
import { causesOf, evidenceFrom, type Bench, type Seen } from './testing/device.ts';
import { codes } from './testing/models.ts';

const UNITS = 10;
const lstm = (batches = 1): ModelDescription => lstmModel({ units: UNITS, depth: 5, steps: 1, batches, timeMajor: false, seed: 5 });

const svdf: ModelDescription = {
  tensors: [
    { name: 'x', dtype: 'int8', shape: [1, 6], quantisation: { scale: 0.05, zeroPoint: 2 } },
    { name: 'wf', dtype: 'int8', shape: [8, 6], quantisation: { scale: 0.01 }, data: codes(48, 100, 4) },
    { name: 'wt', dtype: 'int16', shape: [8, 5], quantisation: { scale: 0.00003 }, data: codes(40, 30000, 5) },
    { name: 'b', dtype: 'int32', shape: [8], quantisation: { scale: 0.000000009 }, data: codes(8, 3000, 6) },
    { name: 'state', dtype: 'int16', shape: [1, 40], quantisation: { scale: 0.0003 }, isVariable: true },
    { name: 'y', dtype: 'int8', shape: [1, 8], quantisation: { scale: 0.08, zeroPoint: -3 } },
  ],
  operators: [{ op: 'SVDF', inputs: ['x', 'wf', 'wt', 'b', 'state'], outputs: ['y'], options: { rank: 1 } }],
  inputs: ['x'], outputs: ['y'],
};

/** A device that runs the layer with state of its own: `before` may change the state that the layer finds, `after` what it leaves. */
function device(model: ModelDescription, change: { before?: (state: Record<string, TensorData>, k: number) => void; after?: (state: Record<string, TensorData>, k: number, found: Record<string, TensorData>) => void }): Bench {
  const runner = prepareReference(parseModel(writeModel(model)), 'tflm', 'plain');
  const names = model.tensors.flatMap(({ name, isVariable }) => (isVariable ? [name] : []));
  const of = (name: string): TensorData => runner.tensors[model.tensors.findIndex((tensor) => tensor.name === name)]!;
  const state = Object.fromEntries(names.map((name) => [name, of(name)]));
  const copy = (): Record<string, TensorData> => Object.fromEntries(names.map((name) => [name, of(name).slice()]));
  runner.reset();
  return {
    model, samples: 7,
    device: ({ k, input }: Seen) => {
      const found = copy();
      change.before?.(state, k);
      (of('x') as Int8Array).set(input('x'));
      runner.invoke();
      change.after?.(state, k, found);
      return { ...copy(), y: of('y').slice() };
    },
  };
}

const clear = (name: string, value = 0) => (state: Record<string, TensorData>): void => { (state[name] as Int8Array).fill(value); };
/** The hidden state's zero point in lstmModel. */
const START = 7;

t.test('a right device is not judged', async (t) => { t.equal(evidenceFrom(device(lstm(), {})).samples.length, 0); });

t.test('LSTM: both states cleared at each invocation: right at step 0', async (t) => {
  const evidence = evidenceFrom(device(lstm(), { before: (state) => { clear('h', START)(state); clear('c')(state); } }));
  t.equal(evidence.samples[0]?.at.step, 1);
  t.strictSame(causesOf(evidence), ['state.cleared']);
});
t.test('LSTM: the cell cleared and the hidden state at real zero codes', async (t) => {
  t.strictSame(causesOf(evidenceFrom(device(lstm(), { before: (state) => { clear('h')(state); clear('c')(state); } }))), ['state.cleared']);
});
t.test('LSTM: the cell alone cleared', async (t) => { t.strictSame(causesOf(evidenceFrom(device(lstm(), { before: clear('c') }))), ['state.cleared']); });
t.test('LSTM: the hidden state alone cleared', async (t) => { t.strictSame(causesOf(evidenceFrom(device(lstm(), { before: clear('h', START) }))), ['state.cleared']); });
t.test('LSTM: cell cleared, hidden state absent and never written back', async (t) => {
  const bench = device(lstm(), { before: (state) => { clear('h', START)(state); clear('c')(state); }, after: (state) => { clear('h', START)(state); } });
  t.ok(causesOf(evidenceFrom(bench)).includes('state.cleared'));
});
t.test('LSTM: cleared after each invocation, which shows nothing but state that was never written back', async (t) => {
  t.strictSame(causesOf(evidenceFrom(device(lstm(), { after: (state) => { clear('h', START)(state); clear('c')(state); } }))), ['state.not-kept']);
});
t.test('LSTM: the cell is not written back', async (t) => {
  const bench = device(lstm(), { after: (state, _k, found) => { (state.c as Int16Array).set(found.c as Int16Array); } });
  t.ok(causesOf(evidenceFrom(bench)).includes('state.not-kept'));
});
t.test('LSTM: the hidden state starts at 0 instead of its zero point', async (t) => {
  const evidence = evidenceFrom(device(lstm(4), { before: (state, k) => { if (k === 0) clear('h')(state); } }));
  t.strictSame(evidence.samples.map(({ at }) => at.step), [0]);
  t.ok(causesOf(evidence).includes('state.not-kept'));
});
t.test('LSTM: the state of two steps ago', async (t) => {
  const kept: Record<string, TensorData>[] = [];
  const bench = device(lstm(), {
    before: (state, k) => {
      kept.push({ h: state.h!.slice(), c: state.c!.slice() });
      if (k >= 1) for (const name of ['h', 'c']) (state[name] as Int8Array).set(kept[k - 1]![name] as Int8Array);
    },
  });
  t.strictSame(causesOf(evidenceFrom(bench)), ['state.not-kept']);
});

t.test('LSTM: the steps from the last to the first', async (t) => {
  const steps = lstmModel({ units: UNITS, depth: 5, steps: 4, batches: 1, timeMajor: false, seed: 5 });
  const bench = device(steps, {});
  const reversed = (rows: Int8Array, width: number): Int8Array => rows.map((_, i) => rows[rows.length - width * (Math.floor(i / width) + 1) + (i % width)]!);
  const backwards: Bench = { ...bench, device: (seen) => {
    const shown = bench.device({ ...seen, input: (name) => reversed(seen.input(name), 5) });
    return { ...shown, y: reversed(shown.y as Int8Array, UNITS) };
  } };
  t.strictSame(causesOf(evidenceFrom(backwards)), ['steps.order']);
});

t.test('SVDF: state cleared', async (t) => { t.strictSame(causesOf(evidenceFrom(device(svdf, { before: clear('state') }))), ['state.cleared']); });
t.test('SVDF: state moved on by two steps', async (t) => {
  t.strictSame(causesOf(evidenceFrom(device(svdf, { before: (state) => { (state.state as Int16Array).copyWithin(0, 1); } }))), ['state.not-kept']);
});

t.test('noise in the state is not explained', async (t) => {
  const bench = device(lstm(), { after: (state, k) => { (state.c as Int16Array).set(codes(UNITS, 9000, 100 + k)); } });
  t.strictSame(causesOf(evidenceFrom(bench)), []);
});
