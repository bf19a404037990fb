import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import t from 'tap';
import { openHistory, writeExport, type ExportedRun } from '../index.ts';
import { simulateRuns } from '../testing/simulated-runs.ts';
import { csvCell } from './csv.ts';
import { exportFormat, type ExportOptions } from './write-export.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'hil-export-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const history = await openHistory(path.join(dir, 'history.sqlite'));
t.teardown(() => history.close());
for (const report of simulateRuns({ runs: 30 }).runs()) await history.add({ report, dir: null });
await history.accept({ suite: 's', case: 'c', device: 'd', metric: 'm', likeness: 'l', value: 1, unit: 'us', run: (await history.runs({}))[0]?.key ?? '', commit: null, reason: 'r', by: 'me' });
const options: ExportOptions = { filter: {}, table: 'points', createdBy: 'hil test', signal: new AbortController().signal, onProgress: () => undefined };
const file = (name: string): string => path.join(dir, name);
const points = await history.points({});

t.test('NDJSON: all runs, the oldest first, with what was accepted', async (t) => {
  const { count, bytes } = await writeExport(history, file('a.ndjson.gz'), options);
  const text = readFileSync(file('a.ndjson.gz'));
  const lines = gunzipSync(text).toString('utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as ExportedRun);
  const runs = (await history.runs({})).reverse();
  t.same([count, bytes, lines.map(({ key }) => key)], [30, text.length, runs.map(({ key }) => key)]);
  t.same(lines.at(-1)?.baselines?.map(({ metric }) => metric), ['m']);
});

t.test('CSV: a header, and a line a figure', async (t) => {
  t.equal((await writeExport(history, file('a.csv'), options)).count, points.length);
  const lines = readFileSync(file('a.csv'), 'utf8').trimEnd().split('\r\n');
  t.equal(lines.length, points.length + 1);
  t.match(lines[0], /^run,started_at,commit,suite,case,device,metric,value,unit,/);
  const [first] = points;
  t.ok(lines.some((line) => line.startsWith(`${first?.run},${new Date(first?.startedAtMs ?? 0).toISOString()},`) && line.includes(`,${first?.metric},${first?.value},`)));
  for (const table of ['runs', 'cases', 'layers'] as const) t.ok((await writeExport(history, file(`${table}.csv`), { ...options, table, filter: { limit: 4 } })).count > 3, table);
  t.equal((await writeExport(history, file('few.csv'), { ...options, filter: { limit: 4, case: 'torque*' } })).count, (await history.points({ limit: 4, case: 'torque*' })).length, 'filters are kept');
});

t.test('CSV: no cell is a formula, whatever a name says', async (t) => {
  for (const text of ['=1+1', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', ' =cmd|x', '\uff1d1', '%x']) t.match(csvCell(text), /^"'/, JSON.stringify(text));
  t.equal(csvCell('=HYPERLINK("x","y")'), `"'=HYPERLINK(""x"",""y"")"`);
  t.same(['plain', 'a,b', 'say "x"', 'two\nlines', '', 'it\'s', null, -3.5, true].map(csvCell), ['plain', '"a,b"', '"say ""x"""', '"two\nlines"', '', '"it\'s"', '', '-3.5', 'true']);
});

t.test('Parquet: typed columns, read by another library', async (t) => {
  t.equal((await writeExport(history, file('a.parquet'), options)).count, points.length);
  const buffer = await asyncBufferFromFile(file('a.parquet'));
  const types = Object.fromEntries((await parquetMetadataAsync(buffer)).schema.slice(1).map(({ name, type, converted_type: converted }) => [name, converted ?? type]));
  t.match(types, { run: 'UTF8', started_at: 'TIMESTAMP_MILLIS', value: 'DOUBLE', exact: 'BOOLEAN', metric: 'UTF8' });
  const rows = await parquetReadObjects({ file: buffer });
  t.equal(rows.length, points.length);
  const sorted = (of: readonly Record<string, unknown>[]): string[] => of.map((row) => JSON.stringify([row['run'], row['case'], row['device'], row['metric'], row['value'], row['exact']])).sort();
  t.same(sorted(rows), sorted(points as unknown as Record<string, unknown>[]));
  t.same(rows[0]?.['started_at'], new Date(points[0]?.startedAtMs ?? 0));
  await writeExport(history, file('runs.parquet'), { ...options, table: 'runs' });
  const runs = await parquetReadObjects({ file: await asyncBufferFromFile(file('runs.parquet')) });
  t.same([runs.length, typeof runs[0]?.['pass'], runs.filter((row) => row['pull_request'] === null).length], [30, 'bigint', (await history.runs({})).filter(({ source }) => source.pullRequest === null).length]);
});

t.test('a file is there as a whole or not at all', async (t) => {
  for (const name of ['cut.ndjson', 'cut.ndjson.gz', 'cut.csv', 'cut.parquet']) {
    const cut = new AbortController();
    await t.rejects(writeExport(history, file(name), { ...options, signal: cut.signal, onProgress: (done) => { if (done === 5) cut.abort(new Error('enough')); } }), { message: 'enough' }, name);
  }
  await t.rejects(writeExport(history, path.join(dir, 'no', 'folder.csv'), options), { kind: 'bench', code: 'history.export' });
  t.same(readdirSync(dir).filter((name) => /cut|tmp/.test(name)), []);
});

t.test('formats by the name of the file', async (t) => {
  t.same(['a.ndjson', 'a.ndjson.gz', 'A.CSV', 'a.csv.gz', 'a.parquet', 'a.json', 'parquet', 'a.parquet.gz'].map(exportFormat), ['ndjson', 'ndjson', 'csv', 'csv', 'parquet', null, null, null]);
});
