import t from 'tap';
import { once } from 'node:events';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { groupIsAlive } from '../process-identity.ts';
import type { DeviceSpec } from '../spec.ts';
import { fvpSpec, installStandIn } from '../testing/fvp.ts';
import { closed, keeperInto, noImage, startOptions, tempDir, until } from '../testing/helpers.ts';
import { createFvpDevice } from './fvp.ts';

// The programs started here are stand-ins (testing/fixtures/fvp-stand-in.mjs), and no QEMU is behind them; see
// fvp-image.test.ts for the real image. No real FVP was ever run with this driver.
t.setTimeout(120_000);
type Test = { teardown(fn: () => unknown): unknown };

async function device(t: Test, wishes: string, timeouts: Partial<DeviceSpec['timeouts']> = {}) {
  const { env } = await installStandIn(t, wishes);
  const groups: number[] = [];
  const spec = { ...fvpSpec, timeouts: { ...fvpSpec.timeouts, ...timeouts } };
  return { ...createFvpDevice(spec, { env, keeper: keeperInto(groups) }), gone: () => groups.length > 0 && !groups.some(groupIsAlive), groups };
}

t.test('no FVP: not usable, and a bench error with how to get one', async (t) => {
  const nowhere = createFvpDevice(fvpSpec, { env: { PATH: await tempDir(t), HOME: await tempDir(t) } });
  t.match(await nowhere.probe(), { usable: false, missing: [{ what: /FVP_Corstone_SSE-300_Ethos-U55/, howToGet: /--i-agree-to-the-contained-eula/ }] });
  await t.rejects(nowhere.start(noImage, await startOptions(t)), { kind: 'bench', code: 'device.no-fvp', hint: /HIL_FVP/ });
});

