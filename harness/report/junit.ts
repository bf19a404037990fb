import { culpritLines, diagnosisLines } from './diagnosis/lines.ts';
import { escapeText as escapeLog } from './escape/terminal.ts';
import { escapeText } from './escape/xml.ts';
import { caseTitle, faultLines, layerTitle, limitText, mismatchedText, mismatchText, number, ownText, plural, ranToItsEnd, wrongByItself } from './format.ts';
import type { AttemptReport, CaseReport, LayerReport, OutputReport, Report, ReportDevice } from './report.ts';

/**
 * JUnit XML as GitLab, GitHub reporters and Jenkins read it. A suite is a case on a device; its test cases are the case's
 * verdict, each layer, each output and each metric, so that the layer shows. failure: the code under test is wrong.
 * error: bench, build or an interrupt. Their text repeats the message, which some viewers hide. Attempts that ended in bench
 * errors are Surefire's flakyError where the case then passed and rerunError where it did not; who does not know them passes over
 * them. Only what Jenkins' xunit plugin takes (junit-10.xsd) is used.
 */
export function renderJunit(report: Report): string {
  const unique = uniqueNames();
  const suites = report.cases.map((one) => suiteOf(report, one, unique));
  if (suites.length === 0) suites.push(emptySuite(report));
  const head = `<testsuites name=${attribute(`hil ${report.suite.name}`)} ${countsOf(suites.flatMap((suite) => suite.tests))} time="${inSeconds(report.run.durationMs)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.map((suite) => suite.xml).join('')}</testsuites>\n`;
}

type Kind = 'passed' | 'failure' | 'error' | 'skipped';
interface Test { readonly name: string; readonly kind: Kind; readonly message: string; readonly lines: readonly string[]; readonly ms: number; readonly out: readonly string[]; readonly attempts?: readonly AttemptReport[] }
interface Suite { readonly tests: readonly Test[]; readonly xml: string }

const LOG_LINES = 200;

function suiteOf(report: Report, one: CaseReport, unique: (name: string) => string): Suite {
  const tests = testsOf(one);
  const classname = unique(`hil.${report.suite.name}.${one.name}.${one.device}`);
  const device = report.devices.find(({ id }) => id === one.device);
  const names = uniqueNames();
  const xml = [
    `  <testsuite name=${attribute(caseTitle(one))} ${totalsOf(tests)} time="${inSeconds(one.durationMs)}" timestamp=${attribute(report.run.startedAt)}${report.run.source === undefined ? '' : ` hostname=${attribute(report.run.source.bench)}`}>`,
    `    <properties>`,
    ...properties(report, one, device).map(([name, value]) => `      <property name="${name}" value=${attribute(value)}/>`),
    `    </properties>`,
    ...tests.map((test) => testXml(test, classname, names(test.name))),
    `  </testsuite>`,
  ];
  return { tests, xml: `${xml.join('\n')}\n` };
}

function properties(report: Report, one: CaseReport, device: ReportDevice | undefined): [string, string][] {
  return [
    ['device', one.device], ['device.kind', device?.kind ?? 'unknown'], ['device.core', device?.core ?? 'unknown'], ['device.simulated', String(device?.simulated ?? 'unknown')],
    ['model.file', one.model?.file ?? ''], ['model.sha256', one.model?.sha256 ?? ''], ['generator', one.generator === null ? '' : `${one.generator.name} ${one.generator.version}`],
    ['image.sha256', one.image?.sha256 ?? ''], ['image.buildId', one.image?.buildId ?? ''], ['image.compiler', one.image?.compiler ?? ''],
    ['profile', one.profile], ['run', report.run.id], ['hil', report.run.hilVersion],
    ['commit', report.run.source?.commit ?? ''], ['attempts', String((one.attempts?.length ?? 0) + 1)],
  ];
}

function testsOf(one: CaseReport): Test[] {
  const ended = ranToItsEnd(one);
  const out = [...(one.log.length > LOG_LINES ? [`(${one.log.length - LOG_LINES} earlier lines left out)`] : []), ...one.log.slice(-LOG_LINES)];
  const kind: Kind = one.verdict === 'pass' ? 'passed' : one.verdict === 'fail' ? 'failure' : one.verdict === 'skipped' ? 'skipped' : 'error';
  const lines = [...one.reasons, ...diagnosisLines(one).map(({ head, text }) => `${head}: ${text}`), ...(one.fault === null ? [] : faultLines(one.fault))];
  const verdict: Test = { name: 'verdict', kind, message: `${one.verdict}: ${one.reasons[0] ?? 'no reason given'}`, lines, ms: one.durationMs, out, attempts: one.attempts ?? [] };
  return [verdict, ...one.layers.map((layer) => layerTest(layer, one, ended)), ...one.outputs.flatMap((output) => outputTests(output, one, ended))];
}

function part(name: string, wrong: boolean, ended: boolean, message: string, lines: readonly string[] = []): Test {
  const kind: Kind = wrong ? (ended ? 'failure' : 'error') : ended ? 'passed' : 'skipped';
  return { name, kind, message: kind === 'skipped' ? 'the case ended before this was fully compared' : message, lines, ms: 0, out: [] };
}

