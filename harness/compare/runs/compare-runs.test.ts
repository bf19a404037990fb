import t from 'tap';
import type { CaseReport, Report } from '../../report/index.ts';
import { caseReport, layer, output, QEMU_M4, report } from '../../report/testing/sample-reports.ts';
import { compareRuns, runLines, type RunDiff } from '../index.ts';

const of = (cases: readonly CaseReport[], changes: Partial<Report> = {}): Report => report(cases, { devices: [QEMU_M4], ...changes });
const compare = (a: Report, b: Report): RunDiff => compareRuns({ label: 'A', report: a }, { label: 'B', report: b });
const plain = (_style: string, text: string): string => text;
const base = caseReport();

t.test('the same run', async (t) => {
  const diff = compare(of([base]), of([base]));
  t.match(diff, { equal: true, cases: [{ equal: true, conditions: [], changes: [] }] });
  t.ok(diff.cases[0]!.figures.length >= 4 && diff.cases[0]!.comparedA > 1000);
  t.match(runLines(diff, plain).at(-1), /^EQUAL {2}1 case, \d+ elements compared with the reference in both$/);
});

t.test('layers, own error, causes and verdicts that changed', async (t) => {
  const own = { compared: 100, mismatched: 7, maxAbsDiff: 2, samples: 10, first: null };
  const cause = { cause: 'bias.missing', text: 'the bias was left out', wrong: 7, explained: 7, contradicted: 0, samples: 1, rank: 1 };
  const wrong = layer({ mismatched: 9, maxAbsDiff: 2, own, diagnosis: [cause, { ...cause, text: 'second', rank: 2 }] });
  const b = caseReport({ verdict: 'fail', reasons: ['9 elements differ'], layers: [wrong, ...base.layers.slice(1)], outputs: [output({ mismatched: 3, maxAbsDiff: 1 })] });
  const diff = compare(of([base]), of([b]));
  t.equal(diff.equal, false);
  t.same(diff.cases[0]!.changes, [
    'verdict pass -> fail: 9 elements differ',
    'output torque: 0 -> 3 elements differ from the reference, max |d| 0 -> 1',
    'layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM: mismatched 0 -> 9, max |d| 0 -> 2; own error not measured -> 7; cause: none -> the bias was left out',
  ]);
});

t.test('figures change only where they may be compared', async (t) => {
  const latency = { ...base.latency!, median: 30_000, min: 29_990, max: 30_010 };
  const slower = compare(of([base]), of([caseReport({ latency })])).cases[0]!;
  t.match(slower.figures[0], { what: 'latency', notComparable: '', changed: true });
  t.equal(slower.equal, false);
  t.match(compare(of([base]), of([caseReport({ latency: { ...base.latency!, median: base.latency!.median + 3 } })])).cases[0], { equal: true }, 'within the range of the other');
  for (const [what, other] of [
    ['compiler', { image: { ...base.image!, compiler: 'clang 19' } }], ['flags', { image: { ...base.image!, flags: ['-Os'] } }],
    ['unit', { latency: { ...latency, unit: 'cycles' as const } }], ['quality', { latency: { ...latency, quality: 'hardware' as const } }],
  ] as const) {
    const figures = compare(of([base]), of([caseReport({ latency, ...other })])).cases[0]!.figures;
    t.match(figures[0], { change: null, changed: false, notComparable: new RegExp(`^${what} `) }, what);
  }
  const clock = compare(of([base]), of([caseReport({ latency })], { devices: [{ ...QEMU_M4, clockHz: 1 }] })).cases[0]!;
  t.match(clock.figures[0], { notComparable: /^clock 25000000 Hz \/ 1 Hz/ });
  t.ok(runLines(compare(of([base]), of([caseReport({ latency, image: { ...base.image!, compiler: 'clang 19' } })])), plain).some((line) => /latency.*not compared: compiler/.test(line)));
});

t.test('figures that do not repeat exactly make no difference', async (t) => {
  for (const quality of ['approximate', 'hardware', 'measured'] as const) {
    const latency = { ...base.latency!, unit: 'us' as const, quality };
    const diff = compare(of([caseReport({ latency })]), of([caseReport({ latency: { ...latency, median: 2 * latency.median, min: 2 * latency.min, max: 2 * latency.max } })]));
    t.match(diff, { equal: true, cases: [{ equal: true }] }, quality);
    t.match(diff.cases[0]!.figures[0], { what: 'latency', change: 1, changed: false });
    t.ok(runLines(diff, plain).some((line) => /latency .*\+100\.00 % {2}\(makes no difference\)$/.test(line)));
  }
});

t.test('other inputs are noted where the command lines tell', async (t) => {
  const by = (...command: readonly string[]): Report => of([base], { run: { ...of([base]).run, command: ['hil', 'check', 'm.tflite', ...command] } });
  t.same(compare(by(), by('--seed', '1')).notes, [], 'the seed is 1 where none is given');
  t.same(compare(by('--seed', '4'), by('--seed=7')).notes, ['the inputs may differ: --seed 4 / 7']);
  t.same(compare(by('--input', 'a.npy'), by()).notes, ['the inputs may differ: --input a.npy / none']);
  t.ok(runLines(compare(by('--seed', '4'), by()), plain).some((line) => /note: the inputs may differ: --seed 4 \/ 1/.test(line)));
});

t.test('cases that only one has; another device; another model', async (t) => {
  t.match(compare(of([base, caseReport({ name: 'more' })]), of([base])), { equal: false, cases: [{ equal: true }, { name: 'more', deviceB: null, changes: ['only in A'] }] });
  const moved = compare(of([base]), of([caseReport({ device: 'nucleo' })], { devices: [{ ...QEMU_M4, id: 'nucleo', kind: 'serial' }] }));
  t.match(moved.cases, [{ deviceA: 'qemu-m4', deviceB: 'nucleo', conditions: ['device qemu-m4 -> nucleo', 'device qemu cortex-m4 / serial cortex-m4'] }]);
  t.match(compare(of([base]), of([caseReport({ model: { file: 'm', sha256: 'ff'.repeat(32) } })])), { equal: false, cases: [{ changes: [], conditions: [/^model 7d5c7d5c7d5c -> ffffffffffff$/] }] });
});

t.test('nothing compared is never equal', async (t) => {
  const nothing = caseReport({ verdict: 'bench-error', layers: [], outputs: [] });
  t.throws(() => compare(of([nothing]), of([nothing])), { code: 'diff.nothing', message: /compared an element/ });
  t.throws(() => compare(of([base]), of([caseReport({ name: 'other' })])), { code: 'diff.nothing', message: /no case/ });
  t.match(compare(of([base, { ...nothing, name: 'n' }]), of([base, { ...nothing, name: 'n' }])), { equal: false, cases: [{ equal: true }, { changes: ['nothing was compared with the reference'] }] });
});

t.test('names are escaped', async (t) => {
  const lines = runLines(compare(of([caseReport({ name: '\u001b[2J\n::error::' })]), of([caseReport({ name: '\u001b[2J\n::error::' })])), plain);
  t.notOk(lines.some((line) => /[\u001b\n]/.test(line)));
});
