import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { renderJson } from '../../report/json.ts';
import { importFiles, openHistory, writeExport, type ExportedRun, type History } from '../index.ts';
import { backEnds } from '../testing/back-ends.ts';
import { simulateRuns } from '../testing/simulated-runs.ts';
import { boundedLines, type BoundedLine } from './bounded-lines.ts';

t.setTimeout(120_000);
const dir = mkdtempSync(path.join(tmpdir(), 'hil-import-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const ends = await backEnds(t);
const reports = [...simulateRuns({ runs: 12 }).runs()];
const idle = { signal: new AbortController().signal, onProgress: () => undefined };
const file = (name: string): string => path.join(dir, name);

async function historyOf(place: string, which: readonly (typeof reports)[number][]): Promise<History> {
  const history = await openHistory(place);
  for (const report of which) await history.add({ report, dir: null });
  return history;
}
const save = (history: History, name: string): Promise<unknown> => writeExport(history, file(name), { filter: {}, table: 'points', createdBy: 'test', signal: idle.signal, onProgress: idle.onProgress });
const everything = async (history: History): Promise<unknown> => [(await history.runs({})).map(({ key }) => key), (await history.points({})).length, (await history.baselines()).map(({ run, metric, acceptedAt }) => [run, metric, acceptedAt])];

const source = await historyOf(file('source.sqlite'), reports);
await source.accept({ suite: 's', case: 'c', device: 'd', metric: 'm', likeness: 'l', value: 1, unit: 'us', run: (await source.runs({}))[0]?.key ?? '', commit: null, reason: 'r', by: 'me' });
await save(source, 'whole.ndjson');
t.teardown(() => source.close());
const lines = readFileSync(file('whole.ndjson'), 'utf8').trimEnd().split('\n');

for (const { name, skip, place } of ends) {
  t.test(`two histories merged both ways are the same set: ${name}`, { skip }, async (t) => {
    const [one, other] = [await historyOf(await place(), reports.slice(0, 8)), await historyOf(file(`other-${name}.sqlite`), reports.slice(5))];
    t.teardown(() => Promise.all([one.close(), other.close()]));
    await one.accept({ suite: 's', case: 'c', device: 'd', metric: 'm', likeness: 'l', value: 2, unit: 'us', run: (await one.runs({}))[0]?.key ?? '', commit: null, reason: 'r', by: 'me' });
    await save(one, `one-${name}.ndjson`);
    await save(other, `other-${name}.ndjson.gz`);
    t.match(await importFiles(one, [file(`other-${name}.ndjson.gz`)], idle), { read: 7, added: 4, known: 3, bad: 0 });
    t.match(await importFiles(other, [file(`one-${name}.ndjson`)], idle), { read: 8, added: 5, known: 3, baselines: 1, bad: 0 });
    t.same(await everything(one), await everything(other));
    t.match(await importFiles(one, [file(`other-${name}.ndjson.gz`), file(`one-${name}.ndjson`)], idle), { added: 0, bad: 0 }, 'again: nothing new');
    t.same(await everything(one), await everything(other));
  });
}

t.test('folders of runs', async (t) => {
  for (const [n, report] of reports.slice(0, 3).entries()) {
    mkdirSync(file(`runs/job-${n}/deep/er`), { recursive: true });
    writeFileSync(file(`runs/job-${n}/deep/er/report.json`), renderJson(report));
    writeFileSync(file(`runs/job-${n}/notes.json`), '{}');
  }
  symlinkSync(file('runs'), file('runs/job-1/around'));
  mkdirSync(file(`runs/${'d/'.repeat(12)}`), { recursive: true });
  writeFileSync(file('runs/job-0/report.json'), '{"schema": "hil-report/1"}');
  const history = await openHistory(file('folders.sqlite'));
  t.teardown(() => history.close());
  const found = await importFiles(history, [file('runs')], idle);
  t.match(found, { read: 3, added: 3, bad: 2 });
  t.match(found.problems.map(({ where, why }) => `${path.relative(dir, where)}: ${why}`).sort(), [/^runs\/d\/.*folders deep/, /^runs\/job-0\/report\.json: its report is no hil-report\/1/]);
  t.same((await history.runs({})).map((run) => run.dir).sort(), [0, 1, 2].map((n) => file(`runs/job-${n}/deep/er`)), 'and where they are');
  mkdirSync(file('empty'));
  t.match(await importFiles(history, [file('empty'), file('nowhere'), file('source.sqlite')], idle), { read: 0, bad: 3 });
});

t.test('bad lines are named, the good ones land', async (t) => {
  const good = JSON.parse(lines[0] ?? '') as ExportedRun & { report: { run: Record<string, unknown> } };
  const bad: readonly (readonly [string, RegExp])[] = [
    ['{"half": ', /no JSON/], ['[]', /schema/], ['null', /neither/], ['{"schema":"hil-history/2"}', /hil-history\/2/], [JSON.stringify({ ...good, report: { ...good.report, cases: 5 } }), /no hil-report\/1/],
    [JSON.stringify({ ...good, key: 'f'.repeat(64) }), /altered/], [JSON.stringify({ ...good, report: { ...good.report, run: { ...good.report.run, hilVersion: '9' } } }), /altered/],
    [JSON.stringify({ ...good, report: { ...good.report, run: { ...good.report.run, startedAt: 'noon' } } }), /startedAt|altered|no hil-report/], [JSON.stringify({ ...good, dir: 5 }), /dir/],
    [JSON.stringify({ ...good, baselines: [{ metric: 'm' }] }), /baseline/], [JSON.stringify({ ...good, baselines: [{ suite: 's', case: 'c', device: 'd', metric: 'm', likeness: 'l', value: 1, unit: 'us', run: 'e'.repeat(64), commit: null, reason: 'r', by: 'me', acceptedAt: '2026-01-01' }] }), /another run/],
    [`${'['.repeat(100_000)}`, /./],
  ];
  writeFileSync(file('mixed.ndjson'), `${bad.map(([line], at) => `${line}\r\n${lines[at % lines.length]}\n\n`).join('')}${lines[1]}`);
  const history = await openHistory(file('mixed.sqlite'));
  t.teardown(() => history.close());
  const found = await importFiles(history, [file('mixed.ndjson')], idle);
  t.match(found, { read: bad.length + 1, added: lines.length, bad: bad.length });
  for (const [at, [, why]] of bad.entries()) t.match(found.problems[at], { where: `${file('mixed.ndjson')}, line ${at * 3 + 1}`, why });
  t.same((await history.runs({})).map(({ key }) => key), (await source.runs({})).map(({ key }) => key));
});

t.test('a file that was cut off: what is whole in it lands', async (t) => {
  const packed = gzipSync(lines.join('\n'));
  writeFileSync(file('cut.ndjson.gz'), packed.subarray(0, packed.length - 30));
  const history = await openHistory(file('cut.sqlite'));
  t.teardown(() => history.close());
  const found = await importFiles(history, [file('cut.ndjson.gz')], idle);
  t.match(found, { bad: 1, problems: [{ why: /cannot be read to its end/ }] });
  t.ok(found.added > 0 && found.added <= lines.length);
});

t.test('whatever a file holds, importing ends, and lands only what was exported', async (t) => {
  const history = await openHistory(file('fuzz.sqlite'));
  t.teardown(() => history.close());
  const keys = new Set((await source.runs({})).map(({ key }) => key));
  const small = lines.reduce((least, line) => (line.length < least.length ? line : least));
  const spoilt = fc.tuple(fc.nat(small.length - 1), fc.nat(40), fc.string({ unit: 'binary', maxLength: 20 })).map(([at, cut, text]) => small.slice(0, at) + text + small.slice(at + cut));
  const value = fc.oneof(fc.json(), spoilt, fc.string({ unit: 'binary' }), fc.constant(small), fc.jsonValue().map((report) => JSON.stringify({ schema: 'hil-history/1', key: 'a', dir: null, report })), fc.jsonValue().map((baselines) => JSON.stringify({ ...(JSON.parse(small) as object), baselines })));
  await fc.assert(fc.asyncProperty(fc.array(value, { maxLength: 6 }), fc.boolean(), fc.nat(60), async (some, zipped, lost) => {
    const bytes = Buffer.from(some.join('\n'));
    const packed = zipped ? gzipSync(bytes) : bytes;
    const name = file(zipped ? 'fuzz.ndjson.gz' : 'fuzz.ndjson');
    writeFileSync(name, zipped ? packed.subarray(0, Math.max(0, packed.length - (lost > 30 ? lost - 30 : 0))) : packed);
    await importFiles(history, [name], idle);
    for (const { key } of await history.runs({})) if (!keys.has(key)) throw new Error(`${key} was never exported`);
  }), { numRuns: 100 });
  t.equal((await history.runs({})).length, 1, 'the one that was whole landed');
});

t.test('lines: whatever the chunks, and never more than the bound', async (t) => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', ' ', 'é'), maxLength: 30 })), fc.integer({ min: 1, max: 20 }), async (chunks, most) => {
    const bytes = Buffer.from(chunks.join(''));
    const found: BoundedLine[] = [];
    // Chunks end anywhere, in the midst of a character too.
    for await (const line of boundedLines((async function* () { for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3); })(), most)) found.push(line);
    const expected = bytes.toString('latin1').split('\n').flatMap((line, at): BoundedLine[] => (line.length > most ? [{ number: at + 1, tooLong: true }] : Buffer.from(line, 'latin1').toString('utf8').trim() === '' ? [] : [{ number: at + 1, text: Buffer.from(line, 'latin1').toString('utf8').trim() }]));
    t.same(found, expected, '', { diagnostic: false });
  }), { numRuns: 200 });
});

t.test('the export of an import is the export', async (t) => {
  const history = await openHistory(file('again.sqlite'));
  t.teardown(() => history.close());
  await importFiles(history, [file('whole.ndjson')], idle);
  await save(history, 'again.ndjson.gz');
  t.equal(gunzipSync(readFileSync(file('again.ndjson.gz'))).toString('utf8') === readFileSync(file('whole.ndjson'), 'utf8'), true);
});
