import t from 'tap';
import { once } from 'node:events';
import { writeFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closed, noImage, qemuSpec, startOptions, tempDir, until } from '../testing/helpers.ts';
import { createHostDevice } from './host.ts';

// The images here are stand-ins (testing/fixtures/stdio-target.mjs); a real one is in conformance.test.ts.
const { qemu: _unused, ...rest } = qemuSpec;
const spec = { ...rest, id: 'test-host', kind: 'host' } as const;
const image = { ...noImage, elf: fileURLToPath(new URL('../testing/fixtures/stdio-target.mjs', import.meta.url)) };
const start = async (t: Parameters<typeof startOptions>[0], mode: string, more: Parameters<typeof startOptions>[1] = {}) => {
  process.env['STAND_IN'] = mode;
  return createHostDevice(spec).start(image, await startOptions(t, more));
};

t.test('echo, then stop', async (t) => {
  const session = await start(t, 'echo');
  session.stream.write(Buffer.of(0, 255, 10));
  const [chunk] = (await once(session.stream, 'data')) as [Buffer];
  t.same([...chunk], [0, 255, 10]);
  await session.stop();
  t.ok(session.stream.closed);
});

t.test('ends by itself at once: exit code and its words are kept, the stream closes', async (t) => {
  const session = await start(t, 'exit');
  await closed(session);
  t.match(await session.ended, { exitCode: 5, signal: null, text: /sorry/, lockup: false });
});

t.test('all that it wrote before its end is delivered, to a slow reader too', async (t) => {
  const session = await start(t, 'flood');
  let bytes = 0;
  for await (const chunk of session.stream) {
    bytes += (chunk as Buffer).length;
    if (bytes < 1_500_000) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  t.equal(bytes, 3_000_000);
});

t.test('a target that does not read: writing waits, stopping does not', async (t) => {
  const session = await start(t, 'deaf');
  session.stream.on('error', () => undefined);
  t.equal(session.stream.write(Buffer.alloc(4_000_000)), false);
  const begin = performance.now();
  await session.stop();
  t.ok(performance.now() - begin < 3000);
});

t.test('writing to a target that is gone is an error or ignored, never a crash', async (t) => {
  const session = await start(t, 'exit');
  session.stream.on('error', () => undefined);
  await session.ended;
  session.stream.write('x');
  await closed(session);
});

t.test('an orphan outside of the group holds the pipes: ended settles and the stream closes all the same', async (t) => {
  let orphan = 0;
  const session = await start(t, 'orphan', { onText: (line) => (orphan = Number(/orphan (\d+)/.exec(line)?.[1] ?? orphan)) });
  t.teardown(() => orphan > 0 && process.kill(orphan, 'SIGKILL'));
  await until('orphan', 5000, () => orphan > 0);
  t.equal((await session.ended).exitCode, 0);
  await closed(session);
});

t.test('ignores SIGTERM', async (t) => {
  const session = await start(t, 'ignores-sigterm');
  session.stream.write('x');
  await once(session.stream, 'data');
  await session.stop();
  t.equal((await session.ended).signal, 'SIGKILL');
});

t.test('not a program, or for another machine: bench error', async (t) => {
  const file = join(await tempDir(t), 'image');
  await writeFile(file, '\u007fELF nonsense, long enough to be a header');
  const device = createHostDevice(spec);
  await t.rejects(device.start({ ...image, elf: file }, await startOptions(t)), { kind: 'bench', code: 'device.bad-image' });
  await chmod(file, 0o755);
  await t.rejects(device.start({ ...image, elf: file }, await startOptions(t)), { kind: 'bench', code: 'device.bad-image', message: /another kind/ });
  await writeFile(file, 'touch /tmp/hil-was-run-by-a-shell\n');
  await t.rejects(device.start({ ...image, elf: file }, await startOptions(t)), { kind: 'bench', code: 'device.bad-image', message: /no program/ });
});
