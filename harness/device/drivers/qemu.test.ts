import t from 'tap';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HilError } from '../../errors.ts';
import { groupIsAlive, startTimeOf } from '../process-identity.ts';
import { closed, noImage, qemuSpec, standIn, startOptions, tempDir, until } from '../testing/helpers.ts';
import { createQemuDevice } from './qemu.ts';

// The programs started here are stand-ins (testing/fixtures/stand-in.mjs); real QEMU is in conformance.test.ts.
const device = (mode: string, spec = qemuSpec) => {
  process.env['STAND_IN'] = mode;
  return createQemuDevice(spec, { env: { ...process.env, HIL_QEMU: standIn } });
};

t.test('no QEMU: bench error that names the package', async (t) => {
  const nowhere = createQemuDevice(qemuSpec, { env: { PATH: await tempDir(t) } });
  await t.rejects(nowhere.start(noImage, await startOptions(t)), { name: 'HilError', kind: 'bench', code: 'device.no-qemu', hint: /qemu-system-arm/ });
  const usability = await nowhere.probe();
  t.equal(usability.usable, false);
  t.match(usability.missing[0]?.howToGet, /apt-get install qemu-system-arm/);
});

t.test('HIL_QEMU that is no program is not silently replaced by another QEMU', async (t) => {
  const wrong = createQemuDevice(qemuSpec, { env: { ...process.env, HIL_QEMU: '/nonexistent/qemu' } });
  await t.rejects(wrong.start(noImage, await startOptions(t)), { code: 'device.no-qemu', message: /HIL_QEMU names/ });
});

t.test('a QEMU that is too old, or lacks the machine, is named with its version', async (t) => {
  const fake = async (name: string, version: string, machine: string): Promise<string> => {
    const file = join(await tempDir(t), name);
    await writeFile(file, `#!/bin/sh\n[ "$1" = --version ] && echo "QEMU emulator version ${version}" || printf 'Supported machines are:\\n${machine} ARM\\n'\n`, { mode: 0o755 });
    return file;
  };
  const probe = async (file: string) => createQemuDevice(qemuSpec, { env: { ...process.env, HIL_QEMU: file } }).probe();
  t.match(await probe(await fake('old', '6.2.0', 'mps2-an385')), { usable: false, found: [/6\.2\.0/], missing: [{ what: /7\.2 or newer.*6\.2\.0/ }] });
  t.match(await probe(await fake('other', '8.1.3', 'virt')), { usable: false, missing: [{ what: /machine mps2-an385/ }] });
  t.match(await probe(await fake('good', '8.1.3', 'mps2-an385')), { usable: true, found: [/8\.1\.3/] });
});

t.test('exits at once: bench error with its own words', async (t) => {
  await t.rejects(device('exit').start(noImage, await startOptions(t)), { kind: 'bench', code: 'device.qemu-exited', message: /status 3.*not supported/ });
});

t.test('opens no UART: bench error by the named deadline, and nothing is left', async (t) => {
  const spec = { ...qemuSpec, timeouts: { ...qemuSpec.timeouts, startMs: 400 } };
  const begin = performance.now();
  await t.rejects(device('no-socket', spec).start(noImage, await startOptions(t)), { code: 'device.start-timeout', message: /400 ms/ });
  t.ok(performance.now() - begin < 3000);
});

t.test('bytes flow both ways; stop leaves nothing; stop twice is fine', async (t) => {
  const session = await device('echo').start(noImage, await startOptions(t));
  session.stream.write('ping');
  const [chunk] = await once(session.stream, 'data');
  t.equal(String(chunk), 'ping');
  await session.stop();
  await session.stop();
  t.equal(session.stream.destroyed, true);
  t.equal((await session.ended).lockup, false);
});

t.test('silence is not an error here, and stop works', async (t) => {
  const session = await device('silent').start(noImage, await startOptions(t));
  await session.stop();
});

t.test('garbage: text is bounded and freed of known noise, bytes come through', async (t) => {
  const lines: string[] = [];
  const session = await device('garbage').start(noImage, await startOptions(t, { onText: (line) => lines.push(line) }));
  let bytes = 0;
  session.stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await until('garbage bytes', 5000, () => bytes === 50_000);
  await until('last line', 5000, () => lines.some((line) => line.includes('red')));
  await session.stop();
  t.ok(lines.every((line) => line.length <= 2000));
  t.notOk(lines.some((line) => line.includes('delta zero')));
  t.ok((await session.ended).text.length <= 8192);
});

t.test('ignores SIGTERM: SIGKILL follows', async (t) => {
  const session = await device('ignores-sigterm').start(noImage, await startOptions(t));
  const begin = performance.now();
  await session.stop();
  t.ok(performance.now() - begin < 4000);
  t.equal((await session.ended).signal, 'SIGKILL');
});

t.test('a grandchild that holds the pipes and ignores SIGTERM goes too', async (t) => {
  let pid = 0;
  const session = await device('grandchild').start(noImage, await startOptions(t, { onText: (line) => (pid = Number(/grandchild (\d+)/.exec(line)?.[1] ?? pid)) }));
  await until('grandchild', 5000, () => pid > 0);
  await session.stop();
  t.equal(startTimeOf(pid), '');
});

t.test('lockup: told apart, last bytes still readable, stream closes', async (t) => {
  const session = await device('lockup').start(noImage, await startOptions(t));
  let text = '';
  session.stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const end = await session.ended;
  t.equal(end.lockup, true);
  t.equal(end.signal, 'SIGABRT');
  t.match(end.text, /Lockup/);
  await closed(session);
  t.equal(text, 'last words');
  await session.stop();
});

t.test('all that it sent before its end is delivered, to a slow reader too', async (t) => {
  const session = await device('flood').start(noImage, await startOptions(t));
  let bytes = 0;
  for await (const chunk of session.stream) {
    bytes += (chunk as Buffer).length;
    await new Promise((resolve) => setTimeout(resolve, bytes > 2_500_000 ? 30 : 1));
  }
  t.equal(bytes, 3_000_000);
});

t.test('nobody reads the stream: it closes all the same when the target ends', async (t) => {
  const session = await device('lockup').start(noImage, await startOptions(t));
  await session.ended;
  await until('close', 2000, () => session.stream.closed);
});

t.test('abort before, during and after the start', async (t) => {
  const gone = AbortSignal.abort();
  await t.rejects(device('echo').start(noImage, await startOptions(t, { signal: gone })), { kind: 'cancelled', code: 'device.cancelled' });

  const during = new AbortController();
  const starting = device('no-socket').start(noImage, await startOptions(t, { signal: during.signal }));
  setTimeout(() => during.abort(), 150);
  await t.rejects(starting, { kind: 'cancelled', code: 'device.cancelled' });

  const after = new AbortController();
  const session = await device('echo').start(noImage, await startOptions(t, { signal: after.signal }));
  const failed = once(session.stream, 'error').catch((error: unknown) => [error]);
  session.stream.once('error', () => undefined);
  after.abort();
  const [error] = await failed;
  t.ok(error instanceof HilError && error.kind === 'cancelled');
  t.not((await session.ended).signal, null);
});

t.test('a work folder with a long path and a comma', async (t) => {
  const dir = await tempDir(t);
  const { mkdir } = await import('node:fs/promises');
  for (const name of ['a,b', 'long'.repeat(40)]) {
    const workDir = join(dir, name);
    await mkdir(workDir);
    const session = await device('echo').start(noImage, await startOptions(t, { workDir }));
    await session.stop();
  }
});

t.test('groupIsAlive of a group that is gone', async (t) => t.equal(groupIsAlive(2 ** 22 - 3), false));
