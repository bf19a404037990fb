import t from 'tap';
import { parseModel } from '../../../model/index.ts';
import type { Model } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import type { TensorDescription } from '../../../model/writer/index.ts';
import { lstmModel } from '../../../reference/fixtures/lstm-model.ts';
import { explain } from '../../explain.ts';
import { deviceOf, evidenceOf } from './fixtures/device.ts';
import { arithmetic } from './index.ts';

const description = lstmModel({ units: 6, depth: 5, steps: 7, batches: 1, timeMajor: false, seed: 11 });
const lstm = parseModel(writeModel(description));

/** The model that a device has that changes these tensors. */
const changed = (change: (tensor: TensorDescription) => Partial<TensorDescription>): Model =>
  parseModel(writeModel({ ...description, tensors: description.tensors.map((tensor) => ({ ...tensor, ...change(tensor) })) }));
const numbers = ({ data }: TensorDescription): number[] => [...(data as readonly number[])];

function causesOf(device: Model, profile = 'tflm'): string[] {
  const evidence = evidenceOf(lstm, deviceOf(device, profile), { samples: 6 });
  if (evidence.samples.length === 0) throw new Error('the defect changes nothing');
  return explain(evidence, { hypotheses: arithmetic }).map(({ cause, text }) => `${cause}: ${text}`);
}

t.test('an LSTM whose gates have other biases, zero points, roundings', async (t) => {
  const bias = (gate: string, of: (value: number) => number) => (tensor: TensorDescription): Partial<TensorDescription> => (tensor.name === `b ${gate}` ? { data: numbers(tensor).map(of) } : {});
  t.same(causesOf(changed(bias('forget', () => 0))), ['bias.missing: the bias of the forget gate was left out']);
  t.same(causesOf(changed(bias('output', (value) => 2 * value))), ['bias.doubled: the bias of the output gate was added twice']);
  t.same(causesOf(changed((tensor) => (tensor.name.startsWith('b ') ? { data: numbers(tensor).map(() => 0) } : {}))), ['bias.missing: the biases of all gates were left out']);
  t.same(causesOf(changed((tensor) => (tensor.name.startsWith('b ') ? { data: numbers(tensor).map((value) => 2 * value) } : {}))), ['bias.doubled: the biases of all gates were added twice']);
  t.same(causesOf(changed(({ name }) => (name === 'x' ? { quantisation: { scale: 0.0197, zeroPoint: 0 } } : {}))), ['zero-point.input: the zero point of the first input was ignored']);
  t.ok(causesOf(lstm, 'cmsis-single').some((text) => text.startsWith('rounding.single')));
  t.match(causesOf(lstm, 'litert-ref'), [/^table.other: LiteRT/]);
});

t.test('biases of gates that went to other units, with and without the zero point folded in', async (t) => {
  const rotated = (values: readonly number[]): number[] => values.map((_, i) => values[(i + 1) % values.length]!);
  const weights = (gate: string): number[] => numbers(description.tensors.find(({ name }) => name === `w ${gate}`)!);
  const zero = (gate: string): number[] => Array.from({ length: 6 }, (_, unit) => -5 * weights(gate).slice(unit * 5, unit * 5 + 5).reduce((a, b) => a + b, 0));
  const shifted = (isFolded: boolean, gates: readonly string[]) => changed((tensor) => {
    const gate = tensor.name.slice(2);
    if (!tensor.name.startsWith('b ') || !gates.includes(gate)) return {};
    return { data: isFolded ? rotated(numbers(tensor).map((value, unit) => value - zero(gate)[unit]!)).map((value, unit) => value + zero(gate)[unit]!) : rotated(numbers(tensor)) };
  });
  const all = ['input', 'forget', 'cell', 'output'];
  t.same(causesOf(shifted(false, ['cell'])), ['bias.shifted: each channel has the bias of the channel after it, in the biases of the cell gate']);
  t.same(causesOf(shifted(true, ['output'])), ['bias.shifted: each channel has the bias of the channel after it, in the biases of the output gate with the zero point of the input folded in']);
  t.same(causesOf(shifted(true, all)), ['bias.shifted: each channel has the bias of the channel after it, in the biases of all gates with the zero point of the input folded in']);
});

t.test('edits that are in no catalogue stay unexplained', async (t) => {
  t.same(causesOf(changed((tensor) => (tensor.name === 'b cell' ? { data: numbers(tensor).map((value, i) => (i === 2 ? value + 2500 : value)) } : {}))), []);
  t.same(causesOf(changed((tensor) => (tensor.name === 'r input' ? { data: numbers(tensor).map((value, i) => (i === 9 ? -value - 60 : value)) } : {}))), []);
  t.same(causesOf(changed(({ name }) => (name === 'x' ? { quantisation: { scale: 0.0197, zeroPoint: -3 } } : {}))), []);
});
