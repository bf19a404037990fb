import t from 'tap';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hil, type HilRun } from './hil.ts';
import { edit, generateEngine, onlyCase, Scene, smallSuite } from './scene.ts';

// A run that fails, replayed without its device and cut down to a suite of its own, by the commands that a user types.
t.setTimeout(280_000);
const scene = new Scene(t);
const suite = smallSuite(scene.dir, ['steps', 'ramps']);
const generated = await generateEngine(scene.dir);
const WEIGHTS = 'engine_rom_int8_weights.c';
const [RIGHT, WRONG] = ['  -50, -61, -18, -2, -5,', '  -54, -61, -18, -2, -5,'];
const command = (...args: readonly string[]): Promise<HilRun> => hil(args, { env: { HIL_HOME: scene.home } });

function changed(name: string, file: string, from: string, to: string): string {
  const folder = path.join(scene.dir, name);
  cpSync(generated, folder, { recursive: true });
  edit(folder, file, from, to);
  return folder;
}

const wrong = await scene.run(['run', suite, '--c', changed('wrong', WEIGHTS, RIGHT, WRONG), '--device', 'qemu-m3']);
const faulty = await scene.run(['run', suite, '--device', 'host', '--c', changed('faulty', 'engine_rom_int8.c', 'void engine_rom_int8_layer_1(void)\n{\n',
  'void engine_rom_int8_layer_1(void)\n{\n  if (ENGINE_ROM_INT8_T0[0] > 60) {\n    *(volatile int *)8 = 1;\n  }\n')]);

t.test('hil replay: identical, as text and as JSON', async (t) => {
  for (const run of [wrong, faulty]) {
    t.equal(run.code, 1, run.stderr);
    const text = await command('replay', run.out);
    t.strictSame([text.code, text.stdout], [0, 'identical: 1 case, verdict fail, as recorded'], text.stderr);
  }
  const out = path.join(scene.dir, 'replayed');
  const json = await command('replay', wrong.out, '--json', '--out', out);
  t.match(JSON.parse(json.stdout), { schema: 'hil-replay/1', identical: true, verdict: 'fail', diverged: [], differences: [], cases: [{ name: 'engine-rom', device: 'qemu-m3', verdict: 'fail' }] });
  t.ok(existsSync(path.join(out, 'report.html')));
  const none = await command('replay', scene.dir);
  t.equal(none.code, 2);
  t.match(none.stderr, /cannot read .*report\.json/);
});

t.test('hil shrink: a wrong weight, to one sample and few elements; it fails alone, and passes when it is mended', async (t) => {
  const out = path.join(scene.dir, 'shrunk');
  const run = await command('shrink', wrong.out, '--out', out, '--seconds', '30');
  t.equal(run.code, 0, `${run.stdout}${run.stderr}`);
  t.match(run.stdout, /the C is a folder that was given, which cannot be cut[\s\S]*one sample, from step \d+ of sequence "steps"[\s\S]*run alone: fail: layer 1 FULLY_CONNECTED is wrong by itself/);
  const elsewhere = path.join(scene.dir, 'elsewhere');
  cpSync(out, elsewhere, { recursive: true });
  const alone = await scene.run(['run', elsewhere, '--device', 'qemu-m3']);
  t.equal(alone.code, 1, alone.stderr);
  t.equal(onlyCase(alone).samples, 1);
  t.strictSame(onlyCase(alone).layers.map(({ own }) => (own?.mismatched ?? 0) > 0), [false, true]);
  edit(path.join(elsewhere, 'c'), WEIGHTS, WRONG, RIGHT);
  t.equal((await scene.run(['run', elsewhere, '--device', 'qemu-m3'])).code, 0, 'mended, it passes');
  t.match(readFileSync(path.join(out, 'README.md'), 'utf8'), /hil run \. --device qemu-m3[\s\S]*The C under test is in `c\/`/);
  const again = await command('shrink', wrong.out, '--out', out);
  t.equal(again.code, 2);
  t.match(again.stderr, /is not empty/);
});

t.test('hil shrink: a fault, to one sample', async (t) => {
  const out = path.join(scene.dir, 'shrunk-fault');
  const run = await command('shrink', faulty.out, '--out', out, '--json');
  t.equal(run.code, 0, `${run.stdout}${run.stderr}`);
  t.match(JSON.parse(run.stdout), { outcome: 'shrunk', samples: 1, verified: { verdict: 'fail', reason: /SIGSEGV/ } });
});
