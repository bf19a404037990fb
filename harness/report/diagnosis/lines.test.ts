import t from 'tap';
import type { LayerReport } from '../report.ts';
import { deepCase, diagnosedCase, diagnosedLayers, forgivenCase, notShownCase, wrongStateCase } from '../testing/diagnosed-reports.ts';
import { failCase, faultCase, judgedCase, layer, passCase, tensor } from '../testing/sample-reports.ts';
import { sharePercent } from './checks.ts';
import { diagnosisLines, MOST_LINES } from './lines.ts';
import { ranges } from './words.ts';

const heads = (lines: readonly { head: string }[]): string[] => lines.map(({ head }) => head);

t.test('each culprit with place, pattern, worst element and causes; then what is not known and how it spreads', async (t) => {
  const lines = diagnosisLines(diagnosedCase());
  t.same(heads(lines), ['culprit', 'where', 'cause', 'culprit', 'where', 'cause', 'unknown', 'spread']);
  t.same(lines.map(({ text }) => text), [
    'layer 1 DEPTHWISE_CONV_2D: 720 of 11 520 elements wrong by itself (max |d| 9), first in sequence photos, step 3, element [0,0,5,5]',
    'only the last 3 channels; only the right border; worst: expected -8, got 1 (accumulator 4 538) at [0,5,5,6], sequence photos, step 3',
    'one of 2 that cannot be told apart: padded with 0 instead of the zero point | the zero point of input 0 was ignored at the border (each explains 18 of 18 elements in 8 samples, 100 %)',
    'layer 6 FULLY_CONNECTED: 160 of 400 elements wrong by itself (max |d| 9), first in sequence photos, step 3, element [0,0,0,6]',
    'no pattern; worst: expected -34, got -25 (accumulator -616) at [0,9], sequence photos, step 3',
    'unexplained: no cause that hil knows gives these values',
    'layer 7 RESHAPE: 160 of 400 elements differ; whether by itself was not measured',
    '3 layers inherited the error (2, 4, 9); output block/softmax_9: 90 of 400 elements differ',
  ]);
});

t.test('ten lines at most, whatever is wrong; everything where that is asked for', async (t) => {
  const deep = diagnosisLines(deepCase());
  t.same(heads(deep), ['culprit', 'where', 'cause', 'culprit', 'where', 'cause', 'others', 'spread']);
  t.match(deep[6]?.text, /^6 more wrong by themselves: layer 27 CONV_2D: unexplained; layer 39 CONV_2D: padded .*; and 2 more$/);
  const unrun = layer({ index: 200, ran: 'not executed', mismatched: 3 });
  const unknown = Array.from({ length: 30 }, (_, at) => layer({ index: 300 + at, mismatched: 2, compared: 4 }));
  const name = 'x'.repeat(5000);
  const worst = diagnosisLines({ ...deepCase(), layers: [...deepCase().layers.map((one) => ({ ...one, op: name })), unrun, ...unknown] });
  t.ok(worst.length <= MOST_LINES, `${worst.length} lines`);
  t.ok(worst.every(({ text }) => text.length <= 240));
  t.same(new Set(heads(worst)), new Set(['culprit', 'where', 'cause', 'others', 'unrun', 'unknown', 'spread']));
  const everything = diagnosisLines(deepCase(), true);
  t.equal(everything.filter(({ head }) => head === 'culprit').length, 8);
  t.ok(diagnosisLines(diagnosedCase(), true).some(({ text }) => /^less likely: .*\(explains 5 of 18 elements in 8 samples, 27\.8 %, would make 31 wrong that are right\)$/.test(text)));
});

t.test('nothing wrong, nothing said; a fault or an unmeasured layer is not called a culprit', async (t) => {
  t.same(diagnosisLines(passCase()), []);
  t.same(diagnosisLines(faultCase()), [], 'what was compared before the fault is right');
  const unknown = diagnosisLines({ ...failCase(), layers: failCase().layers.map((one) => ({ ...one, own: null })) });
  t.same(heads(unknown), ['unknown', 'mismatch', 'spread']);
  t.match(unknown.map(({ text }) => text), [/not measured; likewise 1 more layer \(1\)$/, /tensor 14 \(output\): sequence tip-in, step 39/, /^no other layer differs; output torque/]);
  t.match(diagnosisLines({ ...faultCase(), layers: [layer({ ran: 'not executed', mismatched: 9, tensors: [tensor({ mismatched: 9 })] })] }), [{ head: 'unrun', text: /^not executed or not shown: layer 0 / }, { head: 'mismatch', text: /was never shown/ }, { head: 'spread' }]);
});

