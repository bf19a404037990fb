import { execa } from 'execa';
import t from 'tap';
import { renderJunit } from './junit.ts';
import type { AttemptReport, Report } from './report.ts';
import { diagnosedCase } from './testing/diagnosed-reports.ts';
import { hostileReport, HOSTILE } from './testing/hostile.ts';
import { againstSchema, jenkinsSchema, NEWER, OLDER } from './testing/jenkins-schema.ts';
import { benchCase, caseReport, failCase, report, sampleReports } from './testing/sample-reports.ts';

/** JUnit as Jenkins' xunit plugin checks it before it reads it. */
t.setTimeout(120_000);
const attempt = (reason: string): AttemptReport => ({ verdict: 'bench-error', code: 'link.no-hello', reason, startedAt: '2026-11-21T10:45:02.117Z', durationMs: 5123 });
const again = { attempts: [attempt('no HELLO within 5000 ms'), attempt('port busy')] };
const [newer, older] = [await jenkinsSchema(NEWER), await jenkinsSchema(OLDER)];
const xmllint = (await execa('xmllint', ['--version'], { reject: false })).failed ? 'no xmllint (Debian: libxml2-utils)' : false;
const skip = xmllint !== false ? xmllint : 'missing' in newer ? newer.missing : 'missing' in older ? older.missing : false;

const samples: Record<string, Report> = {
  ...sampleReports(), diagnosed: report([diagnosedCase()]), hostile: hostileReport(),
  attempts: report([caseReport(again), { ...failCase(), ...again }, { ...benchCase(), ...again }]), hostileAttempts: report([caseReport({ attempts: HOSTILE.map(attempt) })]),
};

t.test('every sample, against the schema of today', { skip }, async (t) => {
  for (const [name, sample] of Object.entries(samples)) t.equal(await againstSchema(renderJunit(sample), 'file' in newer ? newer.file : ''), '', name);
});

t.test('without attempts also against the one before', { skip }, async (t) => {
  for (const name of ['mixed', 'hostile', 'empty'] as const) t.equal(await againstSchema(renderJunit(samples[name]!), 'file' in older ? older.file : ''), '', name);
});

t.test('the schema can refuse', { skip }, async (t) => {
  const xml = renderJunit(samples['attempts']!);
  for (const [from, to] of [['tests="', 'skips="'], ['<flakyError ', '<flakyTrouble '], ['time="', 'time="1e'], ['<properties>', '<properties><x/>']] as const) {
    t.match(await againstSchema(xml.replace(from, to), 'file' in newer ? newer.file : ''), /\S/, `${from} -> ${to}`);
  }
});

t.test('attempts: flaky where it passed in the end, rerun where it did not', async (t) => {
  const xml = renderJunit(samples['attempts']!);
  t.equal(xml.match(/<flakyError message="no HELLO within 5000 ms" type="link\.no-hello"><stackTrace>bench-error \(link\.no-hello\) at 2026-11-21T10:45:02\.117Z, after 5\.123 s: no HELLO/g)?.length, 1);
  t.equal(xml.match(/<rerunError /g)?.length, 4);
  t.equal(xml.match(/name="attempts" value="3"/g)?.length, 3);
  t.notMatch(renderJunit(report([caseReport()])), /flaky|rerun/);
});
