import { execa } from 'execa';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { builtInDevices, loadDevices } from '../harness/device/index.ts';

// The README's board from nothing, as printed there, on real QEMU.
t.setTimeout(180_000);
const repository = fileURLToPath(new URL('..', import.meta.url));
const text = await readFile(join(repository, 'devices/README.md'), 'utf8');
const dir = await mkdtemp(join(tmpdir(), 'hil-readme-'));
t.teardown(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
const { failed: noQemu } = await execa('qemu-system-arm', ['--version'], { reject: false });

/** The block that follows a bold file name. */
const block = (file: string): string => new RegExp(`\\*\\*\\d\\. \`${file.replaceAll('.', '\\.')}\`\\*\\*[^]*?\n\`\`\`[a-z]+\n([^]*?)\`\`\``).exec(text)?.[1] ?? '';
for (const file of ['boards/lm3s6965/uart.c', 'boards/lm3s6965/board.json', 'my-lm3s.json']) {
  await mkdir(dirname(join(dir, file)), { recursive: true });
  await writeFile(join(dir, file), block(file));
}
const known = /```json\n([^]*?)```/.exec(text)?.[1] ?? '';
const hil = (args: readonly string[]) => execa(process.execPath, [join(repository, 'bin/hil.mjs'), ...args], {
  reject: false, all: true, cwd: dir, env: { HIL_DEVICES: dir, HIL_HOME: join(dir, 'home'), HIL_CACHE: join(dir, 'cache') },
});

t.test('a new board from nothing: the doctor is content, and the suite passes', { skip: noQemu && 'needs QEMU' }, async (t) => {
  const doctor = await hil(['devices', 'doctor', 'my-lm3s']);
  t.equal(doctor.exitCode, 0, doctor.all);
  t.match(doctor.stdout, /ok +loop-back[^]*PASS {2}my-lm3s: all 10 steps/);
  const run = await hil(['run', join(repository, 'suites/engine-rom'), '--device', 'my-lm3s']);
  t.equal(run.exitCode, 0, run.all);
  t.match(run.stdout, /PASS, 1 800 samples/);
});

t.test('the file for a known board is sound', async (t) => {
  const own = await mkdtemp(join(dir, 'own-'));
  await writeFile(join(own, 'bench-f446.json'), known);
  const [device] = (await loadDevices([builtInDevices, own])).filter(({ id }) => id === 'bench-f446');
  t.match(device, { kind: 'serial', board: 'nucleo-f446re', flasher: { tool: 'openocd', probeSerial: '0669FF303430484257142233' } });
});

t.test('every field of a device file that the table names is one', async (t) => {
  const schema = JSON.parse(await readFile(join(repository, 'harness/device/device.schema.json'), 'utf8')) as { properties: Record<string, { properties?: object }> };
  const fields = [...text.matchAll(/^\| `([a-z.A-Z]+)` \|/gm)].map((match) => (match[1] ?? '').split('.'));
  t.ok(fields.length > 6);
  for (const [top = '', below] of fields) {
    t.ok(top in schema.properties, top);
    if (below !== undefined) t.ok(below in (schema.properties[top]?.properties ?? {}), `${top}.${below}`);
  }
});