t.test('a case that passes by its metrics has one line', async (t) => {
  t.same(diagnosisLines(judgedCase()), [{ head: 'differs', text: '2 layers differ from the reference, 1 by themselves; 1 layer inherited the error (1); output torque: 64 of 1 800 elements differ' }]);
  t.same(heads(diagnosisLines(judgedCase(), true)), ['culprit', 'cause', 'spread', 'mismatch', 'mismatch', 'mismatch']);
});

t.test('what is forgiven is shown and explained, behind what is wrong', async (t) => {
  t.same(diagnosisLines(forgivenCase()), [
    { head: 'forgiven', text: 'layer 1 DEPTHWISE_CONV_2D, forgiven by the tolerance for operator DEPTHWISE*: 720 of 11 520 elements wrong by itself (max |d| 9), first in sequence photos, step 3, element [0,0,5,5]' },
    { head: 'where', text: 'only the last 3 channels; only the right border; worst: expected -8, got 1 (accumulator 4 538) at [0,5,5,6], sequence photos, step 3' },
    { head: 'cause', text: 'padded with 0 instead of the zero point (explains 18 of 18 elements in 8 samples, 100 %)' },
    { head: 'spread', text: '2 more layers differ and are forgiven (2, 4); 1 output differs and is forgiven' },
  ]);
  const { layers, tolerances } = forgivenCase();
  const beside = diagnosisLines({ ...deepCase(), tolerances: tolerances.map((one) => ({ ...one, layers: one.layers.map((index) => index + 200) })), layers: [...deepCase().layers, ...layers.map((one) => ({ ...one, index: one.index + 200 }))] });
  t.same(heads(beside), ['culprit', 'where', 'cause', 'culprit', 'where', 'cause', 'others', 'spread'], 'culprits first');
  t.match(beside.at(-1)?.text, /inherited the error \(.*\), 3 more layers differ and are forgiven \(201, 202, 204\); output/);
});

t.test('one or two wrong elements name no cause; which of several tensors is wrong', async (t) => {
  const lines = diagnosisLines(wrongStateCase());
  t.match(lines, [{ text: /^layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM: 2 of/ }, { head: 'where', text: /^in state tensor 17: only the last 2 channels;/ }, { head: 'cause', text: /^too few wrong elements to name a cause$/ }, {}]);
  const [wrong] = wrongStateCase().layers;
  if (wrong?.where == null || wrong.own === null) throw new Error('nothing is wrong');
  const { where, own } = wrong;
  const of = (change: Partial<LayerReport>): string => diagnosisLines(diagnosedCase({ layers: [{ ...wrong, ...change }] })).map(({ text }) => text).join('\n');
  t.match(of({ where: { ...where, tensor: 10 } }), /^in its output: only/m);
  t.match(of({ where: { ...where, tensor: 99 } }), /^in tensor 99: only/m);
  t.match(of({ tensors: wrong.tensors.slice(2) }), /^only the last 2/m, 'one tensor needs no name');
  t.match(of({ own: { ...own, mismatched: 3 } }), /^unexplained: no cause/m);
});

t.test('what was not shown is not counted; of what only digests are known, the least is said', async (t) => {
  const text = diagnosisLines(notShownCase()).map((line) => line.text);
  t.match(text, [/^not executed or not shown: layer 0 CONV_2D$/, /^layer 1 RESHAPE: at least 1 of 16 000 elements differ/, /was never shown$/, /no output differs$/]);
});

t.test('almost all is not all; partly judged is said', async (t) => {
  const [, culprit] = diagnosedLayers();
  if (culprit === undefined || culprit.own === null) throw new Error('no culprit');
  const one = { ...culprit, own: { ...culprit.own, samples: 12 }, diagnosis: culprit.diagnosis.slice(0, 1).map((cause) => ({ ...cause, wrong: 100_000, explained: 99_999 })) };
  const text = diagnosisLines(diagnosedCase({ layers: [one] })).map((line) => line.text).join('\n');
  t.match(text, /explains 99 999 of 100 000 elements in 8 samples, 99\.9 %/);
  t.match(text, /12 of 40 samples judged/);
  t.same([0.99999, 0.9999999999, 0.01, 1, 1e-7].map(sharePercent), ['99.999', '99.99999999', '1', '100', '0.00001']);
  t.equal(ranges([7, 1, 2, 3, 9, 10]), '1-3, 7, 9, 10');
});
