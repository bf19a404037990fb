import t from 'tap';
import { githubAnnotations } from './github.ts';
import type { AttemptReport } from './report.ts';
import { HOSTILE, hostileReport } from './testing/hostile.ts';
import { benchCase, buildCase, caseReport, failCase, interruptedCase, passCase, report, skippedCase } from './testing/sample-reports.ts';

const attempt: AttemptReport = { verdict: 'bench-error', code: 'link.no-hello', reason: 'no HELLO, 100%', startedAt: '2026-11-21T10:45:02.117Z', durationMs: 5123 };
const place = (): { file: string; line: number } => ({ file: 'suites/a,b:c/suite.json', line: 7 });

t.test('the worst first, each under the title of who is to blame, on its line', async (t) => {
  const lines = githubAnnotations(report([benchCase(), passCase(), skippedCase(), failCase(), buildCase(), caseReport({ name: 'flaky', attempts: [attempt] })]), place);
  t.same(lines.map((line) => /^::(\w+) file=suites\/a%2Cb%3Ac\/suite\.json,line=7,title=([^:]*?)%3A /.exec(line)?.slice(1)), [
    ['error', 'code under test fails'], ['error', 'does not build'], ['error', 'bench error'], ['warning', 'skipped'], ['warning', 'bench error%2C then passed'],
  ]);
  t.match(lines[0], /::layer 0 UNIDIRECTIONAL_SEQUENCE_LSTM is wrong by itself.*%0Aculprit: /);
  t.match(lines[4], /::repeated 1 time%0Abench-error \(link\.no-hello\) after 5\.1 s: no HELLO, 100%25$/);
  t.match(githubAnnotations(report([interruptedCase()])), [/^::error title=interrupted%3A /]);
  t.match(githubAnnotations(report([{ ...benchCase(), attempts: [attempt] }])), [/^::error title=bench error%3A .*%0Arepeated after bench-error/]);
});

t.test('a pass says nothing; a run without cases, or of skips alone, is told', async (t) => {
  t.same(githubAnnotations(report([passCase()])), []);
  t.match(githubAnnotations(report([])), [/^::error title=bench error::the run is no pass: bench-error/]);
  t.match(githubAnnotations(report([skippedCase()])), [/^::error title=hil::the run is no pass: skipped/, /^::warning title=skipped%3A /]);
  t.match(githubAnnotations({ ...report([passCase()]), verdict: 'fail' }), [/no pass: fail/], 'a report that contradicts itself');
});

t.test('at most ten of a type, the last of which says how many more there are', async (t) => {
  const lines = githubAnnotations(report([...Array.from({ length: 30 }, failCase), ...Array.from({ length: 12 }, skippedCase), ...Array.from({ length: 10 }, () => caseReport({ attempts: [attempt] }))]), place);
  const [errors, warnings] = ['::error ', '::warning '].map((start) => lines.filter((line) => line.startsWith(start)));
  t.equal(errors?.length, 10);
  t.match(errors?.at(-1), /^::error title=hil::21 more cases are no pass; see the summary$/);
  t.equal(warnings?.length, 10);
  t.match(warnings?.at(-1), /^::warning title=hil::13 more cases were skipped or repeated/);
  t.equal(githubAnnotations(report(Array.from({ length: 10 }, failCase))).length, 10, 'ten fit');
  t.notMatch(githubAnnotations(report(Array.from({ length: 10 }, failCase))).join(), /more cases/);
});

t.test('hostile names are text: one line, one command, no property of their own', async (t) => {
  const hostile = hostileReport();
  const reports = [hostile, report([...hostile.cases].reverse()), report(HOSTILE.map((name) => caseReport({ name, attempts: [{ ...attempt, code: name, reason: name }] })))];
  for (const one of reports) {
    for (const line of githubAnnotations(one, (each) => ({ file: each.name, line: 1 }))) {
      t.match(line, /^::(error|warning) (file=[^:,\n]*,line=1,)?title=[^:,\n]*::[^\n]*$/);
      t.notMatch(line, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028]/);
    }
  }
});
