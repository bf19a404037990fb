import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { acquireLease } from '../../device/index.ts';
import { validateReport } from '../../report/index.ts';
import { boardBench, noBoard } from './board-bench.ts';
import { engineModel, hil, reportOf, startHil } from './hil.ts';
import { hilOnTerminal, noPty } from './pty.ts';
import { noProc, sandbox, until, type Sandbox } from './sandbox.ts';

/** The bench by command line: which devices run, what state they are in, what is wrong with one, and keeping one out. */

t.setTimeout(240_000);

const NO_QEMU = { HIL_QEMU: '/nowhere/qemu' };

/** A folder of the user's own device files. */
function ownDevices(box: Sandbox, files: Readonly<Record<string, object>>): Readonly<Record<string, string>> {
  const dir = path.join(box.dir, 'devices');
  mkdirSync(dir);
  for (const [id, file] of Object.entries(files)) writeFileSync(path.join(dir, `${id}.json`), JSON.stringify({ schema: 'hil-device/1', id, ...file }));
  return { ...box.env, HIL_DEVICES: dir };
}

t.test('devices by what they are: those of hil that are not here are left out and said, one\'s own never are', async (t) => {
  const box = sandbox(t);
  const env = { ...ownDevices(box, { 'my-host': { like: 'host', labels: { rack: '3' } }, 'my-m4': { like: 'qemu-m4', labels: { rack: '3' } } }), ...NO_QEMU };
  const check = (devices: string, ...more: string[]) => hil(['check', engineModel, '--samples', '4', '--out', box.out, '--device', devices, ...more], { env });

  const mixed = await check('host,core!=cortex-m0&kind!=serial,my-host', '--json');
  const report = reportOf(mixed);
  t.same(validateReport(report), []);
  t.same(report.cases.map(({ device, verdict }) => `${device} ${verdict}`), ['host pass', 'my-host pass', 'my-m4 bench-error'], 'each once');
  t.equal(mixed.code, 4, 'the rack\'s own device counts');
  t.same(report.devices.map(({ id }) => id), ['host', 'my-host', 'my-m4']);
  t.match(report.run.leftOut?.find(({ device }) => device === 'qemu-m4')?.why, /\/nowhere\/qemu/);
  t.match(mixed.stderr, /^left out: qemu-m4: .*\/nowhere\/qemu/m);

  const rack = await check('rack=3&kind=host');
  t.equal(rack.code, 0, rack.stderr);
  t.notMatch(rack.stdout, /left out|All devices/);
  const quiet = await check('kind=host,core=cortex-m33', '--quiet');
  t.match(quiet, { code: 0, stdout: /^PASS .*: 2 pass, 1 device left out \([^\n]*\)$/, stderr: '' });
  const table = await check('kind=host');
  t.match(table.stdout, /^All devices\n +host +my-host\n +native +native\n +engine_rom_int8 +PASS +PASS\n +latency \(median\) +[\d.]+ us \(approximate\) +[\d.]+ us \(approximate\)$/m);

  const none = await check('core=cortex-m33');
  t.match(none, { code: 4, stdout: '', stderr: /no device that core=cortex-m33 means can be used here: qemu-m33: .*\/nowhere\/qemu[^\n]*\n {2}-> .*HIL_QEMU/ });
  t.match(await check('core=cortex-m333'), { code: 2, stderr: /no device matches "core=cortex-m333"\n {2}-> There are core: .*cortex-m33, / });
  t.match(await check('rak=3'), { code: 2, stderr: /Did you mean rack\?/ });
  t.match(await check('host,core=&x'), { code: 2, stderr: /where KEY=VALUE belongs/ });
  t.match(await check(''), { code: 2, stderr: /no device is named/ });
  t.same(box.leftovers(), []);
});