t.test('found: its release is told; settings that it does not have are left out, and said', async (t) => {
  const one = await device(t, 'echo');
  t.match(await one.probe(), { usable: true, found: [/^Fast Models 11\.16\.24 \(Nov 4 2021\) \(/], missing: [] });
  const session = await one.start(noImage, await startOptions(t));
  t.match(session.notes, [/11\.16\.24/, /left out: no\.such_parameter$/]);
  await session.stop();
});

t.test('bytes flow both ways, in spite of output that comes in blocks and ports in any order', async (t) => {
  const lines: string[] = [];
  const one = await device(t, 'echo');
  const session = await one.start(noImage, await startOptions(t, { onText: (line) => lines.push(line) }));
  session.stream.write('ping');
  let echoed = '';
  session.stream.on('data', (chunk: Buffer) => (echoed += String(chunk)));
  await until('the echo', 10_000, () => echoed === 'ping');
  t.same(lines, [], 'the banner and the terminals are nothing to tell');
  await session.stop();
  await session.stop();
  t.match(await session.ended, { exitCode: 0, lockup: false, reason: /simulation was stopped/ });
  t.ok(one.gone());
});

t.test('without stdbuf the lines may never come: the error says that', async (t) => {
  const { env, programs } = await installStandIn(t, 'echo');
  const bin = await tempDir(t);
  await symlink(process.execPath, join(bin, 'node'));
  const one = createFvpDevice({ ...fvpSpec, timeouts: { ...fvpSpec.timeouts, startMs: 600 } }, { env: { ...env, PATH: `${bin}:${programs}` } });
  await one.probe();
  await t.rejects(one.start(noImage, await startOptions(t)), { code: 'device.start-timeout', message: /600 ms \(timeouts\.startMs\)/, hint: /stdbuf/ });
});

t.test('a port that is taken: the one that the model took instead is used', async (t) => {
  const session = await (await device(t, 'echo,taken')).start(noImage, await startOptions(t));
  session.stream.write('x');
  t.equal(String((await once(session.stream, 'data'))[0]), 'x');
  await session.stop();
});

t.test('ends at once with exit code 0: a bench error with its own words', async (t) => {
  const one = await device(t, 'exits');
  await t.rejects(one.start(noImage, await startOptions(t)), { kind: 'bench', code: 'device.fvp-exited', message: /status 0.*could not initialise/ });
  t.ok(one.gone());
});

t.test('the licence is refused: not usable, and a bench error with what to do', async (t) => {
  const one = await device(t, 'licence');
  await t.rejects(one.start(noImage, await startOptions(t)), { kind: 'bench', code: 'device.fvp-licence', message: /assigned to another user/, hint: /Ecosystem FVP/ });
  t.match(await one.probe(), { usable: false, missing: [{ what: /licence/ }] });
});

t.test('another model than the device says', async (t) => {
  const one = await device(t, 'lacks=telnetterminal0.mode');
  await t.rejects(one.start(noImage, await startOptions(t)), { code: 'device.fvp-wrong-model', message: /telnetterminal0\.mode/ });
  t.match(await one.probe(), { usable: false });
  const empty = await device(t, 'lacks=.');
  await t.rejects(empty.start(noImage, await startOptions(t)), { code: 'device.fvp-silent', message: /lists no parameters/ });
});

t.test('a slow start is waited for, up to the named deadline', async (t) => {
  const session = await (await device(t, 'echo,slow-start=800')).start(noImage, await startOptions(t));
  await session.stop();
  const late = await device(t, 'echo,slow-start=60000', { startMs: 600 });
  await late.probe(); // what it asks then is known, and takes nothing of the deadline
  await t.rejects(late.start(noImage, await startOptions(t)), { kind: 'bench', code: 'device.start-timeout', message: /telnetterminal0 listens on within 600 ms \(timeouts\.startMs\)/, hint: /startMs/ });
  t.ok(late.gone());
  const mute = await device(t, 'asks-slowly=60000', { startMs: 600 });
  await t.rejects(mute.start(noImage, await startOptions(t)), { code: 'device.fvp-silent', message: /did not answer within 600 ms/ });
});

t.test('opens no terminal', async (t) => {
  const one = await device(t, 'echo,deaf', { startMs: 1500 });
  await one.probe();
  await t.rejects(one.start(noImage, await startOptions(t)), { code: 'device.start-timeout', message: /Ethos-U rev/ });
  t.ok(one.gone());
});

t.test('stops by itself in the middle, with exit code 0: the stream ends, and why is told', async (t) => {
  const one = await device(t, 'echo,stops=1000');
  const session = await one.start(noImage, await startOptions(t));
  await closed(session);
  t.match(await session.ended, { exitCode: 0, signal: null, reason: /Simulated time has been exceeded/, text: /Simulation is stopping/ });
  t.ok(one.gone());
});

t.test('the image does not fit: a bench error, whenever it is said', async (t) => {
  for (const wishes of ['echo,load-warning=0', 'echo,load-warning=700']) {
    const one = await device(t, wishes);
    const failed = async (): Promise<unknown> => {
      const session = await one.start(noImage, await startOptions(t));
      const [error] = await once(session.stream.resume(), 'error') as [Error];
      await session.stop();
      return error;
    };
    t.match(await failed().catch((error: unknown) => error), { kind: 'bench', code: 'device.fvp-load', message: /0x00080000/ });
    t.ok(one.gone());
  }
});

t.test('a terminal that speaks telnet all the same', async (t) => {
  const one = await device(t, 'echo,telnet');
  const session = await one.start(noImage, await startOptions(t));
  t.match(await once(session.stream.resume(), 'error'), [{ kind: 'bench', code: 'device.fvp-telnet' }]);
  await session.stop();
});

t.test('hung up by the terminal: the stream ends; the model is still ended', async (t) => {
  const one = await device(t, 'echo,hangs-up=200');
  const session = await one.start(noImage, await startOptions(t));
  await closed(session);
  t.notOk(one.gone());
  await session.stop();
  t.ok(one.gone());
});

t.test('babble is bounded', async (t) => {
  const lines: string[] = [];
  const session = await (await device(t, 'echo,babbles')).start(noImage, await startOptions(t, { onText: (line) => lines.push(line) }));
  await until('its text', 10_000, () => lines.length > 0);
  t.ok(lines.every((line) => line.length <= 2000));
  await session.stop();
  t.ok((await session.ended).text.length <= 8192);
});

t.test('ignores SIGTERM, or leaves a child that does: gone after stop', async (t) => {
  for (const wishes of ['echo,ignores-sigterm', 'echo,grandchild']) {
    const one = await device(t, wishes);
    const session = await one.start(noImage, await startOptions(t));
    await session.stop();
    t.ok(one.gone(), wishes);
  }
});

t.test('cancelled at any moment: nothing is left', async (t) => {
  for (const afterMs of [0, 20, 150, 300, 600]) {
    const one = await device(t, 'echo,slow-start=200');
    const abort = new AbortController();
    setTimeout(() => abort.abort(), afterMs);
    const session = await one.start(noImage, await startOptions(t, { signal: abort.signal })).catch((error: unknown) => void t.match(error, { kind: 'cancelled' }, `after ${afterMs} ms`));
    await session?.ended;
    t.ok(one.groups.length === 0 || one.gone(), `after ${afterMs} ms`);
  }
});

t.test('the image is missing; nothing to attach to', async (t) => {
  const one = await device(t, 'echo');
  await t.rejects(one.start({ ...noImage, elf: '/nonexistent/image' }, await startOptions(t)), { kind: 'bench', code: 'device.bad-image' });
  await t.rejects(one.start('attached', await startOptions(t)), { kind: 'config', code: 'device.not-attachable' });
});

t.test('large inputs go by the model\'s data loading, and that is said', async (t) => {
  // In the place of the model: notes its command line.
  const { env, folder } = await installStandIn(t, 'echo');
  const wrapper = join(folder, 'noting');
  await writeFile(wrapper, `#!/bin/sh\nfor each in "$@"; do echo "$each"; done >> ${folder}/arguments\nexec ${join(folder, 'models/Linux64_GCC-9.3', fvpSpec.fvp!.programs[0]!)} "$@"\n`, { mode: 0o755 });
  const one = createFvpDevice(fvpSpec, { env: { ...env, HIL_FVP: wrapper } });
  t.equal(one.preloads, true);
  const options = await startOptions(t, { preload: [{ address: 0x72000000, bytes: Buffer.from('first') }, { address: 0x72000100, bytes: Buffer.from('second') }] });
  const session = await one.start(noImage, options);
  const given = (await readFile(join(folder, 'arguments'), 'utf8')).split('\n');
  const data = given.flatMap((each, i) => (each === '--data' ? [given[i + 1]!] : []));
  t.same(data.map((each) => each.split('@')[1]), ['0x72000000', '0x72000100']);
  t.same(await Promise.all(data.map((each) => readFile(each.split('@')[0]!, 'utf8'))), ['first', 'second']);
  t.equal(given[given.indexOf('-a') + 1], noImage.elf);
  t.ok(given.includes('cpu0.semihosting-enable=0'));
  t.ok(given.includes('mps3_board.telnetterminal0.start_telnet=0'));
  t.ok(session.notes!.some((note) => /11 bytes of inputs were loaded by the model/.test(note)));
  await session.stop();
});

t.test('two at once have terminals of their own', async (t) => {
  const one = await device(t, 'echo');
  const sessions = await Promise.all([one.start(noImage, await startOptions(t)), one.start(noImage, await startOptions(t))]);
  await Promise.all(sessions.map(async (session, index) => {
    session.stream.write(String(index));
    t.equal(String((await once(session.stream, 'data'))[0]), String(index));
  }));
  await Promise.all(sessions.map((session) => session.stop()));
  t.ok(one.gone());
});
