import t from 'tap';
import { renderMarkdown, SUMMARY_LIMIT_BYTES } from './markdown.ts';
import { diagnosedCase, forgivenCase, notShownCase, wrongStateCase } from './testing/diagnosed-reports.ts';
import { hostileReport } from './testing/hostile.ts';
import { failCase, matrixReport, passCase, report, sampleReports, wideCase } from './testing/sample-reports.ts';

t.test('every sample: its verdict, and every row of a table has the table\'s columns', async (t) => {
  for (const [name, sample] of Object.entries(sampleReports())) tables(t, renderMarkdown(sample), name);
  t.match(renderMarkdown(report([failCase()])), /FAIL: engine-rom/);
  t.match(renderMarkdown(report([failCase()])), /\*\*1 488\*\* \| 3 \| 21 874 instructions \| 1 408 \| 1\.31 µJ \| own error: 1 488 elements \|/);
  t.match(renderMarkdown(report([])), /BENCH ERROR[\s\S]*No case ran/);
  t.match(renderMarkdown(report([passCase()])), /NPU not used, 0 of 2 operators/);
});

t.test('diagnosis, tolerances and repetitions are listed', async (t) => {
  const text = renderMarkdown(report([diagnosedCase()]));
  t.match(text, /^- \*\*culprit\*\*: layer 1 DEPTHWISE\\_CONV\\_2D: 720 of 11 520 elements wrong by itself/m);
  t.match(text, /^- where: only the last 3 channels; only the right border; worst: expected -8, got 1/m);
  t.match(text, /^- cause: unexplained: /m);
  t.match(text, /^- spread: 3 layers inherited the error \(2, 4, 9\)/m);
  t.match(text, /^- allowed: operator SOFTMAX .* BROKEN/m);
  t.match(text, /^- repeats: another order: not possible; one sample only$/m);
  tables(t, text, 'diagnosed');
});

t.test('what is forgiven, what was not shown, which tensor, too few to tell', async (t) => {
  const forgiven = renderMarkdown(report([forgivenCase()]));
  t.match(forgiven, /^\| ✅ pass \| forgiven \| qemu-m4 \| 5 \| [\d ]+ \| 0, 810 forgiven \|/m);
  t.match(forgiven, /^\| 1 \| DEPTHWISE.* \| 0 \| 255 \|.*\| ≈ differs, forgiven, own error: 720 elements \|$/m);
  t.match(forgiven, /^- forgiven: layer 1 DEPTHWISE\\_CONV\\_2D, forgiven by the tolerance for operator DEPTHWISE/m);
  t.match(forgiven, /^- output block\/softmax\\_4: 0 of 400 elements differ by more than is forgiven, max \|d\| 3 \(≈ differs, forgiven\)$/m);
  const state = renderMarkdown(report([wrongStateCase()]));
  t.match(state, /^- where: in state tensor 17: only/m);
  t.match(state, /^- cause: too few wrong elements to name a cause$/m);
  t.match(renderMarkdown(report([notShownCase()])), /^\| 0 \| CONV\S* \| 16 000 \| - \| .* \| not executed or not shown \|\n.*\| \*\*at least 1\*\* \|/m);
  t.match(renderMarkdown(report([notShownCase()])), /^\| ❌ fail \| not shown .* \| at least 1 \|/m, 'the placeholder is not counted');
  tables(t, forgiven, 'forgiven');
});

t.test('several devices: a column each, every figure with its unit; what was left out is said', async (t) => {
  const text = renderMarkdown(matrixReport());
  t.match(text, /^\| Case \| qemu-m4<br>cortex-m4 \| nucleo<br>cortex-m4 \| host<br>x86-64 \|$/m);
  t.match(text, /^\| engine torque LSTM \| ✅ pass<br>22 391 instructions \(modelled\)<br>18\.1 KiB \/ 6\.1 KiB \/ 616 B \| ❌ fail<br>31 204 cycles \(hardware\)<br>.* \| ✅ pass \|$/m);
  t.match(text, /^\| pump \| ✅ pass.* \| ⏭️ skipped<br>quarantined: .* \| - \|$/m);
  t.match(text, /^- left out: qemu-old: QEMU with the machine old$/m);
  t.notMatch(renderMarkdown(report([passCase()])), /\| Case \| qemu-m4|left out/);
  const many = Array.from({ length: 300 }, (_, at) => ({ ...passCase(), name: `case ${at}` }));
  const bounded = renderMarkdown(report(many, { devices: matrixReport().devices }), 40_000);
  t.ok(Buffer.byteLength(bounded) <= 40_000);
  t.match(bounded, /\d+ more cases: see report\.html/);
  tables(t, bounded, 'bounded');
});

t.test('attempts are told', async (t) => {
  const attempts = [{ verdict: 'bench-error' as const, code: 'link.no-hello', reason: 'no <HELLO>', startedAt: '2026-11-21T10:45:02.117Z', durationMs: 5123 }];
  t.match(renderMarkdown(report([{ ...passCase(), attempts }])), /^- repeated after bench-error \(link\.no-hello\) after 5\.1 s: no &lt;HELLO&gt;$/m);
});

t.test('the worst case comes first', async (t) => {
  const text = renderMarkdown(report([passCase(), { ...failCase(), name: 'second' }]));
  t.ok(text.indexOf('second') < text.indexOf('engine torque LSTM'));
});

t.test('stays within what GitHub takes, whatever there is', async (t) => {
  const many = renderMarkdown(report(Array.from({ length: 500 }, () => wideCase())));
  t.ok(Buffer.byteLength(many) <= SUMMARY_LIMIT_BYTES);
  t.match(many, /Details of some cases are left out/);
  const tooMany = renderMarkdown(report(Array.from({ length: 300 }, passCase)), 20_000);
  t.ok(Buffer.byteLength(tooMany) <= 20_000);
  t.match(tooMany, /more cases are left out/);
  tables(t, tooMany, 'bounded');
});

t.test('hostile names are text', async (t) => {
  const text = renderMarkdown(hostileReport());
  tables(t, text, 'hostile');
  t.notMatch(text, /<(?!br>)[a-z/!]/i);
  t.notMatch(text, /@\w|(?<!\\)`|^\s*(::|---\s*$)/m);
  t.notMatch(text, /https?:\/\//);
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  t.notMatch(text, /(?<!\\)!\[|(?<!\\)\]\(/);
});

function tables(t: Tap, text: string, name: string): void {
  let columns = 0;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) { columns = 0; continue; }
    const count = (line.match(/(?<!\\)(\\\\)*\|/g) ?? []).length;
    if (columns === 0) columns = count;
    if (count !== columns) t.fail(`${name}: ${count} marks instead of ${columns} in: ${line}`);
  }
  t.pass(name);
}
type Tap = { fail(text: string): unknown; pass(text: string): unknown };
