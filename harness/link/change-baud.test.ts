import { spawn } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { compileNative } from '../../firmware/agent/fixtures/compile.ts';
import { HilError } from '../errors.ts';
import { systemClock } from './clock.ts';
import { encodeFrame } from './frame.ts';
import { helloOnce } from './hello.ts';
import type { Link } from './link.ts';
import { encodeBaud } from './messages.ts';
import { REQUEST } from './protocol.ts';
import { openLink } from './session.ts';
import { KeyedLine } from './testing/keyed-line.ts';
import { noCompiler } from './testing/native-agent.ts';
import { seededBytes } from './testing/random.ts';
import { LinkStream } from './transports/link-stream.ts';

/** The real agent and the real link over a stand-in for a line whose two sides can differ in speed. */

const missing = await noCompiler();
if (missing !== false) {
  t.pass('skipped', { skip: missing });
  process.exit(0);
}
const program = join(t.testdir({}), 'line');
await compileNative('line_main.c', program, ['-DDUMMY_TAME', '-fsanitize=address,undefined', '-fno-sanitize-recover=all']);
t.setTimeout(120_000);
t.jobs = 8;

function start(t: Test): KeyedLine {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  return new KeyedLine(new LinkStream(child.stdout, child.stdin));
}

const options = { deviceId: 'line-1', signal: new AbortController().signal, clock: systemClock };
async function opened(t: Test): Promise<{ line: KeyedLine; link: Link; change: (baud: number) => Promise<boolean> }> {
  const line = start(t);
  const link = await openLink(line, { ...options, helloTimeoutMs: 10_000, replyTimeoutMs: 500, silenceMs: 10_000 });
  t.teardown(() => link.close());
  return { line, link, change: (baud) => link.changeBaud(baud, (to) => line.setBaud(to), 115200) };
}

/** The link carries data as ever. */
async function works(t: Test, link: Link): Promise<void> {
  const bytes = seededBytes(5, 4000);
  await link.write(0, bytes);
  t.ok((await link.read(0, 4000)).equals(bytes));
}

t.test('a speed that works is used, and calls meanwhile wait for it', async (t) => {
  const { line, link, change } = await opened(t);
  t.match(link.hello, { changesBaud: true, hasPreload: false });
  const [changed] = await Promise.all([change(921_600), works(t, link)]);
  t.equal(changed, true);
  t.strictSame(line.speeds, [921_600]);
  t.match(link.stats, { resent: 0, damaged: 0, damagedOnDevice: 0 });
  await new Promise((resolve) => setTimeout(resolve, 1100)); // several of the device's seconds
  await works(t, link);
  t.equal(await change(115_200), true, 'and back');
  await works(t, link);
});

t.test('a speed at which nothing is heard: both sides go back', async (t) => {
  const { line, link, change } = await opened(t);
  t.equal(await change(460_800), false);
  t.strictSame(line.speeds, [460_800, 115_200]);
  await works(t, link);
  t.match(link.stats, { damaged: 0, damagedOnDevice: 0 }, 'garbage between two speeds is not held against the line');
  t.equal(await change(921_600), true, 'another may do');
  await works(t, link);
});

t.test('a speed that is just good enough for HELLO: the device gives it up too', async (t) => {
  const { line, link, change } = await opened(t);
  t.equal(await change(230_400), false);
  t.strictSame(line.speeds, [230_400, 115_200]);
  await works(t, link);
});

t.test('a lost BAUD_OK: the device comes back to be asked again', async (t) => {
  const { line, link, change } = await opened(t);
  t.equal(await change(1_000_000), true);
  t.strictSame(line.speeds, [1_000_000]);
  await works(t, link);
});

t.test('speeds that one side cannot do', async (t) => {
  const { line, link, change } = await opened(t);
  t.equal(await change(3_000_000), false);
  t.strictSame(line.speeds, [], 'refused by the device: nothing was touched');
  t.equal(await change(1_800_000), false);
  t.strictSame(line.speeds, [115_200], 'refused by the adapter');
  await works(t, link);
});

t.test('the old speed is lost too: the link says so, and is over', async (t) => {
  const { line, link } = await opened(t);
  const error = await link.changeBaud(460_800, () => line.setBaud(57_600), 115_200).then(() => null, (e: unknown) => e);
  t.ok(error instanceof HilError);
  t.match(error, { kind: 'bench', code: 'link.speed-lost', message: /line-1: after a change to 460800 baud failed, HELLO was not answered at 115200 baud within 6000 ms either/ });
  t.equal(link.failure, error);
});

t.test('a new host that knows nothing of the changed speed brings the device back', async (t) => {
  const line = start(t);
  t.not(await helloOnce(line, { ...options, timeoutMs: 10_000 }), null);
  line.write(encodeFrame(REQUEST.baud, 1, encodeBaud(921_600)));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await line.setBaud(921_600);
  t.not(await helloOnce(line, { ...options, timeoutMs: 10_000 }), null, 'heard at the new speed, which it keeps');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  t.not(await helloOnce(line, { ...options, timeoutMs: 10_000 }), null, 'however long nobody speaks');
  await line.setBaud(115_200); // as a new process would open it
  t.equal(await helloOnce(line, { ...options, timeoutMs: 300 }), null);
  t.not(await helloOnce(line, { ...options, timeoutMs: 10_000 }), null, 'saying HELLO for long enough is all that it takes');
  line.destroy();
});

t.test('who is there? the stream stays as it was', async (t) => {
  const line = start(t);
  const hello = await helloOnce(line, { ...options, timeoutMs: 10_000 });
  t.match(hello, { buildId: '0'.repeat(32), core: 'line', changesBaud: true });
  const link = await openLink(line, { ...options, helloTimeoutMs: 10_000, replyTimeoutMs: 500, silenceMs: 10_000 });
  await works(t, link);
  await link.close();

  const mute = start(t);
  await mute.setBaud(57_600);
  t.equal(await helloOnce(mute, { ...options, timeoutMs: 400 }), null, 'nobody that can be understood');
  await mute.setBaud(115_200);
  t.not(await helloOnce(mute, { ...options, timeoutMs: 10_000 }), null);
  const abort = new AbortController();
  const asking = helloOnce(mute, { ...options, timeoutMs: 10_000, signal: abort.signal }).catch((error: HilError) => error.code);
  abort.abort();
  t.equal(await asking, 'link.cancelled');
  mute.destroy();
  t.equal(await helloOnce(mute, { ...options, timeoutMs: 10_000 }), null, 'a stream that is over');
});
