import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DeviceSpec } from '../../device/index.ts';
import { startBoard, whyNoBoard, type BoardOptions, type StandInBoard } from '../../device/testing/board-stand-in.ts';
import { hil, startHil, type HilOptions, type HilRun } from './hil.ts';
import { noProc, sandbox, until, type Sandbox } from './sandbox.ts';

/** For tap's `skip`: false, or what is missing for a stand-in board. */
export const noBoard: string | false = noProc === false ? await whyNoBoard() ?? false : noProc;

/** Waits short enough for tests that see them pass; a loaded computer keeps them too. */
export const SHORT = { startMs: 6000, helloMs: 10_000, replyMs: 3000, silenceMs: 4000 };

/** A stand-in board (it runs a real QEMU of qemu-m4's machine), its device file `board`, and a hil that knows it. */
export interface BoardBench {
  readonly box: Sandbox;
  readonly board: StandInBoard;
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], options?: HilOptions): Promise<HilRun>;
  /** For those who do something to it meanwhile. */
  start(args: readonly string[], options?: HilOptions): ReturnType<typeof startHil>;
  /** Writes one more device file, like the board's but for some fields. */
  device(id: string, change: Partial<DeviceSpec>, without?: keyof DeviceSpec): void;
  /** How often the board was flashed. */
  flashes(): number;
}

export async function boardBench(t: { teardown(fn: () => unknown): unknown }, options: BoardOptions = {}): Promise<BoardBench> {
  const box = sandbox(t);
  const board = await startBoard(t, options);
  const devices = path.join(box.dir, 'devices');
  mkdirSync(devices);
  const device: BoardBench['device'] = (id, change, without) => {
    const file = { ...board.spec, ...change, id, ...(without === undefined ? {} : { [without]: undefined }) };
    writeFileSync(path.join(devices, `${id}.json`), JSON.stringify(file));
  };
  device('board', {});
  const tools = Object.entries(board.env).filter(([name]) => name === 'PATH' || name.startsWith('HIL_STAND_IN'));
  const env = { ...box.env, ...Object.fromEntries(tools) as Record<string, string>, HIL_DEVICES: devices };
  const having = (more: HilOptions = {}): HilOptions => ({ ...more, env: { ...env, ...more.env } });
  return {
    box, board, env, device,
    run: (args, more) => hil(args, having(more)),
    start: (args, more) => startHil(args, having(more)),
    flashes: () => (existsSync(board.log) ? readFileSync(board.log, 'utf8').split('\n').filter((line) => /"program |^\["flash-it"/.test(line)).length : 0),
  };
}

/** Waits until a hil runs samples on its device. @throws with what it printed, where it ended before */
export async function midRun(child: ReturnType<typeof startHil>, out: string): Promise<void> {
  let ended = '';
  void child.then(({ exitCode, stdout, stderr }) => { ended = `exit ${exitCode}\n${String(stdout)}\n${String(stderr)}`; });
  if (await until('the run', () => (ended !== '' ? 'ended' : inRun(out) && 'running')) === 'ended') throw new Error(`it ended before its run was seen: ${ended}`);
}

/** The transcript that hil is writing there has a RUN. */
function inRun(out: string): boolean {
  const stages = path.join(out, '.hil-tmp');
  return existsSync(stages) && readdirSync(stages).some((stage) => {
    const file = path.join(stages, stage, 'transcript.ndjson');
    return existsSync(file) && readFileSync(file, 'utf8').includes('"type":"RUN"');
  });
}
