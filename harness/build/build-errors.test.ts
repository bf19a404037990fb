import t from 'tap';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import { loadBoard } from './board.ts';
import { build, countingCompiler, manifest, networkSource, setUp, tempDir, writeFiles, writeNetwork } from './testing/fixture.ts';

t.setTimeout(120_000);

t.test('C that does not compile: the errors first, bounded, with relative paths', async (t) => {
  const s = await setUp(t);
  const noise = Array.from({ length: 200 }, (_, i) => `static int unused${i};`).join('\n');
  await writeFile(join(s.package.root, 'net.c'), `${noise}\n${networkSource}\nint wrong(void) { return not_there; }\n`);
  const error = await build(s).catch((e: unknown) => e) as HilError;
  t.match(error, { kind: 'build', code: 'build.compile' });
  t.ok(error.message.length < 5000);
  t.match(error.message, /^network\/adder\/net\.c does not compile: .*\n?network\/adder\/net\.c:\d+:\d+: error: .not_there. undeclared/s);
  t.notMatch(error.message, new RegExp(s.dir));
  t.ok(error.message.indexOf('error:') < (error.message.indexOf('warning:') + 1 || Infinity));
  t.match(error.facts['errors'], [{ file: 'network/adder/net.c', message: /not_there/ }]);
});

t.test('errors of several files are all told, in the order of the sources', async (t) => {
  const s = await setUp(t);
  await writeFiles(s.package.root, { 'net.c': 'int a = first;\n', 'two.c': 'int b = second;\n' });
  const pkg = { root: s.package.root, manifest: manifest({ build: { ...manifest().build, sources: ['net.c', 'two.c'] } }) };
  const error = await build({ ...s, package: pkg }).catch((e: unknown) => e) as HilError;
  t.match(error.message, /first.*second/s);
  t.equal((error.facts['errors'] as unknown[]).length, 2);
});

t.test('a #error that pretends to be a broken compiler is still an error of the program', async (t) => {
  const s = await setUp(t);
  await writeFile(join(s.package.root, 'net.c'), '#error net.c:1:1: internal compiler error: No space left on device\n');
  await t.rejects(build(s), { kind: 'build', code: 'build.compile' });
});

t.test('a missing header of the network is its error, not the bench', async (t) => {
  const s = await setUp(t);
  await writeFile(join(s.package.root, 'net.c'), '#include "not_there.h"\n');
  await t.rejects(build(s), { kind: 'build', code: 'build.compile' });
});

t.test('does not link', async (t) => {
  const s = await setUp(t);
  await writeFile(join(s.package.root, 'net.c'), networkSource.replace('static int32_t invoke', 'int elsewhere(void);\nstatic int32_t invoke').replace('OFFSET)', 'OFFSET + elsewhere())'));
  const error = await build(s).catch((e: unknown) => e) as HilError;
  t.match(error, { kind: 'build', code: 'build.link', message: /undefined reference to .elsewhere/ });
  t.notMatch(error.message, new RegExp(s.dir));
});

t.test('no compiler: bench error naming the packages', async (t) => {
  const s = await setUp(t);
  const arm = { ...s.board, toolchain: 'arm-none-eabi-gcc' } as const;
  const nothing = { PATH: await tempDir(t) };
  await t.rejects(build({ ...s, env: nothing }), { kind: 'bench', code: 'build.no-compiler', hint: /gcc libc6-dev/ });
  await t.rejects(build({ ...s, board: arm, env: nothing }), { kind: 'bench', code: 'build.no-compiler', hint: /gcc-arm-none-eabi libnewlib-arm-none-eabi/ });
  await t.rejects(build({ ...s, env: { ...process.env, HIL_HOST_GCC: '/nonexistent/gcc' } }), { code: 'build.no-compiler', message: /HIL_HOST_GCC/ });
});

t.test('a program that is no compiler', async (t) => {
  const s = await setUp(t);
  const path = join(s.dir, 'no-compiler');
  await writeFile(path, 'this is not a program\n');
  await chmod(path, 0o755);
  await t.rejects(build({ ...s, env: { ...process.env, HIL_HOST_GCC: path } }), { kind: 'bench', code: 'build.no-compiler' });
});

t.test('a compiler that crashes or is killed is the bench', async (t) => {
  const s = await setUp(t);
  const { env } = await countingCompiler(s.dir);
  for (const action of ['crash', 'kill-self']) {
    await writeFile(join(s.dir, 'action.txt'), action);
    await t.rejects(build({ ...s, env }), { kind: 'bench', code: 'build.compiler-crashed' }, action);
  }
});

t.test('a toolchain without its C library is the bench', async (t) => {
  const s = await setUp(t);
  const board = { ...s.board, cpuFlags: [...s.board.cpuFlags, '-nostdinc'] };
  // -nostdinc in the flags: the compiler itself has its library, so it is the program that is wrong.
  await t.rejects(build({ ...s, board }), { kind: 'build', code: 'build.compile' });
  const path = join(s.dir, 'bare-gcc.mjs');
  await writeFile(path, "#!/usr/bin/env node\nimport { spawnSync } from 'node:child_process';\nprocess.exit(spawnSync('gcc', ['-nostdinc', ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);\n");
  await chmod(path, 0o755);
  await t.rejects(build({ ...s, env: { ...process.env, HIL_HOST_GCC: path } }), { kind: 'bench', code: 'build.no-libc', hint: /libc6-dev/ });
});

t.test('a package may not reach outside of itself, nor bring C through names', async (t) => {
  const s = await setUp(t);
  const withBuild = (more: object) => ({ root: s.package.root, manifest: manifest({ build: { ...manifest().build, ...more } }) });
  await t.rejects(build({ ...s, package: withBuild({ sources: ['../fw/agent/agent.c'] }) }), { kind: 'config', code: 'build.path-outside' });
  await t.rejects(build({ ...s, package: withBuild({ sources: ['/etc/passwd'] }) }), { kind: 'config', code: 'build.path-outside' });
  await t.rejects(build({ ...s, package: withBuild({ defines: { 'A B': '1' } }) }), { kind: 'config', code: 'build.bad-define' });
  await t.rejects(build({ ...s, package: withBuild({ sources: ['gone.c'] }) }), { kind: 'config', code: 'build.missing-file' });
  await t.rejects(build({ ...s, package: { root: s.package.root, manifest: manifest({ symbol: 'x; int y' }) } }), { kind: 'config', code: 'build.bad-symbol' });
});

t.test('an image for a later architecture is refused for a Cortex-M0', async (t) => {
  const dir = await tempDir(t);
  const pkg = await writeNetwork(join(dir, 'net'));
  const m0 = await loadBoard('mps2-an385-v6m');
  t.match(await build({ package: pkg, board: m0, cacheDir: join(dir, 'cache') }), { cached: false });
  const asM3 = { ...m0, cpuFlags: ['-mcpu=cortex-m3', '-mthumb'] };
  await t.rejects(build({ package: pkg, board: asM3, cacheDir: join(dir, 'cache') }), { kind: 'build', code: 'build.wrong-architecture', message: /v7.*cortex-m0/ });
  const oneFile = { root: pkg.root, manifest: manifest({ build: { ...manifest().build, flags: ['-mcpu=cortex-m3'] } }) };
  await t.rejects(build({ package: oneFile, board: m0, cacheDir: join(dir, 'cache') }), { kind: 'build', code: 'build.wrong-architecture' });
});
