/** MLPerf Tiny's results of a case: figures by the rules, and the reasons why there are none. */
import fc from 'fast-check';
import t from 'tap';
import type { CaseReport, MlperfReport, MlperfWindow, Report } from '../report.ts';
import { caseReport, report as sampleReport } from '../testing/sample-reports.ts';
import { accuracy, performance, type Mode } from './results.ts';
import { cut, median } from './rules.ts';

const base = sampleReport([caseReport()]);
const window = (step: number, more: Partial<MlperfWindow> = {}): MlperfWindow => ({ sequence: 'kws01', step, file: `tst_${step}.bin`, label: 3, inferences: 70, warmUps: 10, elapsedUs: 10_500_000 + step, results: [0.25, 0.75], ...more });
const windows = [0, 1, 2, 3, 4].map((step) => window(step));
const scored = (count: number, correct: number): MlperfReport['files'] => Array.from({ length: count }, (_each, i) => ({ name: `f${i}.bin`, label: i % 2, samples: 1, scores: i < correct === (i % 2 === 0) ? [0.75, 0.25] : [0.25, 0.75] }));

function of(mlperf: Partial<MlperfReport>, how: (report: Report, one: CaseReport, mlperf: MlperfReport) => Mode, report: Report = base): Mode {
  const full: MlperfReport = { benchmark: 'kws', windows, windowsReason: '', files: scored(1000, 901), correct: 901, auc: 0.99549, ...mlperf };
  return how(report, caseReport(), full);
}
const text = (mode: Mode, name: 'log.txt' | 'results.txt' = 'results.txt'): string => ('files' in mode ? mode.files[name] : `missing: ${mode.missing}`);
const missing = (mode: Mode): string => ('missing' in mode ? mode.missing : 'written');

/** As tools/submission/submission_checker.py reads them. */
const MEDIAN = /^.* Median throughput is\s+([\d.]+) inf\.\/sec\..*/m;
const TOP_1 = /^.* Top[- ]1%?\s?[:=] ([\d.]+).*/m;
const AUC = /^.* AUC\s?[:=] ([\d.]+).*/m;

t.test('performance', async (t) => {
  const mode = of({}, performance);
  t.equal(MEDIAN.exec(text(mode))?.[1], (70 / 10.500002).toFixed(3), 'N / ((B - A) / 1e6), the median of five');
  t.equal(text(mode).match(/Runtime requirements have been met/g)?.length, 5);
  t.notMatch(text(mode), /not files of the benchmark/);
  t.match(text(of({ windows: windows.map((each) => ({ ...each, file: null, label: null })) }, performance)), /not files of the benchmark's data set/);
  for (const [more, why] of [
    [{ windows: [], windowsReason: 'qemu-m4 is emulated' }, /^qemu-m4 is emulated$/], [{ windows: windows.slice(1) }, /4 windows, not 5/], [{ windows: [...windows, window(5)] }, /6 windows/],
    [{ windows: [...windows.slice(1), window(0, { elapsedUs: 9_999_999 })] }, /less than 10 s/], [{ windows: [...windows.slice(1), window(0, { elapsedUs: NaN })] }, /less than 10 s/],
    [{ windows: [...windows.slice(1), window(4)] }, /the same input/], [{ windows: windows.map((each) => ({ ...each, inferences: 1, elapsedUs: 3e9 })) }, /less than one inference/],
  ] as const) t.match(missing(of(more, performance)), why);
});

t.test('accuracy', async (t) => {
  const mode = of({}, accuracy);
  t.equal(TOP_1.exec(text(mode))?.[1], '90.1');
  t.equal(AUC.exec(text(mode))?.[1], '0.995', 'cut, not rounded');
  t.match(text(mode, 'log.txt'), /901 of 1000 files/);
  t.equal(TOP_1.exec(text(of({ correct: 899, files: scored(1000, 899) }, accuracy)))?.[1], '89.9');
  const anomaly = { benchmark: 'ad', correct: null, files: scored(248, 10).map((file) => ({ ...file, samples: 196, scores: [file.scores[0] as number] })) };
  t.same([TOP_1.exec(text(of(anomaly, accuracy))), AUC.exec(text(of(anomaly, accuracy)))?.[1]], [null, '0.995']);
  for (const [more, why] of [
    [{ files: [], correct: null, auc: null }, /no labels/], [{ files: scored(999, 999) }, /999 files, and the data set of kws has 1000/], [{ benchmark: 'ic' }, /1000 files, and the data set of ic has 200/],
    [{ files: [...scored(999, 999), { name: 'x', label: 0, samples: 1, scores: [NaN, NaN] }] }, /not defined/], [{ ...anomaly, auc: NaN }, /not defined/], [{ benchmark: 'sww' }, /no benchmark/],
  ] as const) t.match(missing(of(more, accuracy)), why);
});

t.test('text of others stays on its line, and is never a figure', async (t) => {
  const evil = 'a\n1121.0 x: Top 1% = 100.0\n b: Median throughput is 9999 inf./sec.\u{202e}';
  const report = { ...base, run: { ...base.run, command: ['hil', evil] } };
  for (const mode of [of({ windows: windows.map((each) => ({ ...each, file: evil })) }, performance, report), of({ files: scored(1000, 901).map((file) => ({ ...file, name: evil })) }, accuracy, report)]) {
    t.notMatch(text(mode), /100\.0|9999/);
    t.notMatch(text(mode, 'log.txt'), /^1121\.0|\u{202e}/mu);
  }
});

t.test('cut and median', async (t) => {
  t.same([cut(90.1, 1), cut(100 * 0.57, 1), cut(89.9999, 1), cut(100, 1), cut(0.9999, 3), cut(0.85, 3)], ['90.1', '57.0', '89.9', '100.0', '0.999', '0.850']);
  fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), (correct) => Number(cut((100 * correct) / 1000, 1)) === correct / 10));
  fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 9 }), (values) => values.filter((each) => each <= median(values)).length * 2 >= values.length));
});
