import { readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { CaseReport } from '../../report/index.ts';
import { boardBench, midRun, noBoard, SHORT, type BoardBench } from './board-bench.ts';
import { engineModel } from './hil.ts';
import { until } from './sandbox.ts';

// Boards, cables, probes and supplies that fail, on the stand-in board: one retry where something can bring the board back, said in
// the report; else exit 4 with what is broken and what to do. Never a pass, never the network's fault.
t.setTimeout(280_000);

const LONG = 20_000;
const check = (device: string, samples: number): string[] => ['check', engineModel, '--samples', String(samples), '--device', device];
const spec = { timeouts: SHORT };

function nothingLeft(t: Test, { box }: BoardBench): void {
  t.same(box.running(), [], 'no process is left');
  t.same(box.leftovers(), [], 'no lock, work folder or half-written file is left');
}

/** Exit 4 with all of this among its words; nothing said of the network. */
function benchFailed(t: Test, bench: BoardBench, run: { code: number | undefined; stdout: string }, ...said: readonly RegExp[]): CaseReport {
  t.equal(run.code, 4, run.stdout);
  const [one] = bench.box.report().cases as [CaseReport];
  t.match(one, { verdict: 'bench-error', fault: null, layers: [] });
  for (const words of said) t.match(one.reasons.join('\n'), words);
  t.match(run.stdout, /what to do: /);
  nothingLeft(t, bench);
  return one;
}

/** Starts a long check, does something to the board in the middle, and waits for the end. */
async function inTheMiddle(bench: BoardBench, act: () => unknown, device = 'board', samples = LONG): Promise<{ code: number | undefined; stdout: string; stderr: string }> {
  const child = bench.start([...check(device, samples), '--out', bench.box.out]);
  await midRun(child, bench.box.out);
  await act();
  const { exitCode, stdout, stderr } = await child;
  return { code: exitCode, stdout: String(stdout), stderr: String(stderr) };
}

t.test('unplugged and plugged in again: one retry after a power cycle, said in the report', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { power: true, spec: { timeouts: { ...SHORT, startMs: 20_000 } } });
  const run = await inTheMiddle(bench, async () => {
    await bench.board.tell('unplug');
    await until('the power cycle', () => readFileSync(bench.board.log, 'utf8').includes('"off"'));
    await bench.board.tell('plug');
  }, 'board', 3000);
  t.equal(run.code, 0, run.stdout);
  const [one] = bench.box.report().cases as [CaseReport];
  t.match(one, { verdict: 'pass', samples: 3000 });
  t.match(one.reasons.filter((reason) => reason.startsWith('repeated once')),
    [/^repeated once after a bench fault: device board: the connection closed after \d+ bytes from the device: \S+tty went away while it was in use \(link\.closed\); before that: power off for 50 ms and on again$/]);
  t.match(run.stdout, /repeated once after a bench fault/);
  t.equal(bench.flashes(), 1, 'the board kept its image');
  nothingLeft(t, bench);
});

t.test('unplugged for good, with a power switch: the retry is tried and fails', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { power: true, spec });
  benchFailed(t, bench, await inTheMiddle(bench, () => bench.board.tell('unplug')), /went away while it was in use; to repeat it, the device was to be brought back, which failed: device board: no port \S+tty; there are: .* \(waited 6000 ms for it, timeouts\.startMs\)$/m);
});

t.test('gone silent, or unplugged, where nothing could bring it back: no retry', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { spec });
  t.match(await bench.run([...check('board', 4), '--out', bench.box.out]), { code: 0 }, 'flashed');
  bench.device('bare', { lock: 'board' }, 'flasher');
  const silent = benchFailed(t, bench, await inTheMiddle(bench, async () => process.kill((await bench.board.status()).cpu!, 'SIGSTOP'), 'bare'), /nothing was heard for 4000 ms of a RUN/);
  t.notMatch(silent.reasons.join('\n'), /repeat/);
  await bench.board.tell('reset');
  const gone = benchFailed(t, bench, await inTheMiddle(bench, () => bench.board.tell('unplug'), 'bare'), /tty went away while it was in use$/m);
  t.notMatch(gone.reasons.join('\n'), /repeat/);
});

t.test('silent in the middle: a power cycle cures it', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { power: true, spec: { timeouts: { ...SHORT, startMs: 20_000 } } });
  const run = await inTheMiddle(bench, async () => process.kill((await bench.board.status()).cpu!, 'SIGSTOP'), 'board', 3000);
  t.equal(run.code, 0, run.stdout);
  const [one] = bench.box.report().cases as [CaseReport];
  t.match(one, { verdict: 'pass', samples: 3000 });
  t.match(one.reasons.join('\n'), /^repeated once after a bench fault: .*nothing was heard for \d+ ms of a RUN.*; before that: power off for 50 ms and on again$/m);
  nothingLeft(t, bench);
});

t.test('a flasher that finds no probe, or fails with a status: what it said and what to do', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { spec });
  bench.device('own-tool', { flasher: { tool: 'command', argv: ['flash-it', '{elf}'] }, lock: 'board' });
  const fault = { env: { HIL_STAND_IN_FAULT: 'no-probe' } };
  benchFailed(t, bench, await bench.run([...check('board', 4), '--out', bench.box.out], fault),
    /^device board: flashing with openocd: it finds no debug probe or boot loader; it said: .*Error: open failed/m, /failed for the same reason\)$/m, /Is the board plugged in and powered\?/);
  benchFailed(t, bench, await bench.run([...check('own-tool', 4), '--out', bench.box.out], fault), /^device own-tool: flashing with command: it ended with status 3; it said: no board$/m);
  t.equal((await bench.board.status()).cpu, null, 'nothing was flashed');
});

t.test('a flasher that ends well and flashed nothing: no pass', { skip: noBoard }, async (t) => {
  const bench = await boardBench(t, { spec });
  bench.device('own-tool', { flasher: { tool: 'command', argv: ['flash-it', '{elf}'] }, lock: 'board' });
  const run = (device: string, fault: string, ...more: string[]) => bench.run([...check(device, 4), ...more, '--out', bench.box.out], { env: { HIL_STAND_IN_FAULT: fault } });
  benchFailed(t, bench, await run('board', 'silent'), /flashing with openocd: it ended with status 0, but never said that it was done/);
  bench.device('blank', { flasher: { tool: 'command', argv: ['flash-it', '{elf}'] }, lock: 'board', timeouts: { ...SHORT, helloMs: 1000 } });
  benchFailed(t, bench, await run('blank', 'silent'), /no answer to HELLO within 1000 ms; nothing at all was received/);
  t.match(await run('own-tool', ''), { code: 0 });
  const wrong = benchFailed(t, bench, await run('own-tool', 'silent', '--profile', 'tflm-2026-08'), /another image runs: HELLO says build [0-9a-f]{32}, built was [0-9a-f]{32}$/m, /flash or start it again/);
  t.same(wrong.outputs, []);
});
