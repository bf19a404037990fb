import t from 'tap';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildImage } from './build-image.ts';
import { resolvePc } from './resolve-pc.ts';
import { build, countingCompiler, networkSource, setUp, writeFiles, writeNetwork } from './testing/fixture.ts';

t.setTimeout(180_000);

t.test('builds an image that knows its build id; the second time nothing is compiled', async (t) => {
  const s = await setUp(t);
  const compiler = await countingCompiler(s.dir);
  const first = await build({ ...s, env: compiler.env });
  t.equal(first.cached, false);
  t.match(first.buildId, /^[0-9a-f]{32}$/);
  t.equal((await execa(first.elf)).stdout, `${first.buildId} 1 1`);
  const before = await compiler.compiles();
  t.ok(before > 4);
  const second = await build({ ...s, env: compiler.env });
  t.equal(await compiler.compiles(), before, 'no compiler was started to compile or link');
  t.equal(second.cached, true);
  t.same({ ...second, cached: 0, steps: 0, compiled: 0 }, { ...first, cached: 0, steps: 0, compiled: 0 });
});

t.test('options are ingredients', async (t) => {
  const s = await setUp(t);
  const a = await build(s);
  const b = await build({ ...s, options: { optimise: '-O0' } });
  const c = await build({ ...s, options: { debug: false } });
  t.equal(new Set([a.buildId, b.buildId, c.buildId]).size, 3);
  t.equal((await build(s)).cached, true);
});

t.test('two builds in different folders give the same bytes, with no path of this computer in them', async (t) => {
  const [one, two] = [await setUp(t), await setUp(t)];
  // The vendor header's folder is given by an absolute path, which is part of a flag; take it out of the comparison.
  const without = (s: typeof one) => ({ ...s, board: { ...s.board, cpuFlags: [], includeDirs: ['../../vendor'] } });
  const [a, b] = [await build(without(one)), await build(without(two))];
  t.equal(a.buildId, b.buildId);
  t.equal(a.sha256, b.sha256);
  t.ok((await readFile(a.elf)).equals(await readFile(b.elf)));
  t.notOk((await readFile(a.elf)).includes(one.dir));
});

t.test('the same network generated into another folder is a hit', async (t) => {
  const s = await setUp(t);
  await build(s);
  const moved = await writeNetwork(join(s.dir, 'elsewhere'));
  await rm(s.package.root, { recursive: true });
  t.equal((await build({ ...s, package: moved })).cached, true);
});

t.test('two networks in one image; the same symbol twice is refused', async (t) => {
  const s = await setUp(t);
  const other = await writeNetwork(join(s.dir, 'other'), { name: 'second', symbol: 'hil_network_second' });
  await writeFile(join(other.root, 'net.c'), networkSource.replace('hil_network_adder', 'hil_network_second'));
  const image = await build({ ...s, package: [s.package, other] });
  t.match((await execa(image.elf)).stdout, / 2 1$/);
  await t.rejects(build({ ...s, package: [s.package, s.package] }), { kind: 'config', code: 'build.bad-symbol' });
});

t.test('figures: network and agent apart, pool not counted', async (t) => {
  const s = await setUp(t);
  await writeFiles(s.dir, { 'fw/agent/pool.c': 'unsigned char pool[100000] __attribute__((section(".hil_pool,\\"aw\\",@nobits#")));\nunsigned char *pool_at(void);\nunsigned char *pool_at(void) { return pool; }\n' });
  await writeFile(join(s.package.root, 'net.c'), `${networkSource}\nconst unsigned char table[5000] = {1};\nunsigned char big[3000];\n`.replace('out[i] =', 'out[i] = table[i * ctx_of(ctx)] + big[i] +').replace('static int32_t invoke', 'extern const unsigned char table[]; extern unsigned char big[];\nstatic int ctx_of(void *c) { return c != 0; }\nstatic int32_t invoke'));
  const { memory } = await build(s);
  t.ok(memory.networkFlashBytes! > 5000 && memory.networkFlashBytes! < 7000, `${memory.networkFlashBytes}`);
  t.ok(memory.networkRamBytes! >= 3000 && memory.networkRamBytes! < 3200, `${memory.networkRamBytes}`);
  t.ok(memory.flashBytes > memory.networkFlashBytes! && memory.ramBytes > memory.networkRamBytes!);
  t.ok(memory.ramBytes < 10_000);
});

t.test('an address becomes function, file and line', async (t) => {
  const s = await setUp(t);
  const image = await build(s);
  const { stdout } = await execa('nm', [image.elf]);
  const address = Number.parseInt(/^([0-9a-f]+) t invoke$/m.exec(stdout)![1]!, 16);
  t.match(await resolvePc(image, address), { function: 'invoke', file: 'network/adder/net.c', line: 6 });
  t.equal(await resolvePc(image, 3), null);
  t.equal(await resolvePc({ ...image, elf: '/nonexistent' }, address), null);
});

t.test('abort: cancelled, and no temporary folder is left', async (t) => {
  const s = await setUp(t);
  const compiler = await countingCompiler(s.dir);
  await writeFile(join(s.dir, 'action.txt'), 'hang');
  const abort = new AbortController();
  const building = buildImage({ ...s, env: compiler.env, signal: abort.signal, onStep: (step) => step.name === 'compile' && setTimeout(() => abort.abort(), 100) });
  await t.rejects(building, { kind: 'cancelled', code: 'build.cancelled' });
  t.same(await readdir(join(s.cacheDir, 'tmp')), []);
});

t.test('a cache folder that cannot be written', async (t) => {
  const s = await setUp(t);
  await writeFile(join(s.dir, 'file'), '');
  await t.rejects(build({ ...s, cacheDir: join(s.dir, 'file') }), { kind: 'bench', code: 'build.cache-not-writable' });
});
