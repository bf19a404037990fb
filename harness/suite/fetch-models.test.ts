import t from 'tap';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HilError } from '../errors.ts';
import { download, fetchModels, remoteModels, type Download } from './fetch-models.ts';

const bytes = Buffer.from('a model');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const url = 'https://example.org/m.tflite';
const { signal } = new AbortController();
const never: Download = async () => { throw new Error('not to be called'); };
const folder = t.testdir({ suite: {}, mine: { 'other-name.bin': bytes, 'not it': 'x' } });

t.test('the models that a suite names by URL, each once', async (t) => {
  const one = (name: string, model: object): object => ({ name, model, generator: 'builtin', sequences: [{ name: 's', random: { samples: 1, seed: 'a' } }] });
  writeFileSync(join(folder, 'suite/suite.json'), JSON.stringify({ schema: 'hil-suite/1', name: 'S', cases: [one('a', { url, sha256 }), one('b', { url, sha256 }), one('c', { file: 'm.tflite', sha256 })] }));
  t.same(remoteModels(join(folder, 'suite')), [{ url, sha256 }]);
  t.throws(() => remoteModels(join(folder, 'mine')), { kind: 'config', code: 'suite.not-found' });
});

t.test('from a folder, whatever the name; then it is there', async (t) => {
  const env = { HIL_MODEL_CACHE: join(folder, 'cache-a') };
  const options = { from: [join(folder, 'mine')], download: never, signal, env };
  t.match(await fetchModels([{ url, sha256 }], options), [{ how: 'copied', source: /other-name/ }]);
  t.same(readFileSync(join(env.HIL_MODEL_CACHE, sha256)), bytes);
  t.match(await fetchModels([{ url, sha256 }], options), [{ how: 'already there' }]);
  writeFileSync(join(env.HIL_MODEL_CACHE, sha256), 'damaged');
  t.match(await fetchModels([{ url, sha256 }], options), [{ how: 'copied' }], 'a damaged one is replaced');
  await t.rejects(fetchModels([{ url, sha256 }], { ...options, from: [join(folder, 'nowhere')] }), { kind: 'config', code: 'models.folder' });
});

t.test('from a server; what is not what was asked for is not kept', async (t) => {
  const server = createServer((request, response) => {
    if (request.url === '/gone') response.writeHead(404);
    response.end(request.url === '/m' ? bytes : 'something else');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const at = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
  const env = { HIL_MODEL_CACHE: join(folder, 'cache-b') };
  const options = { from: [], download, signal, env };
  t.match(await fetchModels([{ url: at('m'), sha256 }], options), [{ how: 'downloaded' }]);
  t.same(readFileSync(join(env.HIL_MODEL_CACHE, sha256)), bytes);
  const wrong = { ...options, env: { HIL_MODEL_CACHE: join(folder, 'cache-c') } };
  await t.rejects(fetchModels([{ url: at('x'), sha256 }], wrong), { kind: 'bench', code: 'models.hash', message: /14 bytes with SHA-256/ });
  await t.rejects(fetchModels([{ url: at('gone'), sha256 }], wrong), { kind: 'bench', code: 'models.download', message: /404/ });
  t.same(readdirSync(wrong.env.HIL_MODEL_CACHE), []);
  const stopped = AbortSignal.abort(new HilError('cancelled', 'run.cancelled', 'interrupted'));
  await t.rejects(fetchModels([{ url: at('m'), sha256 }], { ...wrong, signal: stopped }), { kind: 'cancelled', code: 'run.cancelled' });
});

t.test('a cache that cannot be written', async (t) => {
  const cache = join(folder, 'cache-d');
  mkdirSync(join(cache, sha256), { recursive: true });
  await t.rejects(fetchModels([{ url, sha256 }], { from: [join(folder, 'mine')], download: never, signal, env: { HIL_MODEL_CACHE: cache } }), { kind: 'bench', code: 'models.write' });
});
