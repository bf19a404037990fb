import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { HilError } from '../errors.ts';
import { parseModel } from '../model/index.ts';
import { smallModel } from '../model/writer/samples.ts';
import { writeModel } from '../model/writer/index.ts';
import { RUNTIME_KINDS, prepareNetwork, runtimeFor, type NetworkPackage } from './index.ts';

const model = parseModel(writeModel(smallModel()));

async function generated(t: Test): Promise<NetworkPackage> {
  const outDir = await mkdtemp(join(tmpdir(), 'hil-runtimes-'));
  t.teardown(() => rm(outDir, { recursive: true, force: true }));
  return await prepareNetwork({ kind: 'builtin' }, { model, modelFile: 'x/Small Net.tflite', outDir });
}

type Json = Record<string, unknown>;

/** Changes network.json by `edit`, loads the folder as kind c, and returns the error, or null where there is none. */
async function loadEdited(pack: NetworkPackage, edit: (manifest: Json) => void): Promise<HilError | null> {
  const file = join(pack.root, 'network.json');
  const original = await readFile(file, 'utf8');
  const manifest = JSON.parse(original) as Json;
  edit(manifest);
  await writeFile(file, JSON.stringify(manifest));
  try {
    await prepareNetwork({ kind: 'c', dir: pack.root }, { model, modelFile: 'x.tflite', outDir: join(pack.root, 'unused') });
    return null;
  } catch (error) {
    if (error instanceof HilError) return error;
    throw error;
  } finally {
    await writeFile(file, original);
  }
}

/** Sets the value at a JSON path such as '/layers/0/taps/0/tensor'. */
function set(path: string, value: unknown): (manifest: Json) => void {
  const keys = path.slice(1).split('/');
  return (manifest) => {
    const last = keys.at(-1) ?? '';
    const parent = keys.slice(0, -1).reduce<unknown>((at, key) => (at as Json)[key], manifest) as Json;
    parent[last] = value;
  };
}

t.test('builtin writes a folder that c takes back unchanged', async (t) => {
  const pack = await generated(t);
  t.equal(pack.manifest.name, 'small_net');
  t.same(JSON.parse(await readFile(join(pack.root, 'network.json'), 'utf8')), pack.manifest);
  t.equal(await loadEdited(pack, () => undefined), null);
  const again = await prepareNetwork({ kind: 'c', dir: pack.root }, { model, modelFile: 'x.tflite', outDir: 'unused' });
  t.same(again, pack);
});

t.test('unknown and wrong fields are refused with their JSON path', async (t) => {
  const pack = await generated(t);
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['/extra', 1, /^\/extra: unknown field/],
    ['/layers/0/taps/0/colour', 'red', /^\/layers\/0\/taps\/0\/colour: unknown field/],
    ['/build/sources', 'x.c', /^\/build\/sources: must be array/],
    ['/schema', 'hil-network/2', /^\/schema/],
    ['/name', 'Bad Name', /^\/name/],
    ['/build/flags', ['-fplugin=evil.so'], /^\/build\/flags\/0/],
    ['/build/flags', ['@file'], /^\/build\/flags\/0/],
    ['/build/defines', { 'A B': '1' }, /^\/build\/defines/],
    ['/layers/0/taps/0/conversion', { kind: 'add' }, /^\/layers\/0\/taps\/0\/conversion/],
    ['/layers/0/taps/0/conversion', { kind: 'identity', add: 3 }, /^\/layers\/0\/taps\/0\/conversion\/add: unknown field/],
  ];
  for (const [path, value, problem] of cases) {
    const error = await loadEdited(pack, set(path, value));
    t.match(error, { kind: 'config', code: 'runtimes.schema' }, path);
    t.ok((error?.facts['problems'] as string[] | undefined)?.some((text) => problem.test(text)), `${path}: ${JSON.stringify(error?.facts['problems'])}`);
  }
});

