import t from 'tap';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { until } from '../device/testing/helpers.ts';
import { build, countingCompiler, setUp } from './testing/fixture.ts';
import type { BuiltImage } from './build-image.ts';

t.setTimeout(180_000);
const child = fileURLToPath(new URL('./testing/build-child.ts', import.meta.url));

t.test('a damaged entry is never used: it is built again, to the same image', async (t) => {
  const s = await setUp(t);
  const first = await build(s);
  const { sha256 } = first;
  const manifest = join(dirname(first.elf), 'entry.json');
  const flip = async (file: string): Promise<void> => {
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(file, bytes);
  };
  const damages: [string, () => Promise<unknown>][] = [
    ['a byte of the ELF flipped', () => flip(first.elf)], ['ELF cut short', () => truncate(first.elf, 100)], ['ELF empty', () => truncate(first.elf, 0)],
    ['ELF missing', () => rm(first.elf)], ['manifest cut short', () => truncate(manifest, 80)], ['manifest empty', () => truncate(manifest, 0)],
    ['a byte of the manifest flipped', () => flip(manifest)], ['manifest missing', () => rm(manifest)],
    ['entry missing', () => rm(dirname(first.elf), { recursive: true })],
    ['entry is a file', async () => (await rm(dirname(first.elf), { recursive: true }), writeFile(dirname(first.elf), ''))],
    ['index cut short', async () => truncate(join(s.cacheDir, 'index', (await readdir(join(s.cacheDir, 'index')))[0]!), 70)],
    ['index missing', () => rm(join(s.cacheDir, 'index'), { recursive: true })],
  ];
  for (const [what, damage] of damages) {
    await damage();
    const again = await build(s);
    t.equal(again.cached, false, what);
    t.equal(again.sha256, sha256, `${what}: same image`);
    t.equal((await build(s)).cached, true, `${what}: then whole again`);
  }
  t.same(await readdir(join(s.cacheDir, 'tmp')), []);
});

t.test('several processes build the same at once: all get the same sound image', async (t) => {
  const s = await setUp(t);
  const request = JSON.stringify(s);
  const results = await Promise.all(Array.from({ length: 4 }, () => execa(process.execPath, [child, request])));
  const images = results.map((result) => JSON.parse(result.stdout) as BuiltImage);
  t.equal(new Set(images.map((image) => `${image.elf} ${image.sha256} ${image.buildId}`)).size, 1);
  t.equal((await build(s)).cached, true);
  t.same(await readdir(join(s.cacheDir, 'tmp')), []);
});

t.test('killed at any moment: nothing half-made is used, the next build cleans up', async (t) => {
  const s = await setUp(t);
  const request = JSON.stringify(s);
  const entries = (): Promise<string[]> => readdir(join(s.cacheDir, 'entries')).catch(() => []);
  let wasCut = 0;
  for (const delayMs of [0, 20, 60, 120, 200, 300]) {
    const victim = execa(process.execPath, [child, request], { reject: false });
    await until('build begins', 20_000, async () => (await readdir(join(s.cacheDir, 'tmp')).catch(() => [])).length > 0);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    victim.kill('SIGKILL');
    const { signal } = await victim;
    if (signal === 'SIGKILL' && (await entries()).length === 0) wasCut += 1;
    const next = await build(s);
    t.match((await execa(next.elf)).stdout, new RegExp(`^${next.buildId} `));
    t.same(await readdir(join(s.cacheDir, 'tmp')), [], `${delayMs} ms: temporary folders are gone`);
    await rm(s.cacheDir, { recursive: true });
  }
  t.ok(wasCut >= 1, `${wasCut} of 6 were killed before they were done`);
});

t.test('a build that hangs in the compiler, killed by SIGKILL, leaves no entry', async (t) => {
  const s = await setUp(t);
  const compiler = await countingCompiler(s.dir);
  await writeFile(join(s.dir, 'action.txt'), 'hang');
  const victim = execa(process.execPath, [child, JSON.stringify(s)], { reject: false, env: { HIL_HOST_GCC: compiler.env.HIL_HOST_GCC } });
  await until('compiler runs', 20_000, async () => (await compiler.compiles()) > 0);
  victim.kill('SIGKILL');
  await victim;
  await rm(join(s.dir, 'action.txt'));
  t.same(await readdir(join(s.cacheDir, 'entries')).catch(() => []), []);
  t.equal((await readdir(join(s.cacheDir, 'tmp'))).length, 1);
  await mkdir(join(s.cacheDir, 'tmp', 'not-ours'));
  t.equal((await build(s)).cached, false);
  t.same(await readdir(join(s.cacheDir, 'tmp')), ['not-ours']);
  await until('the hanging compilers are ended by the keeper', 10_000, async () => (await running(compiler.env.HIL_HOST_GCC)).length === 0);
});

/** Processes that run the given script. */
async function running(script: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').includes(script) ? [Number(pid)] : [])));
  return found.flat();
}
