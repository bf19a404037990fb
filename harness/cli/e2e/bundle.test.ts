import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { hil, type HilRun } from './hil.ts';
import { edit, generateEngine, Scene, smallSuite } from './scene.ts';

// A red cell of QEMU's Cortex-M4, given to somebody else: one file, no compiler, other folders.
t.setTimeout(280_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps']);
const wrong = path.join(scene.dir, 'wrong');
cpSync(await generateEngine(scene.dir), wrong, { recursive: true });
edit(wrong, 'engine_rom_int8_weights.c', '  -50, -61, -18, -2, -5,', '  -54, -61, -18, -2, -5,');
const red = await scene.run(['run', suite, '--c', wrong, '--device', 'qemu-m4']);
const file = path.join(scene.dir, 'red.zip');
const made = await hil(['bundle', red.out, '--out', file, '--json'], { env: { HIL_HOME: scene.home } });

// Elsewhere: nothing of the first place is left, and of all programs only QEMU is found.
const elsewhere = path.join(scene.dir, 'elsewhere');
const programs = path.join(elsewhere, 'bin');
const temporary = path.join(elsewhere, 'tmp');
for (const folder of [programs, temporary]) mkdirSync(folder, { recursive: true });
symlinkSync(execFileSync('which', ['qemu-system-arm']).toString().trim(), path.join(programs, 'qemu-system-arm'));
const moved = path.join(elsewhere, 'given.zip');
renameSync(file, moved);
for (const folder of [red.out, suite, wrong]) rmSync(folder, { recursive: true });
const there = (...args: readonly string[]): Promise<HilRun> => hil(args, { cwd: elsewhere, env: { HIL_HOME: path.join(elsewhere, 'home'), PATH: programs, TMPDIR: temporary, HIL_CACHE: path.join(elsewhere, 'cache') } });

t.test('hil bundle: one cell as one file, seen to replay', async (t) => {
  t.equal(red.code, 1, red.stderr);
  t.equal(made.code, 0, made.stderr);
  t.match(JSON.parse(made.stdout), { schema: 'hil-bundle/1', cut: { of: 1, cases: [{ name: 'engine-rom', device: 'qemu-m4', verdict: 'fail' }] }, replay: { identical: true }, versions: { devices: { 'qemu-m4': [/./] } } });
  const again = await there('bundle', 'given.zip', '--out', 'given.zip');
  t.strictSame([again.code, /is there already/.test(again.stderr)], [2, true]);
});

t.test('hil replay BUNDLE: on another computer, without and with the device', async (t) => {
  const played = await there('replay', 'given.zip');
  t.strictSame([played.code, played.stdout], [0, 'identical: 1 case, verdict fail, as recorded'], played.stderr);
  const run = await there('replay', 'given.zip', '--device', 'qemu-m4', '--json', '--out', 'again');
  t.equal(run.code, 0, run.stderr);
  t.match(JSON.parse(run.stdout), { schema: 'hil-rerun/1', same: true, verdict: 'fail', device: 'qemu-m4', recordedDevice: 'qemu-m4', cases: [{ name: 'engine-rom', recorded: 'fail', now: 'fail', differences: [], reason: /layer 1 FULLY_CONNECTED is wrong by itself/ }] });
  t.ok(existsSync(path.join(elsewhere, 'again', 'report.html')));
  const text = await there('replay', 'given.zip', '--device', 'qemu-m4', '--case', 'engine-*');
  t.strictSame([text.code, /^engine-rom on qemu-m4: the same: fail \(\d+ facts compared\)$/.test(text.stdout)], [0, true], text.stdout);
  t.strictSame(readdirSync(temporary).filter((name) => name.startsWith('hil-')).flatMap((name) => readdirSync(path.join(temporary, name))), [], 'nothing is left of what was unpacked');
});

t.test('hil replay --device: a device that does not fit; a file that is no bundle', async (t) => {
  const other = await there('replay', 'given.zip', '--device', 'qemu-m3');
  t.strictSame([other.code, /images of the run are for qemu-m4 \(core cortex-m4, board mps2-an386\); qemu-m3 .* cannot run them/.test(other.stderr)], [2, true], other.stderr);
  writeFileSync(path.join(elsewhere, 'none.zip'), 'PK');
  const none = await there('replay', 'none.zip');
  t.strictSame([none.code, /none\.zip is not a ZIP archive, or ends early/.test(none.stderr)], [2, true], none.stderr);
});

t.test('hil replay --device: a bench that cannot run it is no other result', async (t) => {
  rmSync(path.join(programs, 'qemu-system-arm'));
  const run = await there('replay', 'given.zip', '--device', 'qemu-m4');
  t.strictSame([run.code, /recorded fail, now bench-error/.test(run.stdout)], [4, true], `${run.stdout}${run.stderr}`);
});
