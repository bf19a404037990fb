import t from 'tap';
import { renderTap } from './tap14.ts';
import { diagnosedCase, forgivenCase, notShownCase, wrongStateCase } from './testing/diagnosed-reports.ts';
import { hostileReport } from './testing/hostile.ts';
import { benchCase, failCase, passCase, report, sampleReports } from './testing/sample-reports.ts';
import { parseTap } from './testing/tap-check.ts';

for (const [name, sample] of Object.entries(sampleReports())) {
  t.test(`${name}: valid TAP 14, green only for a pass`, async (t) => {
    const text = renderTap(sample);
    const read = parseTap(text);
    t.match(text, /^TAP version 14\n/);
    t.same(read.strayLines, []);
    t.equal(read.ok && read.bailout === false, sample.verdict === 'pass');
    if (read.bailout === false) t.equal(read.count, sample.cases.length);
  });
}

t.test('diagnostics say what differs', async (t) => {
  const text = renderTap(report([failCase()]));
  t.match(text, /compared: 57600\n {6}mismatched: 1488\n {6}maxAbsDiff: 3\n {6}firstMismatch:\n {8}tensor: 14\n/);
  t.match(text, /index: \[0, 0, 5\]/);
  const diagnosed = renderTap(report([diagnosedCase()]));
  t.match(diagnosed, /not ok \d+ - layer 1 DEPTHWISE[\s\S]*ownError: "720 of 11 520 elements wrong by itself[^\n]*\n {6}pattern: "only the last 3 channels; only the right border"\n {6}worst: "expected -8, got 1[^\n]*\n {6}causes:\n {8}- "padded with 0/);
  t.match(diagnosed, /not ok \d+ - layer 2 CONV_2D[\s\S]*?ownError: inherited/);
  t.match(diagnosed, /not ok \d+ - layer 6 [\s\S]*?causes:\n {8}- "unexplained: /);
  t.match(diagnosed, /diagnosis:\n {8}- "culprit: layer 1 /);
  t.same(parseTap(diagnosed).strayLines, []);
});

t.test('what is forgiven is ok, and says so', async (t) => {
  const text = renderTap(report([forgivenCase()]));
  t.match(text, / {4}ok \d+ - layer 1 DEPTHWISE[\s\S]*?maxAbsDiff: 255[\s\S]*?forgiven: "forgiven by the tolerance for operator DEPTHWISE\*"\n {6}ownError: "720 of[\s\S]*?causes:\n/);
  t.match(text, /ok \d+ - layer 4 SOFTMAX[\s\S]*?forgiven: "forgiven by the tolerance for all layers"/);
  t.match(text, /maxAbsDiff: 3\n {6}forgiven: true/);
  t.match(parseTap(text), { ok: true, strayLines: [] });
  t.match(renderTap(report([wrongStateCase()])), /pattern: "in state tensor 17: only[\s\S]*causes:\n {8}- "too few wrong elements to name a cause"/);
  t.match(renderTap(report([notShownCase()])), /not ok \d+ - layer 0 CONV_2D[\s\S]*?ran: not executed or not shown/);
});

t.test('a dead bench bails out; one dead case among others does not', async (t) => {
  t.match(renderTap(report([benchCase(), benchCase()])), /^Bail out! the bench failed: qemu-m4: no HELLO/m);
  const read = parseTap(renderTap(report([passCase(), benchCase()])));
  t.equal(read.bailout, false);
  t.equal(read.fail, 1);
});

t.test('attempts are told, and change no point', async (t) => {
  const attempts = [{ verdict: 'bench-error' as const, code: 'link.no-hello', reason: 'no HELLO # SKIP\n...', startedAt: '2026-11-21T10:45:02.117Z', durationMs: 5123 }];
  const text = renderTap(report([{ ...passCase(), attempts }, { ...benchCase(), attempts }]));
  t.match(text, / {4}ok 1 - verdict pass\n {6}---\n {6}attempts:\n {8}- "bench-error \(link\.no-hello\) after 5\.1 s: no HELLO # SKIP\\\\n\.\.\."\n/);
  t.match(parseTap(text), { ok: false, bailout: false, count: 2, fail: 1, strayLines: [] });
  t.match(parseTap(renderTap(report([{ ...passCase(), attempts }]))), { ok: true, strayLines: [] });
});

t.test('a report that contradicts itself is not green', async (t) => {
  t.equal(parseTap(renderTap({ ...report([passCase()]), verdict: 'fail' })).bailout === false, false);
});

t.test('hostile names are text', async (t) => {
  const text = renderTap(hostileReport());
  const read = parseTap(text);
  t.same(read.strayLines, []);
  t.equal(read.bailout, false);
  t.equal(read.count, hostileReport().cases.length);
  t.equal(read.fail, hostileReport().cases.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped').length);
});
