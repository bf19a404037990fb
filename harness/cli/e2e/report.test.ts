import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { renderJson } from '../../report/index.ts';
import { diagnosedCase } from '../../report/testing/diagnosed-reports.ts';
import { hostileReport } from '../../report/testing/hostile.ts';
import { report } from '../../report/testing/sample-reports.ts';
import { hil, scratch } from './hil.ts';

/** hil report: from a report.json, e.g. of a CI artifact, to everything that a person reads. */
t.setTimeout(60_000);
const dir = scratch(t);
const RENDERED = ['junit.xml', 'report.html', 'report.json', 'report.tap', 'summary.md'];
const run = path.join(dir, 'run');
mkdirSync(run);
writeFileSync(path.join(run, 'report.json'), renderJson(report([diagnosedCase()])));
const before = readFileSync(path.join(run, 'report.json'), 'utf8');

t.test('beside report.json; exit 0 although the run failed; the ten lines on the terminal', async (t) => {
  const { code, stdout, stderr } = await hil(['report', run]);
  t.equal(code, 0, stderr);
  t.same(readdirSync(run).sort(), RENDERED);
  t.equal(readFileSync(path.join(run, 'report.json'), 'utf8'), before, 'the report itself stays as it was');
  t.match(stdout, /^ {2}culprit +layer 1 DEPTHWISE_CONV_2D: 720 of 11 520 elements wrong by itself/m);
  t.match(stdout, /^FAIL {2}engine-rom: 1 fail/m);
  t.match(stdout, /^Report: .*run\/report\.html$/m);
  t.match(readFileSync(path.join(run, 'report.html'), 'utf8'), /^<!DOCTYPE html>/);
});

t.test('elsewhere, from the file, as JSON', async (t) => {
  const out = path.join(dir, 'deep', 'out');
  const { code, stdout, stderr } = await hil(['report', path.join(run, 'report.json'), '--out', out, '--json']);
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(JSON.parse(stdout), { verdict: 'fail', cases: 1, files: { 'report.html': path.join(out, 'report.html'), 'summary.md': /summary\.md$/ } });
  t.same(readdirSync(out).sort(), RENDERED);
  const quiet = await hil(['report', run, '--out', out, '--quiet']);
  t.match(quiet.stdout, /^FAIL {2}engine-rom: [^\n]*\n?$/);
});

t.test('what is no report: exit 2, nothing written', async (t) => {
  const bad = path.join(dir, 'bad');
  mkdirSync(bad);
  const refused = async (where: string, message: RegExp): Promise<void> => {
    const { code, stderr } = await hil(['report', where]);
    t.equal(code, 2, `${where}: ${stderr}`);
    t.match(stderr, message);
    t.notOk(existsSync(path.join(bad, 'report.html')));
  };
  await refused(path.join(dir, 'nowhere'), /^hil: cannot read .*nowhere\n {2}-> Name a folder that hil run wrote/);
  await refused(bad, /cannot read .*bad\/report\.json/);
  writeFileSync(path.join(bad, 'report.json'), '{"schema": "hil-report/1"}');
  await refused(bad, /is not a hil-report\/1: /);
  writeFileSync(path.join(bad, 'report.json'), before.slice(0, -40));
  await refused(bad, /report\.json is not JSON/);
  mkdirSync(path.join(dir, 'folder', 'report.json'), { recursive: true });
  await refused(path.join(dir, 'folder'), /cannot read/);
});

t.test('--github: annotations on the line of the suite file, the summary behind what is there', async (t) => {
  const workspace = path.join(dir, 'work');
  mkdirSync(path.join(workspace, 'suites'), { recursive: true });
  const suite = path.join(workspace, 'suites', 'suite.json');
  const failing = diagnosedCase();
  writeFileSync(suite, `{\n "cases": [\n  {"name": ${JSON.stringify(failing.name)}}\n ]\n}\n`);
  const there = path.join(dir, 'there');
  mkdirSync(there);
  writeFileSync(path.join(there, 'report.json'), renderJson(report([failing], { suite: { name: 'engine-rom', description: '', file: suite } })));
  const summary = path.join(dir, 'step-summary.md');
  writeFileSync(summary, 'before\n');
  const env = { GITHUB_WORKSPACE: workspace, GITHUB_STEP_SUMMARY: summary };
  const { code, stdout, stderr } = await hil(['report', there, '--github', '--quiet'], { env });
  t.equal(code, 0, stderr);
  t.match(stdout, /^::error file=suites\/suite\.json,line=3,title=code under test fails%3A [^\n]*::/);
  t.match(readFileSync(summary, 'utf8'), /^before\n\n## ❌ FAIL: engine-rom/);
  const json = await hil(['report', there, '--github', '--json'], { env: { GITHUB_WORKSPACE: path.join(dir, 'elsewhere'), GITHUB_STEP_SUMMARY: '' } });
  t.match(JSON.parse(json.stdout), { github: { annotations: [/^::error title=code under/], summary: 'no GITHUB_STEP_SUMMARY' } }, 'only JSON there, and no line of a file that is not in the workspace');
  t.match(json.stderr, /^::error title=/m, 'the runner reads standard error too');
});

t.test('hostile names stay text', async (t) => {
  const hostile = path.join(dir, 'hostile');
  mkdirSync(hostile);
  writeFileSync(path.join(hostile, 'report.json'), renderJson(hostileReport()));
  const { code, stdout } = await hil(['report', hostile]);
  t.equal(code, 0);
  // eslint-disable-next-line no-control-regex
  t.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  t.same(readdirSync(hostile).sort(), RENDERED);
});
