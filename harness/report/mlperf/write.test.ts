/** The folder of results: what stays whole, what is refused, whose results go where. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import t from 'tap';
import type { CaseReport, MlperfReport, ReportDevice } from '../report.ts';
import { BOARD, caseReport, HOST, QEMU_M4, report } from '../testing/sample-reports.ts';
import { checkFolder, parseSubmitter, Place } from './place.ts';
import { writeMlperf } from './write.ts';

const root = mkdtempSync(path.join(tmpdir(), 'hil-mlperf-'));
t.teardown(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const fresh = (): string => path.join(root, String(folders++));
const mlperf: MlperfReport = {
  benchmark: 'kws', windowsReason: '', files: [], correct: null, auc: null,
  windows: [0, 1, 2, 3, 4].map((step) => ({ sequence: 's', step, file: null, label: null, inferences: 100, warmUps: 10, elapsedUs: 10e6, results: [1] })),
};
const systems = new Map([BOARD, QEMU_M4, HOST].map(({ id }) => [id, { slug: id, description: `the ${id}` }]));
const on = (device: ReportDevice, more: Partial<CaseReport> = {}): CaseReport => caseReport({ name: 'mine', device: device.id, verdict: 'pass', mlperf, ...more });
const write = (dir: string, ...cases: CaseReport[]): ReturnType<typeof writeMlperf> => writeMlperf({ ...report(cases), devices: [BOARD, QEMU_M4, HOST] }, dir, { division: 'open', organisation: 'acme' }, systems);

t.test('a board is a system; an emulator and this computer are none, whatever their report says', async (t) => {
  const dir = fresh();
  const outcomes = await write(dir, on(BOARD), on(QEMU_M4), on(HOST));
  t.same(outcomes.map(({ folder }) => folder), ['open/acme/results/nucleo/kws', 'not-a-submission/acme/results/qemu-m4/kws', 'not-a-submission/acme/results/host/kws']);
  t.match(JSON.parse(readFileSync(path.join(dir, 'open/acme/systems/nucleo.json'), 'utf8')), { Status: 'rdi' });
  t.notMatch(readFileSync(path.join(dir, 'not-a-submission/acme/systems/qemu-m4.json'), 'utf8'), /"Status": "(available|preview|rdi)"/i);
  t.same(readdirSync(dir).sort(), ['hil-mlperf.json', 'not-a-submission', 'open'], 'nothing is left of the stage');
});

t.test('only a case that passed; one that nobody asked about is not spoken of', async (t) => {
  const dir = fresh();
  for (const verdict of ['fail', 'build-error', 'bench-error', 'skipped', 'interrupted'] as const) {
    t.match(await write(dir, on(BOARD, { verdict, reasons: ['why'] })), [{ folder: null, written: [], missing: [`the case did not pass (${verdict}): why`] }]);
  }
  const { mlperf: _not, ...other } = on(BOARD);
  t.same(await write(dir, other), []);
  t.same(readdirSync(dir), ['hil-mlperf.json']);
});

t.test('folders', async (t) => {
  const dir = fresh();
  mkdirSync(dir);
  checkFolder(dir);
  writeFileSync(path.join(dir, 'hil-mlperf.json'), '{"schema":"hil-mlperf/9"}');
  t.throws(() => checkFolder(dir), { kind: 'config', code: 'mlperf.folder', message: /another version/ });
  await t.rejects(write(dir, on(BOARD)), { code: 'mlperf.folder' });
  writeFileSync(path.join(dir, 'hil-mlperf.json'), '{');
  t.throws(() => checkFolder(dir), { message: /other things/ });
  t.throws(() => checkFolder(path.join(root, 'a\0b')), 'a name that no file can have');
  if (process.getuid?.() !== 0) {
    const locked = fresh();
    mkdirSync(locked, { mode: 0o500 });
    t.throws(() => checkFolder(path.join(locked, 'a', 'b')), { code: 'mlperf.folder', message: /may not write/ });
  }
  if (existsSync('/proc/self')) await t.rejects(write('/proc/hil-mlperf/results', on(BOARD)), { code: /^mlperf\.(write|folder)$/ }, 'where no folder can be made');
  const blocked = fresh();
  await write(blocked, on(HOST));
  writeFileSync(path.join(blocked, 'open'), 'a file');
  await t.rejects(write(blocked, on(BOARD)), { kind: 'bench', code: 'mlperf.write', hint: /--mlperf/ });
});

t.test('what a killed process left goes, what a living one writes stays', async (t) => {
  const dir = fresh();
  await write(dir, on(BOARD));
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  for (const pid of [dead, process.ppid]) mkdirSync(path.join(dir, `.hil-tmp-${pid}-00ff00ff`, 'new'), { recursive: true });
  checkFolder(dir);
  const place = await Place.open(dir);
  t.notOk(existsSync(path.join(dir, `.hil-tmp-${dead}-00ff00ff`)));
  t.ok(existsSync(path.join(dir, `.hil-tmp-${process.ppid}-00ff00ff`)));
  await place.replace('open/acme/results/nucleo/kws', { 'accuracy/log.txt': 'new' });
  t.same(readdirSync(path.join(dir, 'open/acme/results/nucleo/kws')), ['accuracy'], 'the old folder is gone as a whole');
  place.close();
});

t.test('whose results they are', async (t) => {
  t.same(parseSubmitter('closed/ACME_2'), { division: 'closed', organisation: 'ACME_2' });
  for (const given of ['', 'acme', 'network/acme', 'open/', 'open/..', 'open/a/b', 'open/ a', `open/${'a'.repeat(61)}`, 'open/a\n']) t.throws(() => parseSubmitter(given), { code: 'mlperf.as' }, JSON.stringify(given));
});
