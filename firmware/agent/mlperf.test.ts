/** The MLPerf Tiny text protocol of the real agent, between its frames, under sanitizers. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { systemClock } from '../../harness/link/clock.ts';
import { encodeFrame } from '../../harness/link/frame.ts';
import { openDut, type Dut } from '../../harness/link/mlperf/index.ts';
import { LinkStream } from '../../harness/link/transports/link-stream.ts';
import { compileNative, fixture, has } from './fixtures/compile.ts';
import { WRITE, split, writePayload } from './fixtures/wire.ts';

if (!(await has('gcc'))) {
  t.pass('no gcc here', { skip: 'needs gcc' });
  process.exit(0);
}
const program = join(t.testdir({}), 'pipe');
await compileNative('pipe_main.c', program, ['-DHIL_MLPERF=1', '-DDUMMY_TAME', '-fsanitize=address,undefined', '-fno-sanitize-recover=all', fixture('dummy_form.c')]);
const bare = join(t.testdirName, 'bare');
await compileNative('pipe_main.c', bare, ['-DHIL_MLPERF=1', '-DDUMMY_TAME']);
t.setTimeout(60_000);

/** Sends bytes, then the end of its input; @returns all that it says, once it has ended by itself. */
async function say(input: Uint8Array | string, file = program): Promise<{ bytes: Buffer; code: number }> {
  const child = spawn(file, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close') as [number];
  return { bytes: Buffer.concat(chunks), code };
}

const text = async (input: string, file?: string): Promise<string> => split((await say(input, file)).bytes).text;

async function open(t: Test): Promise<Dut> {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const dut = await openDut(new LinkStream(child.stdout, child.stdin), { deviceId: 'agent', signal: new AbortController().signal, clock: systemClock, timeouts: { readyMs: 20_000, replyMs: 10_000 } });
  t.teardown(() => dut.close());
  return dut;
}

t.test('hil\'s own host and agent', async (t) => {
  const dut = await open(t);
  t.match(dut, { name: 'hil', model: 'dummy', profile: 'ULPMark for tinyML Firmware V0.0.1' });
  // Output = 2 * (input + counter), in steps of 0.25 from -1; 124 and beyond wrap as the network's own int8 does.
  for (const [codes, values] of [[[20, 21, 22, 23], [11, 11.5, 12, 12.5]], [[-10, -2, 100, 33], [-4, 0, -13, 17.5]]] as const) {
    await dut.load(Uint8Array.from(codes));
    const { numbers, elapsedUs } = await dut.infer(1, 0, 10_000);
    t.strictSame(numbers.map(({ value }) => value), values);
    t.ok((elapsedUs ?? 0) > 0);
    t.strictSame((await dut.infer(5, 3, 10_000)).numbers, numbers, 'after repetitions too: state and input are as the sample found them');
  }
  t.equal((await dut.load(randomBytes(4000))).attempts, 1);
  await t.rejects(dut.load(new Uint8Array(5000)), { code: 'dut.refused', message: /5000 exceeds maximum of 4096/ });
  await t.rejects(dut.infer(1, 0, 1000), { code: 'dut.refused', message: /Input has 0 bytes, expected 4/ });
});

t.test('every command, and what is wrong with it', async (t) => {
  const ready = 'm-ready\r\n';
  for (const [command, reply] of [
    ['name%', 'm-name-dut-[hil]\r\n'], ['%', 'e-[Unknown command: ]\r\n'], ['nam%', 'e-[Unknown command: nam]\r\n'], ['names%', 'e-[Unknown command: names]\r\n'],
    ['db%', 'e-[db what?]\r\n'], ['db load%', "e-[Command 'db load' must be >0 bytes]\r\n"], ['db load 0%', "e-[Command 'db load' must be >0 bytes]\r\n"],
    ['db load -1%', "e-[Command 'db load' must be >0 bytes]\r\n"], ['db load 99999999999%', "e-[Command 'db load' must be >0 bytes]\r\n"],
    ['db 0%', 'e-[Insufficent number of hex digits]\r\n'], ['db 0g%', 'e-[Invalid hex digit]\r\n'], ['db 00%', ''], ['db print%', ''],
    ['infer 0%', 'e-[Inference iterations must be >0]\r\n'], ['infer x%', 'e-[Inference iterations must be >0]\r\n'], ['infer 1 -1%', 'e-[Inference warmup must be >=0]\r\n'],
    ['infer%', 'e-[Input has 0 bytes, expected 4]\r\n'], ['\r\nname%', 'm-name-dut-[hil]\r\n'], ['  name  %', 'm-name-dut-[hil]\r\n'],
  ] as const) {
    t.equal(await text(`name%${command}`), `m-name-dut-[hil]\r\n${ready}${reply}${ready}`, JSON.stringify(command));
  }
  t.equal(await text('name%'.repeat(8)), `m-name-dut-[hil]\r\n${ready}`.repeat(8), 'pasted at full speed');
  t.match(await text(`${'x'.repeat(500)}%name%`), /^e-\[Unknown command: x{80}\]\r\nm-ready\r\nm-name-dut-\[hil\]/);
  t.equal(await text('name%db load 2%db 0aFF77%db 11%db print%'), `m-name-dut-[hil]\r\n${ready}m-[Expecting 2 bytes]\r\n${ready}m-load-done\r\n${ready}${ready}m-buffer-0a-ff\r\n${ready}`, 'what comes after the end is left out');
  t.match(await text('name%profile%infer%', bare), /m-model-\[none\][^]*e-\[No network\]/, 'without a form');
});

t.test('frames and text beside each other', async (t) => {
  const write = encodeFrame(WRITE, 9, writePayload(0, Buffer.from('name%name%')));
  const { bytes, code } = await say(Buffer.concat([write, Buffer.from('name%'), write, Buffer.from('db load 4%'), write]));
  const { frames, text: said } = split(bytes);
  t.equal(code, 0);
  t.equal(frames.filter((frame) => frame.type === 0x83).length, 3, 'a command inside a frame is none');
  t.equal(said, 'm-name-dut-[hil]\r\nm-ready\r\nm-[Expecting 4 bytes]\r\nm-ready\r\n');
});

t.test('any bytes whatever', async (t) => {
  const words = ['name', 'db load ', 'db ', 'infer ', 'results', 'profile', '%', '%', ' ', '4', '00ff', '-1', '99999', '\0', '\xff', 'db print%', 'timestamp%'];
  for (let round = 0; round < 40; round += 1) {
    const bytes = Buffer.concat(Array.from(randomBytes(200), (pick) => (pick < 200 ? Buffer.from(words[pick % words.length] as string, 'latin1') : randomBytes(pick & 7))));
    const { code } = await say(bytes);
    if (code !== 0) t.fail(`ended with ${code} on ${bytes.toString('hex')}`);
  }
  t.pass('40 rounds');
});
