import t from 'tap';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { suiteDir } from './hil.ts';
import { edit, generateEngine, onlyCase, Scene, smallSuite } from './scene.ts';

// A bad cable is no reason for a red run, nor for a wrong green one: the real QEMU behind a stand-in (fixtures/qemu-stand-in.ts)
// that flips, drops, doubles and inserts bytes in both directions, cuts chunks, and prints between the frames.
t.setTimeout(280_000);
const scene = new Scene(t);
const fixture = fileURLToPath(new URL('./fixtures/qemu-stand-in.ts', import.meta.url));
const standIn = scene.program('qemu-stand-in', `#!/bin/sh\nexec "${process.execPath}" "${fixture}" "$@"\n`);
const device = scene.device('qemu-m55-noisy', 'qemu-m55', { timeouts: { startMs: 15_000, helloMs: 30_000, replyMs: 250, silenceMs: 20_000 } });
const suite = smallSuite(scene.dir, ['steps']);
const generated = await generateEngine(scene.dir);
const noisy = (seed: number, rate = 3e-4) => ({ HIL_QEMU: standIn, REAL_QEMU: process.env['HIL_QEMU'] ?? '', STAND_IN: 'noisy', NOISE: String(rate), SEED: String(seed) });

function changed(file: string, from: string, to: string): string {
  const folder = path.join(scene.dir, `changed-${file}`);
  cpSync(generated, folder, { recursive: true });
  edit(folder, file, from, to);
  return folder;
}

t.test('the whole engine suite passes on a noisy wire, and the noise is counted', async (t) => {
  for (const seed of [1, 2, 3]) {
    const run = await scene.run(['run', suiteDir, '--device', device], { env: noisy(seed) });
    t.equal(run.code, 0, `seed ${seed}\n${run.stdout}\n${run.stderr}`);
    t.strictSame(run.left, []);
    const one = onlyCase(run);
    t.equal(one.verdict, 'pass');
    t.strictSame([one.samples, one.layers.map(({ compared, mismatched }) => [compared, mismatched])], [1800, [[1800 * 96, 0], [1800, 0]]]);
    t.ok((one.link?.resent ?? 0) > 0, `seed ${seed}: ${one.link?.resent} sent again`);
    t.ok((one.link?.damaged ?? 0) > 0, `seed ${seed}: ${one.link?.damaged} damaged`);
    t.ok(one.log.some((line) => line.includes('printf: ä line of somebody else')), `seed ${seed}: what was printed between frames is in the log`);
    t.match(run.stdout, /link +.* [1-9]\d* resent, [1-9]\d* damaged/);
  }
});

t.test('wrong code is wrong on a noisy wire too: the values that are fetched are the device\'s', async (t) => {
  const folder = changed('engine_rom_int8_weights.c', '  62, -2, -15, 11,', '  63, -2, -15, 11,');
  const quiet = onlyCase(await scene.run(['run', suite, '--c', folder, '--device', 'qemu-m55']));
  const run = await scene.run(['run', suite, '--c', folder, '--device', device], { env: noisy(4) });
  t.equal(run.code, 1);
  t.strictSame(run.left, []);
  const one = onlyCase(run);
  t.ok((one.link?.resent ?? 0) > 0);
  const facts = ({ layers, outputs, reasons }: typeof one) => ({ layers: layers.map(({ cost, ...rest }) => rest), outputs, reasons });
  t.strictSame(facts(one), facts(quiet), 'the same report as over a clean wire');
});

t.test('a fault on a noisy wire is the code\'s, not the bench\'s', async (t) => {
  const folder = changed('engine_rom_int8.c', 'void engine_rom_int8_layer_1(void)\n{\n', 'static unsigned calls;\nvoid engine_rom_int8_layer_1(void)\n{\n  if (++calls == 200u) __builtin_trap();\n');
  // FAULT is sent three times and cannot be asked for again: at this rate not even one run in 10,000 loses all of them.
  for (const seed of [5, 6]) {
    const run = await scene.run(['run', suite, '--c', folder, '--device', device], { env: noisy(seed, 1e-4) });
    t.equal(run.code, 1, `seed ${seed}\n${run.stdout}`);
    t.match(onlyCase(run).fault, { kind: 'fault', layer: { index: 1 }, sequence: 'steps', step: 199, text: /undefined instruction/, flags: [/^UNDEFINSTR/] });
    t.strictSame(run.left, []);
  }
});