t.test('quarantine: its cases are skipped, with the reason and the day; released, it runs again', async (t) => {
  const box = sandbox(t);
  const env = ownDevices(box, { mine: { like: 'host', quarantine: { reason: 'lent out', until: '2099-01-31' } }, old: { like: 'host', quarantine: { reason: 'was broken', until: '2001-01-31' } } });
  const devices = (...args: string[]) => hil(['devices', ...args], { env });
  const put = await devices('quarantine', 'host', '--reason', 'burnt \u001b[31m', '--until', '2099-12-31');
  t.match(put, { code: 0, stdout: /^host: quarantined; its cases are skipped: burnt \\x1b\[31m \(quarantined until 2099-12-31, by / });
  const list = (await devices()).stdout;
  t.match(list, /^host +quarantined .*\n +quarantined until 2099-12-31: burnt \\x1b\[31m \(/m);
  t.match(list, /^mine +quarantined .*\n +quarantined until 2099-01-31: lent out \(in its device file\)$/m);
  t.match(list, /^old +ready .*\n +quarantine expired on 2001-01-31: was broken$/m);

  const check = (device: string) => hil(['check', engineModel, '--samples', '4', '--device', device, '--out', box.out, '--json'], { env });
  const skipped = await check('host');
  t.equal(skipped.code, 4, 'nothing but skips is no pass');
  t.match(reportOf(skipped), { verdict: 'skipped', cases: [{ verdict: 'skipped', reasons: [/^burnt .*\(quarantined until 2099-12-31, by /] }] });
  t.match(reportOf(await check('kind=host')), { verdict: 'pass', cases: [{ device: 'host', verdict: 'skipped' }, { device: 'mine', verdict: 'skipped' }, { device: 'old', verdict: 'pass' }] });

  t.match(await devices('release', 'host'), { code: 0, stdout: 'host: released' });
  t.match(await devices('release', 'mine'), { code: 0, stdout: /still quarantined by its device file: lent out/ });
  t.match(reportOf(await check('host')), { verdict: 'pass' });

  for (const [args, message] of [
    [['quarantine', 'host', '--until', '2099-12-31'], /--reason TEXT is missing/], [['quarantine', 'host', '--reason', 'r', '--until', '2001-01-01'], /is over already/],
    [['quarantine'], /which device\?/],
    [['list', 'host', '--reason', 'r'], /are for quarantine/], [['quarantain', 'host'], /expected list, show, doctor, quarantine or release/],
  ] as const) t.match(await devices(...args), { code: 2, stdout: '', stderr: message }, args.join(' '));
  const file = path.join(box.env['HIL_HOME'] as string, 'quarantine', 'host.json');
  writeFileSync(file, '{');
  t.match(await check('host'), { code: 2, stdout: /bad-quarantine/ });
  t.match((await devices()).stdout, /^host +quarantined .*\n +quarantined as it seems: cannot read .*\n +-> Take it back with: hil devices release host$/m);
  t.match(await devices('release', 'host'), { code: 0, stdout: 'host: released' });
});

t.test('busy: who has it, since when, by which command', async (t) => {
  const box = sandbox(t);
  const env = ownDevices(box, { mine: { like: 'host', slots: 1 } });
  const lease = await acquireLease({ device: 'mine', slots: 1, waitMs: 0, signal: new AbortController().signal, lockDir: path.join(box.env['HIL_HOME'] as string, 'locks'), command: 'hil run \u001b]0;x\u0007' });
  t.teardown(() => lease.release());
  const list = await hil(['devices'], { env });
  t.match(list.stdout, new RegExp(`^mine +busy .*\\n +busy by \\S+ \\(process ${process.pid} since \\d{4}-.*: hil run \\\\x1b\\]0;x\\\\x07\\)$`, 'm'));
  const doctor = await hil(['devices', 'doctor', 'mine'], { env });
  t.match(doctor, { code: 4, stdout: /\n {2}ok {6}tool .*\n {2}FAILED {2}lease .*held by .*\n {10}-> Wait for that run to end/ });
  t.match(doctor.stdout.split('\n').at(-1), /^FAILED {2}mine: at the step lease; those after it were not tried$/);
});

t.test('doctor: the steps as text and as JSON, and the step that fails', async (t) => {
  const box = sandbox(t);
  const well = await hil(['devices', 'doctor', 'host'], { env: box.env });
  t.equal(well.code, 0, well.stdout);
  t.same(well.stdout.split('\n').slice(1, -1).map((line) => line.split(/ {2,}/)[1]), Array.from({ length: 10 }, () => 'ok'));
  t.match(well.stdout.split('\n').at(-1), /^PASS {2}host: all 10 steps$/);
  const broken = await hil(['devices', 'doctor', 'qemu-m55', '--json'], { env: { ...box.env, ...NO_QEMU } });
  t.equal(broken.code, 4, 'what cannot be used is a failure of the bench');
  t.match(JSON.parse(broken.stdout), [{ id: 'qemu-m55', usable: false, failedAt: 'tool', missing: [{ what: /\/nowhere\/qemu/, howToGet: /HIL_QEMU/ }], steps: [{ ok: true }, { name: 'tool', ok: false }] }]);
  t.match(await hil(['devices', 'doctor', 'qemu-m55', '--quiet'], { env: { ...box.env, ...NO_QEMU } }), { code: 4, stdout: /^qemu-m55: [^\n]*\n {2}FAILED {2}tool[^\n]*\n {10}-> [^\n]*\nFAILED {2}qemu-m55: at the step tool/ });
  const all = await hil(['devices', 'doctor'], { env: { ...box.env, ...NO_QEMU } });
  t.equal(all.code, 4);
  t.match(all.stdout, /^host: usable\n {2}found {4}\S/m);
  t.match(all.stdout, /^qemu-m55: not usable\n(?: {2}found .*\n)* {2}missing {2}.*\/nowhere\/qemu.* -> .*HIL_QEMU/m);
  t.same(box.leftovers(), []);
});

t.test('doctor: a board, which is flashed with the doctor\'s image (a stand-in: a pty and a real QEMU, and a stand-in for OpenOCD)', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t);
  const walk = await bench.run(['devices', 'doctor', 'board', '--json']);
  t.equal(walk.code, 0, walk.stdout);
  const [{ steps }] = JSON.parse(walk.stdout) as [{ steps: { name: string; detail: string }[] }];
  for (const name of ['compiler', 'flasher', 'port', 'permission', 'lease', 'image', 'start', 'HELLO', 'memory', 'clock', 'stop']) t.ok(steps.some((step) => step.name === name), name);
  t.match(steps.find(({ name }) => name === 'start')?.detail, /flashing with openocd/);
  t.match(steps.find(({ name }) => name === 'clock')?.detail, /4 invocations took/);
  t.equal(bench.flashes(), 1);
  t.same(bench.box.leftovers(), []);
});

t.test('doctor: Ctrl-C in the middle leaves nothing', { skip: noProc }, async (t) => {
  const box = sandbox(t);
  // A gcc that takes its time over a file, so that there is a middle.
  const pidFile = path.join(box.dir, 'compiling');
  const gcc = path.join(box.dir, 'gcc');
  writeFileSync(gcc, `#!/bin/sh\nfor arg in "$@"; do [ "$arg" = -c ] && { echo $$ > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'; exec sleep 60; }; done\nexec gcc "$@"\n`, { mode: 0o755 });
  const child = startHil(['devices', 'doctor', 'host'], { env: { ...box.env, HIL_HOST_GCC: gcc, HIL_CACHE: box.cache } });
  await until('the compiler', () => existsSync(pidFile));
  child.kill('SIGINT');
  const { exitCode } = await child;
  t.equal(exitCode, 130);
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await until('the compiler to be gone', () => !existsSync(`/proc/${pid}`) || /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')), 20_000);
  t.same(box.running(), []);
  t.same(box.leftovers(), []);
});

t.test('on a terminal: colours', { skip: noPty }, async (t) => {
  const box = sandbox(t);
  const list = await hilOnTerminal(['devices'], box.env);
  // eslint-disable-next-line no-control-regex
  t.match(list.text, /^host +\u001b\[32mready *\u001b\[39m/m);
  // eslint-disable-next-line no-control-regex
  t.notMatch((await hilOnTerminal(['devices', '--no-color'], box.env)).text, /\u001b\[[\d;]*m/);
});