t.test('a manifest that does not fit the model is refused with the JSON path', async (t) => {
  const pack = await generated(t);
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['/model/sha256', '0'.repeat(64), '/model/sha256'],
    ['/inputs', [], '/inputs'],
    ['/inputs/0/tensor', 1, '/inputs/0/tensor'],
    ['/inputs/0/bytes', 5, '/inputs/0/bytes'],
    ['/outputs/0', { tensor: null, name: 'own buffer', dtype: 'int8', shape: [1, 99], bytes: 99, scale: null, zeroPoint: null }, '/outputs/0/bytes'],
    ['/inputs/0/scale', 0.5, '/inputs/0/scale'],
    ['/outputs/0/zeroPoint', 0, '/outputs/0/zeroPoint'],
    ['/layers/1/index', 2, '/layers/1/index'],
    ['/layers/0/covers', [0, 3], '/layers/0/covers/1'],
    ['/layers/0/taps/0/tensor', 99, '/layers/0/taps/0/tensor'],
    ['/layers/0/taps/0/tensor', 1, '/layers/0/taps/0/shape'],
    ['/layers/0/covers', [1], '/layers/0/taps/0/tensor'],
    ['/layers/0/taps/0/shape', [3, 1], '/layers/0/taps/0/shape'],
    ['/layers/0/taps/0/bytes', 4, '/layers/0/taps/0/bytes'],
    ['/layers/0/taps/0/role', 'state', '/layers/0/taps/0/role'],
    ['/layers/0/taps/0/dtype', 'uint8', '/layers/0/taps/0/dtype'],
  ];
  for (const [path, value, at] of cases) {
    const error = await loadEdited(pack, set(path, value));
    if (path === '/inputs') t.match(error, { kind: 'config', code: 'runtimes.schema' }, path);
    else t.match(error, { kind: 'config', code: 'runtimes.manifest', facts: { path: at } }, `${path}: ${error?.message}`);
  }
});

t.test('what a generator can not show, and another representation, are accepted', async (t) => {
  const pack = await generated(t);
  t.equal(await loadEdited(pack, set('/layers/0/taps/0/tensor', null)), null);
  t.equal(await loadEdited(pack, set('/layers', [])), null, 'whole-model checks only');
  t.equal(await loadEdited(pack, set('/layers/0/covers', [0, 1, 2])), null);
  const tap = { ...pack.manifest.layers[0]?.taps[0], dtype: 'int16', bytes: 6, conversion: { kind: 'add', add: 5 } };
  t.equal(await loadEdited(pack, set('/layers/0/taps/0', tap)), null);
});

t.test('build paths stay inside the folder and exist', async (t) => {
  const pack = await generated(t);
  await symlink(tmpdir(), join(pack.root, 'way_out'));
  await writeFile(join(tmpdir(), 'hil-runtimes-outside.c'), '');
  t.teardown(() => rm(join(tmpdir(), 'hil-runtimes-outside.c'), { force: true }));
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['/build/sources/0', '/etc/passwd', /no relative path/],
    ['/build/sources/0', 'C:/x.c', /no relative path/],
    ['/build/sources/0', '..\\x.c', /no relative path/],
    ['/build/sources/0', '../hil-runtimes-outside.c', /leaves the folder/],
    ['/build/sources/0', 'way_out/hil-runtimes-outside.c', /symbolic link/],
    ['/build/includeDirs/0', '..', /leaves the folder/],
    ['/build/includeDirs/0', 'network.json', /is no folder/],
    ['/build/sources/0', '.', /is no file/],
    ['/build/sources/0', 'missing.c', /does not exist/],
    ['/build/sources', [], /names nothing to build/],
  ];
  for (const [path, value, reason] of cases) {
    const error = await loadEdited(pack, set(path, value));
    t.match(error, { kind: 'config', code: 'runtimes.path' }, `${path} ${String(value)}`);
    t.match(error?.facts['reason'], reason, `${path} ${String(value)}`);
  }
});

t.test('folders and kinds that are not there', async (t) => {
  const options = { model, modelFile: 'x.tflite', outDir: 'unused' };
  await t.rejects(prepareNetwork({ kind: 'c' }, options), { kind: 'config', code: 'runtimes.source' });
  await t.rejects(prepareNetwork({ kind: 'c', dir: join(tmpdir(), 'no such folder') }, options), { kind: 'config', code: 'runtimes.source' });
  t.throws(() => runtimeFor('magic'), { kind: 'config', code: 'runtimes.unknown' });
  t.same(RUNTIME_KINDS, ['builtin', 'c']);
  const folder = await mkdtemp(join(tmpdir(), 'hil-runtimes-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'network.json'), '{');
  await t.rejects(prepareNetwork({ kind: 'c', dir: folder }, options), { kind: 'config', code: 'runtimes.json' });
});
