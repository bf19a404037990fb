import t from 'tap';
import type { CaseReport, Report } from '../../report/index.ts';
import { HOSTILE, hostileReport } from '../../report/testing/hostile.ts';
import { benchCase, buildCase, caseReport, failCase, HOST, QEMU_M4, report, skippedCase, wrongLayers } from '../../report/testing/sample-reports.ts';
import { COMMENT_MARKER, comparisonMarkdown } from './comparison-markdown.ts';
import type { Comparison } from './comparison.ts';
import { compareSides } from './compare-sides.ts';

const base = caseReport();
const side = (cases: readonly CaseReport[], changes: Partial<Report> = {}) => ({ label: 'x', reports: [report(cases, { devices: [QEMU_M4, HOST], ...changes })] });
const compare = (before: readonly CaseReport[], after: readonly CaseReport[], noise?: number | null): Comparison => compareSides(side(before), side(after), () => noise ?? null);
const latency = (median: number, changes: object = {}): CaseReport => caseReport({ latency: { ...base.latency!, median, ...changes }, energy: null });
const figure = (comparison: Comparison, metric: string): unknown => comparison.figures.find((one) => one.metric === metric);

t.test('the same is the same, and how much was compared is told', async (t) => {
  const same = compare([base], [base]);
  t.match(same, { result: 'same', verdicts: [], layers: [], figures: [], compared: { cases: 1, withinNoise: 0 } });
  t.ok(same.compared.figures > 5 && same.compared.figures === same.compared.equal);
  t.match(comparisonMarkdown(same), /^<!-- hil-compare -->\n### ✅ hil: nothing changed\n\nx → x: 1 case and \d+ figures compared, \d+ equal\.\n+$/);
});

t.test('verdicts: the code under test and the bench are told apart', async (t) => {
  for (const [before, after, kind, result] of [
    [base, failCase(), 'worse', 'worse'], [base, buildCase(), 'worse', 'worse'], [failCase(), base, 'better', 'better'], [base, benchCase(), 'unknown', 'unknown'], [base, skippedCase(), 'unknown', 'unknown'],
    [failCase(), benchCase(), 'unknown', 'unknown'], [benchCase(), base, 'new', 'unknown'], [benchCase(), failCase(), 'worse', 'worse'], [failCase(), buildCase(), 'worse', 'worse'], [buildCase(), failCase(), 'better', 'unknown'],
  ] as const) {
    const comparison = compare([{ ...before, name: 'a' }], [{ ...after, name: 'a' }]);
    t.match(comparison, { verdicts: [{ kind, before: before.verdict, after: after.verdict }], result }, `${before.verdict} -> ${after.verdict}`);
  }
  t.match(compare([benchCase()], [benchCase()]), { result: 'unknown', compared: { cases: 0 } }, 'nothing compared is not the same');
  t.match(compare([], []), { result: 'unknown' });
});

t.test('cases that are gone, are new, or were not meant', async (t) => {
  const other = { ...base, name: 'pump' };
  t.match(compare([base, other], [base]), { result: 'worse', verdicts: [{ case: 'pump', kind: 'worse', after: null, reason: 'is gone' }] });
  t.match(compare([base], [base, other]), { result: 'same', verdicts: [{ kind: 'new', before: null }] });
  t.match(compare([base], [base, { ...failCase(), name: 'pump' }]), { result: 'worse', verdicts: [{ kind: 'worse', before: null, after: 'fail' }] });
  t.match(compare([base, { ...base, device: 'host' }], [base]), { result: 'same', verdicts: [], notes: ['not in the head: engine-rom on host, 1 case; not compared'], compared: { absent: 1 } });
  t.match(comparisonMarkdown(compare([base, { ...base, device: 'host' }], [base])), /nothing is worse; 1 not in the head/, 'what was not compared is in the headline');
  t.match(compare([base, { ...skippedCase(), name: 'pump' }], [base, { ...skippedCase(), name: 'pump' }]), { result: 'same', verdicts: [], notes: [/^skipped in both: /] }, 'in quarantine on both sides: no word against either');
  t.match(compare([skippedCase()], [skippedCase()]), { result: 'unknown' });
});

t.test('a pass that compares less is worse', async (t) => {
  for (const [less, reason] of [
    [{ ...base, samples: base.samples - 1 }, /^compares \d+ samples, before \d+$/], [{ ...base, layers: base.layers.slice(1) }, /^a layer is compared no more: layer 0 /], [{ ...base, judge: 'metrics' as const }, /decide nothing/],
  ] as const) {
    t.match(compare([base], [less]), { result: 'worse', verdicts: [{ kind: 'worse', before: 'pass', after: 'pass', reason }] });
    t.match(compare([less], [base]), { verdicts: [] }, 'more is welcome');
    t.match(comparisonMarkdown(compare([base], [less])), /pass -&gt; pass: /);
  }
  t.same(compare([base], [{ ...base, layers: base.layers.slice(1), model: { file: 'm', sha256: 'ff'.repeat(32) } }]).verdicts, [], 'another model has other layers');
});

t.test('layers that became wrong, of the same model only', async (t) => {
  const wrong = caseReport({ verdict: 'fail', layers: wrongLayers() });
  t.match(compare([base], [wrong]).layers, [{ kind: 'worse', layer: 0, op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', before: 0, after: 1488 }]);
  t.match(compare([wrong], [base]).layers, [{ kind: 'better', layer: 0 }]);
  t.same(compare([base], [{ ...wrong, model: { file: 'm', sha256: 'ff'.repeat(32) } }]).layers, []);
});

t.test('exact figures exactly', async (t) => {
  t.match(figure(compare([latency(100_000)], [latency(100_001)]), 'latency'), { kind: 'worse', before: 100_000, after: 100_001 });
  t.match(compare([latency(100_000)], [latency(99_999)]), { result: 'better', figures: [{ kind: 'better' }] });
  const cosine = (value: number): CaseReport => caseReport({ outputs: [{ name: 'o', compared: 9, mismatched: 0, maxAbsDiff: 0, metrics: [{ name: 'c', kind: 'cosine', value, unit: '', max: null, min: 0.5, passed: true }] }] });
  t.match(figure(compare([cosine(0.99)], [cosine(0.98)]), 'output:o:c'), { kind: 'worse' }, 'more is better there');
});

t.test('noisy figures only beyond their noise; where that is not known, neither', async (t) => {
  const cycles = (median: number): CaseReport => latency(median, { unit: 'cycles', quality: 'hardware' });
  t.match(compare([cycles(1000)], [cycles(1100)], 150), { result: 'same', figures: [], compared: { withinNoise: 1 } });
  t.match(compare([cycles(1000)], [cycles(1100)], 50), { result: 'worse', figures: [{ kind: 'worse', why: 'noise at most 50' }] });
  t.match(compare([cycles(1000)], [cycles(1100)], null), { result: 'same', figures: [{ kind: 'noise', why: 'noise not known' }] });
});

t.test('only like with like', async (t) => {
  const flags = { ...base, image: { ...base.image!, flags: ['-Os'] } };
  const unlike = compare([base], [flags]);
  t.equal(unlike.compared.equal + unlike.figures.filter(({ kind }) => kind === 'unlike').length, compare([base], [base]).compared.figures);
  t.ok(unlike.figures.every(({ kind }) => kind === 'unlike'));
  t.equal(unlike.result, 'unknown', 'nothing was compared');
  t.equal(comparisonMarkdown(unlike).match(/not comparable \|$/gm)?.length, 1, 'one row for all that differ for one reason');
  t.match(figure(compare([latency(1)], [latency(9, { unit: 'cycles', quality: 'hardware' })]), 'latency'), { kind: 'unlike', why: /modelled instructions \/ hardware cycles/ });
});

t.test('a figure that is gone is worse, not equal', async (t) => {
  const without = caseReport({ latency: null, energy: null });
  const gone = compare([base], [without]);
  t.match(gone, { result: 'worse' });
  t.match(gone.figures.map(({ metric, kind }) => `${kind} ${metric}`), ['missing latency', 'missing energy']);
  t.match(figure(compare([without], [base]), 'latency'), { kind: 'new', before: null });
});

t.test('several runs a side: the newest, but never a bench error where more is known', async (t) => {
  const at = (startedAt: string, one: CaseReport): Report => report([one], { run: { ...report([]).run, startedAt } });
  const head = { label: 'h', reports: [at('2026-01-02T00:00:00Z', benchCase()), at('2026-01-01T00:00:00Z', { ...base, name: benchCase().name })] };
  t.match(compareSides(side([{ ...base, name: benchCase().name }]), head), { result: 'same', compared: { cases: 1 } });
  const newer = { label: 'h', reports: [at('2026-01-02T00:00:00Z', failCase()), at('2026-01-01T00:00:00Z', base)] };
  t.match(compareSides(side([base]), newer), { result: 'worse' });
  const flaky = { label: 'h', reports: [at('2026-01-01T00:00:00Z', { ...failCase(), name: base.name }), at('2026-01-02T00:00:00Z', base)] };
  t.match(compareSides(side([base]), flaky).notes, [/ failed in run .* of h, and passes in its newer run /], 'a failure beside a pass is told');
});

t.test('the comment: worst first, short, within the limit, and names are text', async (t) => {
  const many = Array.from({ length: 400 }, (_, at) => ({ ...latency(1000 + at), name: `case ${at} ${'x'.repeat(150)}` }));
  const slower = many.map((one, at) => ({ ...one, latency: { ...one.latency!, median: 1000 + 2 * at } }));
  const text = comparisonMarkdown(compare(many, slower));
  t.ok(text.startsWith(`${COMMENT_MARKER}\n### ❌ hil: 399 worse`));
  t.match(text, /\| case 399 x+…? \| qemu-m4 \| latency \| 1 399 → 1 798 instructions \| \+28\.52 % \| ❌ worse \|\n\| engine-rom \| case 398 /);
  t.match(text, /359 more are left out here/);
  t.ok(Buffer.byteLength(text) < 20_000);
  const hostile = comparisonMarkdown(compareSides({ label: 'b', reports: [hostileReport()] }, { label: HOSTILE[0]!, reports: [report(hostileReport().cases.map((one) => ({ ...one, verdict: 'fail' })), { suite: hostileReport().suite, devices: hostileReport().devices })] }));
  t.ok(Buffer.byteLength(hostile) < 65_536 && hostile.length > 1000);
  t.notMatch(hostile.replaceAll(/<!-- hil-compare -->|<\/?(details|summary)>/g, ''), /<[a-z/!]|@\w|https?:\/\/|(?<!\\)!\[|(?<!\\)\]\(/i);
  for (const line of hostile.split('\n')) if (line.startsWith('|') && ![4, 7].includes((line.match(/(?<!\\)(\\\\)*\|/g) ?? []).length - 1)) t.fail(line);
});