function layerTest(layer: LayerReport, { samples, judge }: CaseReport, ended: boolean): Test {
  const name = layerTitle(layer);
  if (layer.ran === 'not executed') return { ...part(name, ended, ended, layer.mismatched > 0 ? 'not executed or not shown' : 'not executed'), kind: ended ? 'failure' : 'skipped' };
  if (layer.compared === 0 && layer.mismatched === 0) return { ...part(name, false, false, ''), message: 'not compared: the generator exposes no tensor of it' };
  const own = wrongByItself(layer) ? culpritLines(layer, samples, true).map(({ head, text }) => `${head}: ${text}`) : [ownText(layer)];
  const lines = [...own, ...layer.tensors.map((tensor) => mismatchText(layer, tensor)).filter((text) => text !== null)];
  return part(name, layer.mismatched > 0 && judge !== 'metrics', ended, `${mismatchedText(layer)} of ${plural(layer.compared, 'element')} differ, max |d| ${number(layer.maxAbsDiff)}`, lines.filter((line) => line !== ''));
}

function outputTests(output: OutputReport, { judge }: CaseReport, ended: boolean): Test[] {
  const values = part(`output ${output.name}`, (output.mismatched > 0 && judge !== 'metrics') || output.compared === 0, ended, `${number(output.mismatched)} of ${plural(output.compared, 'element')} differ, max |d| ${number(output.maxAbsDiff)}`);
  const metrics = output.metrics.map((metric) => part(`output ${output.name}: ${metric.name}`, !metric.passed, ended,
    `${number(metric.value)} ${metric.unit}${limitText(metric) === '' ? '' : `, ${limitText(metric)}`}`));
  return [values, ...metrics];
}

function testXml(test: Test, classname: string, name: string): string {
  const inner: string[] = [];
  if (test.kind === 'skipped') inner.push(`<skipped message=${attribute(test.message)}/>`);
  if (test.kind === 'failure' || test.kind === 'error') {
    const text = [test.message, ...test.lines].map(textLine).join('\n');
    inner.push(`<${test.kind} message=${attribute(test.message)} type="${test.kind === 'failure' ? 'wrong' : 'bench'}">${text}</${test.kind}>`);
  }
  for (const attempt of test.attempts ?? []) inner.push(attemptXml(attempt, test.kind === 'passed' ? 'flakyError' : 'rerunError'));
  if (test.out.length > 0) inner.push(`<system-out>${test.out.map(textLine).join('\n')}</system-out>`);
  const head = `    <testcase name=${attribute(name)} classname=${attribute(classname)} time="${inSeconds(test.ms)}"`;
  return inner.length === 0 ? `${head}/>` : `${head}>\n${inner.map((line) => `      ${line}`).join('\n')}\n    </testcase>`;
}

function attemptXml({ verdict, code, reason, startedAt, durationMs }: AttemptReport, tag: 'flakyError' | 'rerunError'): string {
  const text = `${verdict} (${code}) at ${startedAt}, after ${inSeconds(durationMs)} s: ${reason}`;
  return `<${tag} message=${attribute(reason)} type=${attribute(code)}><stackTrace>${textLine(text)}</stackTrace></${tag}>`;
}

/** A run without cases must not look like a run without failures. */
function emptySuite(report: Report): Suite {
  const test: Test = { name: 'verdict', kind: 'error', message: `${report.verdict}: no case ran`, lines: [], ms: report.run.durationMs, out: [] };
  const xml = `  <testsuite name="hil" ${totalsOf([test])} time="${inSeconds(report.run.durationMs)}">\n${testXml(test, 'hil', 'verdict')}\n  </testsuite>\n`;
  return { tests: [test], xml };
}

const countOf = (tests: readonly Test[], kind: Kind): number => tests.filter((test) => test.kind === kind).length;

/** Of all suites; how many are skipped is told by each suite alone. */
function countsOf(tests: readonly Test[]): string {
  return `tests="${tests.length}" failures="${countOf(tests, 'failure')}" errors="${countOf(tests, 'error')}"`;
}

function totalsOf(tests: readonly Test[]): string {
  return `${countsOf(tests)} skipped="${countOf(tests, 'skipped')}"`;
}

/** GitLab keeps one of several tests of the same classname and name; so the escaped names must differ. */
function uniqueNames(): (name: string) => string {
  const used = new Set<string>();
  return (name) => {
    const shown = escapeText(name, 500);
    let candidate = name;
    for (let count = 2; used.has(escapeText(candidate, 500)); count++) candidate = `${name.slice(0, 400)} (${count})`;
    used.add(candidate === name ? shown : escapeText(candidate, 500));
    return candidate;
  };
}

/** Such lines end up in CI logs, where a line that begins like a workflow command would be one. */
function textLine(text: string): string {
  return escapeText(escapeLog(text));
}

function attribute(text: string): string {
  return `"${escapeText(text, 500)}"`;
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
