import t from 'tap';
import { deepCase, diagnosedCase, diagnosedLayers } from '../testing/diagnosed-reports.ts';
import { failCase, faultCase, judgedCase, layer, passCase, tensor } from '../testing/sample-reports.ts';
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
  t.match(diagnosisLines({ ...faultCase(), layers: [layer({ ran: 'not executed', mismatched: 9, tensors: [tensor({ mismatched: 9 })] })] }), [{ head: 'unrun', text: /^not executed: layer 0 / }, { head: 'mismatch', text: /was never shown/ }, { head: 'spread' }]);
});

t.test('a case that passes by its metrics has one line', async (t) => {
  t.same(diagnosisLines(judgedCase()), [{ head: 'differs', text: '2 layers differ from the reference, 1 by themselves; 1 layer inherited the error (1); output torque: 64 of 1 800 elements differ' }]);
  t.same(heads(diagnosisLines(judgedCase(), true)), ['culprit', 'cause', 'spread', 'mismatch', 'mismatch', 'mismatch']);
});

t.test('almost all is not all; partly judged is said', async (t) => {
  const [, culprit] = diagnosedLayers();
  if (culprit === undefined || culprit.own === null) throw new Error('no culprit');
  const one = { ...culprit, own: { ...culprit.own, samples: 12 }, diagnosis: culprit.diagnosis.slice(0, 1).map((cause) => ({ ...cause, wrong: 100_000, explained: 99_999 })) };
  const text = diagnosisLines(diagnosedCase({ layers: [one] })).map((line) => line.text).join('\n');
  t.match(text, /explains 99 999 of 100 000 elements in 8 samples, 99\.9 %/);
  t.match(text, /12 of 40 samples judged/);
  t.equal(ranges([7, 1, 2, 3, 9, 10]), '1-3, 7, 9, 10');
});
