import t from 'tap';
import { renderJunit } from './junit.ts';
import { diagnosedCase } from './testing/diagnosed-reports.ts';
import { HOSTILE, hostileReport } from './testing/hostile.ts';
import { benchCase, caseReport, report, sampleReports, failCase } from './testing/sample-reports.ts';
import { parseJunit } from './testing/xml-check.ts';

if ((await parseJunit('<a/>')) === null) {
  t.plan(0, 'no python3 to read the XML with');
  process.exit(0);
}

t.setTimeout(120_000); // Python is started for each report

async function parsed(xml: string): Promise<NonNullable<Awaited<ReturnType<typeof parseJunit>>>> {
  const read = await parseJunit(xml);
  if (read === null) throw new Error('no python3');
  return read;
}

for (const [name, sample] of Object.entries(sampleReports())) {
  t.test(`${name}: well-formed, names unique, totals right, never green unless passed`, async (t) => {
    const read = await parsed(renderJunit(sample));
    const keys = read.cases.map((one) => `${one.classname}\n${one.name}`);
    t.equal(new Set(keys).size, keys.length);
    t.ok(read.cases.every((one) => one.kinds.length <= 1 && /^\d+\.\d{3}$/.test(one.time)));
    for (const [attribute, kind] of [['failures', 'failure'], ['errors', 'error'], ['skipped', 'skipped']] as const) {
      const total = attribute === 'skipped' ? read.suites.reduce((sum, suite) => sum + Number(suite[attribute]), 0) : Number(read.root[attribute]);
      t.equal(total, read.cases.filter((one) => one.kinds.includes(kind)).length, attribute);
    }
    t.equal(Number(read.root['tests']), read.cases.length);
    const red = Number(read.root['failures']) + Number(read.root['errors']);
    t.equal(red === 0, sample.verdict === 'pass' || sample.verdict === 'skipped');
  });
}

t.test('failure is for the target, error for bench, build and interrupts', async (t) => {
  const samples = sampleReports();
  const kinds: Record<string, string> = { pass: '', fail: 'failure', fault: 'failure', hang: 'failure', bench: 'error', build: 'error', interrupted: 'error', skipped: 'skipped', empty: 'error' };
  for (const [name, kind] of Object.entries(kinds)) {
    const sample = samples[name];
    if (sample === undefined) throw new Error(name);
    const verdict = (await parsed(renderJunit(sample))).cases.find((one) => one.name === 'verdict');
    t.same(verdict?.kinds, kind === '' ? [] : [kind], name);
  }
});

t.test('the wrong layer shows, with its first mismatch in the text', async (t) => {
  const read = await parsed(renderJunit(report([failCase()])));
  const layer = read.cases.find((one) => one.name.startsWith('layer 0'));
  t.same(layer?.kinds, ['failure']);
  t.match(layer?.texts[0], /1 488 of 57 600 elements differ[\s\S]*sequence tip-in, step 37, element \[0,5\]: expected -3, got -4/);
  t.equal(read.properties['device.simulated'], 'true');
  t.equal(read.properties['model.sha256'], '7d5c'.repeat(16));
});

t.test('the text of a layer says what it did itself, where and why', async (t) => {
  const read = await parsed(renderJunit(report([diagnosedCase()])));
  const textOf = (name: string): string => read.cases.find((one) => one.name.startsWith(name))?.texts.join('\n') ?? '';
  t.match(textOf('layer 1 '), /culprit: layer 1 DEPTHWISE_CONV_2D: 720 of 11 520 elements wrong by itself.*\nwhere: only the last 3 channels; only the right border; worst: expected -8, got 1 \(accumulator 4 538\).*\ncause: one of 2 that cannot be told apart: padded .*\ncause: less likely: each output channel/);
  t.match(textOf('layer 2 '), /inherited from an earlier layer/);
  t.match(textOf('layer 6 '), /cause: unexplained/);
  t.match(textOf('verdict'), /culprit: layer 1 [\s\S]*culprit: layer 6 [\s\S]*spread: 3 layers inherited/);
});

t.test('two cases of one name stay two, and a log is bounded', async (t) => {
  const log = Array.from({ length: 1000 }, (_, line) => `line ${line}`);
  const xml = renderJunit(report([caseReport({ log }), caseReport({ log })]));
  const read = await parsed(xml);
  t.equal(new Set(read.cases.map((one) => one.classname)).size, 2);
  t.match(xml, /\(800 earlier lines left out\)/);
  t.notMatch(xml, /line 799\b/);
});

t.test('layers of a case that ended early are never green', async (t) => {
  const dead = { ...benchCase(), layers: caseReport().layers };
  const read = await parsed(renderJunit(report([dead])));
  t.ok(read.cases.every((one) => one.kinds.length === 1));
});

t.test('hostile names are text', async (t) => {
  const xml = renderJunit(hostileReport());
  const read = await parsed(xml);
  t.equal(read.suites.length, HOSTILE.length);
  const allowed = ['failure', 'error', 'skipped', 'system-out'];
  t.ok(read.cases.every((one) => one.tags.every((tag) => allowed.includes(tag))));
  t.notMatch(xml, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  t.notMatch(xml, /^\s*::/m);
});
