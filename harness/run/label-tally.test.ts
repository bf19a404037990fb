/** Labels against outputs and reconstructions, and what is refused before anything runs. */
import t from 'tap';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { LabelTally } from './label-tally.ts';
import { mainGraph } from './main-graph.ts';
import { checkLabels } from './plan-labels.ts';
import type { PlannedSequence } from './planned-case.ts';

const labelled = (labels: readonly number[], name = 'a'): PlannedSequence => ({
  name, samples: labels.length, codes: new Uint8Array(4 * labels.length), truth: null, oracle: null, resetEach: false,
  labels: { files: labels.map((label, i) => ({ name: `f${i}`, label })), fileOf: Int32Array.from(labels.keys()) },
});
const scale = (value: number, zero: number): { scale: Float32Array; zeroPoint: Int32Array; axis: number } => ({ scale: Float32Array.of(value), zeroPoint: Int32Array.of(zero), axis: 0 });

t.test('a reconstruction: mean squared error of real values', async (t) => {
  const sequence = labelled([0, 1]);
  const tally = new LabelTally({ score: 'reconstruction', sequences: [sequence] });
  const input = () => ({ codes: Int8Array.of(10, 20), scale: scale(0.5, 0) as never });
  tally.add(sequence, 0, Int8Array.of(6, 10), scale(1, 1) as never, input);
  tally.add(sequence, 1, Int8Array.of(8, 10), scale(1, 1) as never, input);
  t.same(tally.scores.files.map(({ scores }) => scores), [[0.5], [2.5]], '(5, 10) against (5, 9) and (7, 9)');
  t.equal(tally.scores.value('auc'), 1);
});

t.test('files of two sequences with the same name are two', async (t) => {
  const [a, b] = [labelled([0], 'a'), labelled([1], 'b')];
  const tally = new LabelTally({ sequences: [a, b] });
  tally.addScores(a, 0, [1, 0]);
  tally.addScores(b, 0, [1, 0]);
  t.same(tally.scores.files.map(({ name }) => name), ['a/f0', 'b/f0']);
  t.equal(tally.scores.correct, 1);
});

t.test('labels that could never say anything', async (t) => {
  const graph = mainGraph(parseModel(writeModel(smallModel())));
  checkLabels([labelled([0, 1, 2])], graph, 'output', true);
  t.throws(() => checkLabels([labelled([0, 3])], graph, 'output', false), { code: 'suite.labels', message: /f1 is of class 3, and output .* has 3 values/ });
  t.throws(() => checkLabels([labelled([0, 1])], graph, 'output', true), { message: /none is of class 2/ });
  t.throws(() => checkLabels([labelled([0, 1])], graph, 'reconstruction', true), { message: /has not the elements/ });
  t.throws(() => checkLabels([{ ...labelled([0]), labels: undefined }], graph, 'reconstruction', false), { message: /no sequence has labels/ });
});
