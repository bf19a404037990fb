import type { CaseReport, MlperfReport, Report } from '../report.ts';
import { BENCHMARKS, cut, median, throughput, WINDOWS, WINDOW_SECONDS } from './rules.ts';

/** The three files of one mode. */
export interface ModeFiles {
  readonly 'log.txt': string;
  readonly 'results.txt': string;
  readonly 'results.json': string;
}
/** Files of a mode, or why there are none. */
export type Mode = { readonly files: ModeFiles; readonly figure: string } | { readonly missing: string };

const RULE = '-'.repeat(57);

/** Five windows and their median; none where fewer were measured, one is too short, or two are of the same input. */
export function performance(report: Report, one: CaseReport, mlperf: MlperfReport): Mode {
  const { windows } = mlperf;
  if (windows.length === 0) return { missing: mlperf.windowsReason };
  if (windows.length !== WINDOWS) return { missing: `${windows.length} windows, not ${WINDOWS}` };
  const short = windows.find(({ elapsedUs }) => !(elapsedUs >= WINDOW_SECONDS * 1e6));
  if (short !== undefined) return { missing: `a window of ${(short.elapsedUs / 1e6).toFixed(3)} s, less than ${WINDOW_SECONDS} s` };
  if (new Set(windows.map(({ sequence, step }) => `${step} ${sequence}`)).size !== WINDOWS) return { missing: 'two windows are of the same input' };
  const each = windows.map(throughput);
  const middle = median(each).toFixed(3);
  if (Number(middle) === 0) return { missing: 'less than one inference in 1000 s' };
  const made = windows.some(({ file }) => file === null);
  const note = made ? ['The inputs are the suite\'s own samples, not files of the benchmark\'s data set, as a submission needs them.'] : [];
  const stamp = timestamp(report);
  const lines = windows.flatMap((window, k) => [
    `Performance results for window ${k + 1}`, `    # Inferences : ${window.inferences}`, `    Runtime: ${window.elapsedUs / 1e6} sec.`,
    `    Throughput: ${each[k]} inf./sec.`, '    Runtime requirements have been met.',
  ]);
  return { figure: `median ${middle} inf./sec.${made ? ', of inputs that are not of the data set' : ''}`, files: {
    'log.txt': text([...header(report, one), ...note, ...windows.map((window, k) => `window ${k + 1}: ${plain(window.file ?? `sequence ${window.sequence}, sample ${window.step}`)}: ${window.warmUps} warm-ups, ${window.inferences} inferences in ${window.elapsedUs} us; results [${window.results.join(', ')}]`), RULE, `median of ${each.map((value) => value.toFixed(3)).join(', ')}: ${middle} inf./sec.`]),
    'results.txt': text([...lines, ...note.map((line) => `${stamp} hil: ${line}`), `${stamp} hil: ${RULE}`, `${stamp} hil: Median throughput is ${middle.padStart(10)} inf./sec.`, `${stamp} hil: ${RULE}`]),
    'results.json': json(windows.map((window, k) => ({
      file: window.file ?? `${window.sequence}/${window.step}`, class: window.label === null ? null : String(window.label), mode: 'p',
      infer: { results: window.results, elapsed_time: window.elapsedUs, throughput: each[k], iterations: window.inferences, warmups: window.warmUps, total_inferences: 1 },
    }))),
  } };
}

/** Top-1 and AUC over the whole accuracy data set; a part of it is no accuracy of the benchmark. */
export function accuracy(report: Report, one: CaseReport, mlperf: MlperfReport): Mode {
  const { files, correct, auc } = mlperf;
  const benchmark = BENCHMARKS[mlperf.benchmark];
  if (benchmark === undefined) return { missing: `no benchmark is called ${mlperf.benchmark}` };
  if (files.length === 0) return { missing: 'the case has no labels' };
  if (files.length !== benchmark.files) return { missing: `${files.length} files, and the data set of ${mlperf.benchmark} has ${benchmark.files}` };
  const spoilt = files.some(({ scores }) => !scores.every(Number.isFinite));
  if (spoilt || (benchmark.accuracy === 'auc' ? auc === null || !Number.isFinite(auc) : correct === null)) return { missing: `its ${benchmark.accuracy} is not defined: a score is no number, or a class has no file` };
  const stamp = timestamp(report);
  const figures = [
    ...(correct === null ? [] : [`Top 1% = ${cut((100 * correct) / files.length, 1)}`]),
    ...(auc === null || !Number.isFinite(auc) ? [] : [`AUC = ${cut(auc, 3)}`]),
  ];
  return { figure: figures.join(', '), files: {
    'log.txt': text([...header(report, one), ...files.map((file) => `${plain(file.name)}: label ${file.label}${file.samples > 1 ? `, mean of ${file.samples}` : ''}: [${file.scores.join(', ')}]`), RULE, ...(correct === null ? [] : [`${correct} of ${files.length} files`]), ...figures]),
    'results.txt': text(figures.map((figure) => `${stamp} hil: ${figure}`)),
    'results.json': json(files.map(({ name, label, samples, scores }) => ({
      file: name, classes: String(benchmark.classes), class: String(label), mode: 'a', infer: { results: scores, iterations: 1, warmups: 0, total_inferences: samples },
    }))),
  } };
}

function header(report: Report, one: CaseReport): string[] {
  const device = report.devices.find(({ id }) => id === one.device);
  return [
    `Made by hil ${report.run.hilVersion}, not by the benchmark's own runner.`,
    `run ${report.run.id}, ${report.run.startedAt}: ${plain(report.run.command.join(' '))}`,
    `device ${plain(one.device)}: ${device === undefined ? 'not known' : `${device.kind}, ${plain(device.core)}, ${device.clockHz} Hz${device.simulated ? ', emulated' : ''}`}`,
    `case ${plain(one.name)}: model ${plain(one.model?.file ?? 'not known')}, SHA-256 ${one.model?.sha256 ?? 'not known'}`,
    one.image === null ? 'the device ran its own firmware' : `image ${one.image.sha256}, ${plain(one.image.compiler)} ${plain(one.image.flags.join(' '))}; C by ${plain(one.generator?.name ?? 'nobody known')} ${plain(one.generator?.version ?? '')}`,
    ...one.reasons.map((reason) => `note: ${plain(reason)}`),
    'energy: not measured', RULE,
  ];
}

/** As the runner begins its lines: MMDD.HHMMSS, UTC. */
function timestamp({ run }: Report): string {
  const digits = run.startedAt.replace(/\D/g, '');
  return `${digits.slice(4, 8)}.${digits.slice(8, 14)}`;
}

/** On one line, whatever it is. */
const plain = (value: string): string => value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}').slice(0, 1000);
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const json = (value: unknown): string => `${JSON.stringify(value)}\n`;
