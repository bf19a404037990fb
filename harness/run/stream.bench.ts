/**
 * What hil adds to the least that a streamed run can cost. Run: npm run bench [-- steps]
 *
 * 1. The streamed run (digests, outputs, reference and comparison, through the framed and acknowledged link) against its
 *    floor: the same payload over the same QEMU UART, unframed and unacknowledged, plus the invocations alone
 *    (firmware/bench/raw_floor.c). One process, both alternating; the median of the pairs' ratios.
 * 2. What is not the device's: start-up of hil with loading and planning the suite, the reference, report writing, in ms.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildImage, firmwareDir, loadBoard } from '../build/index.ts';
import { buildCacheDir } from '../cli/perform-run.ts';
import { createDevice, createWorkDir, findDevice, loadDevices, processKeeper, type DeviceSession } from '../device/index.ts';
import { crc32, type TranscriptSink } from '../link/index.ts';
import { prepareReference } from '../reference/index.ts';
import { parseReport, writeReports } from '../report/index.ts';
import { prepareNetwork } from '../runtimes/index.ts';
import { loadSuite } from '../suite/index.ts';
import { BatchReference } from './batch-reference.ts';
import { openCaseSession } from './case-session.ts';
import { CaseTally } from './case-tally.ts';
import { DevicePort } from './device-port.ts';
import { numericPass } from './numeric-pass.ts';
import { planSuite } from './plan-suite.ts';
import type { PlannedCase } from './planned-case.ts';
import { planPool } from './pool-layout.ts';

const steps = Number(process.argv[2] ?? 20_000);
const ROUNDS = 7;
const DEVICE = 'qemu-m55';
const root = fileURLToPath(new URL('../../', import.meta.url));
const signal = new AbortController().signal;
const silent: TranscriptSink = { record: () => undefined };
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
const print = (line: string): void => { process.stdout.write(`${line}\n`); };

const suite = await loadSuite(path.join(root, 'suites/engine-rom'));
const [first] = await planSuite(suite, { generatorDir: null, now: new Date() });
if (first === undefined) throw new Error('the suite has no case');
const plan = longCase(first, steps);
const spec = findDevice(await loadDevices(), DEVICE);
const device = createDevice(spec, { keeper: processKeeper });
const work = await createWorkDir();
try {
  await compareWithFloor();
  await hostCosts();
} finally {
  await work.remove();
}

async function compareWithFloor(): Promise<void> {
  const pack = await prepareNetwork(plan.generator, { model: plan.model, modelFile: plan.modelFile, profile: plan.profile, core: spec.core, outDir: path.join(work.path, 'network') });
  const board = await loadBoard(spec.board);
  const cacheDir = buildCacheDir();
  const image = await buildImage({ package: pack, board, cacheDir, signal });
  const floorMain = path.relative(board.root, path.join(firmwareDir, 'bench/raw_floor.c'));
  const floorBoard = { ...board, sources: board.sources.map((source) => (source.endsWith('main.c') ? floorMain : source)) };
  const floorImage = await buildImage({ package: pack, board: floorBoard, cacheDir, signal });

  const session = await openCaseSession({ device, image, manifest: pack.manifest, workDir: path.join(work.path), signal, onLog: () => undefined, transcript: silent });
  const floor = await device.start(floorImage, { signal, workDir: (await createWorkDir()).path });
  try {
    const layout = planPool({ poolBytes: session.link.hello.poolBytes, ...session.network, longestSequence: steps }, spec.id);
    const port = new DevicePort(session.link, layout, { deviceId: spec.id, network: 0, invocationLimitMs: spec.invocationLimitMs, silenceMs: spec.timeouts.silenceMs, taps: session.network.taps, outputBytes: session.network.outputBytes });
    const streamed: number[] = [];
    const floors: { transfer: number; invocations: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      floors.push(await floorRun(floor, plan, session.network.outputBytes));
      const tally = new CaseTally(plan, pack.manifest, prepareReference(plan.model, plan.profile));
      const started = performance.now();
      await numericPass({ plan, manifest: pack.manifest, port, runner: prepareReference(plan.model, plan.profile), signal, onStart: () => undefined, onBatch: (batch) => tally.add(batch), onProgress: () => undefined, onNondeterministic: () => undefined });
      streamed.push(performance.now() - started);
      const mismatched = tally.taps.reduce((sum, tap) => sum + tap.mismatched, 0);
      if (tally.samples !== steps || mismatched !== 0) throw new Error(`compared ${tally.samples} samples, ${mismatched} elements differ: nothing was measured`);
    }
    const transfer = median(floors.map((each) => each.transfer));
    const invocations = median(floors.map((each) => each.invocations));
    const total = median(streamed);
    print(`streamed run, ${steps} steps on ${DEVICE}: ${total.toFixed(0)} ms, median of ${ROUNDS} (every layer and state compared)`);
    print(`floor: transfer ${transfer.toFixed(0)} ms + invocations ${invocations.toFixed(0)} ms = ${(transfer + invocations).toFixed(0)} ms`);
    const ratios = streamed.map((ms, i) => ms / ((floors[i]?.transfer ?? NaN) + (floors[i]?.invocations ?? NaN)));
    print(`ratio ${median(ratios).toFixed(3)} (aim: 1.1 or less), median of ${ROUNDS} pairs: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}`);
    print(`wire: ${(session.link.stats.bytesToDevice / ROUNDS / steps).toFixed(2)} B a step to the device (payload ${session.network.inputBytes}), ${(session.link.stats.bytesFromDevice / ROUNDS / steps).toFixed(2)} from it (payload ${session.network.outputBytes}), ${session.link.stats.resent} resent`);
  } finally {
    await session.close();
    await floor.stop();
  }
}

/** One round of the floor image; times of its two parts in ms. */
async function floorRun(floor: DeviceSession, of: PlannedCase, outputBytes: number): Promise<{ transfer: number; invocations: number }> {
  const codes = Buffer.concat(of.sequences.map((sequence) => sequence.codes));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(steps);
  const started = performance.now();
  floor.stream.write(Buffer.concat([head, codes, Buffer.from('T')]));
  await receive(floor, steps * outputBytes);
  const transferred = performance.now();
  floor.stream.write('I');
  const crc = (await receive(floor, 4)).readUInt32LE(0);
  const invoked = performance.now();
  const reference = new BatchReference(prepareReference(of.model, of.profile), (await prepareNetwork(of.generator, { model: of.model, modelFile: of.modelFile, outDir: path.join(work.path, 'again') })).manifest);
  reference.reset();
  const expected = await reference.advance(codes, 0, steps, null, signal);
  if (crc !== crc32(expected.outputs)) throw new Error('the floor image computed something else');
  return { transfer: transferred - started, invocations: invoked - transferred };
}

function receive(floor: DeviceSession, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let got = 0;
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      got += chunk.length;
      if (got < bytes) return;
      floor.stream.off('data', onData);
      resolve(Buffer.concat(chunks));
    };
    floor.stream.on('data', onData);
    floor.stream.once('close', () => reject(new Error('the floor image ended')));
  });
}

/** One sequence of `count` steps from one reset: the suite's sequences, repeated. */
function longCase(one: PlannedCase, count: number): PlannedCase {
  const all = Buffer.concat(one.sequences.map((sequence) => sequence.codes));
  const bytes = all.length / one.sequences.reduce((sum, sequence) => sum + sequence.samples, 0);
  const codes = new Uint8Array(count * bytes);
  for (let at = 0; at < codes.length; at += all.length) codes.set(all.subarray(0, Math.min(all.length, codes.length - at)), at);
  return { ...one, metrics: [], sequences: [{ name: 'long', samples: count, codes, truth: null, oracle: null, resetEach: false }] };
}

async function hostCosts(): Promise<void> {
  const hil = (...args: string[]): number => {
    const started = performance.now();
    spawnSync(process.execPath, [path.join(root, 'harness/cli/main.ts'), ...args], { cwd: root });
    return performance.now() - started;
  };
  const repeat = (work_: () => number): number => median(Array.from({ length: 7 }, work_));
  const bare = repeat(() => { const started = performance.now(); spawnSync(process.execPath, ['-e', '0']); return performance.now() - started; });
  // Ends with exit 2 after everything is loaded, parsed, quantised and validated, just before the first device.
  const startUp = repeat(() => hil('run', 'suites/engine-rom', '--case', 'there is no such case'));
  const runner = prepareReference(first!.model, first!.profile);
  const reference = repeat(() => {
    const started = performance.now();
    for (const sequence of first!.sequences) {
      runner.reset();
      const input = runner.tensors[runner.graph.inputs[0] as number] as Int8Array;
      const codes = new Int8Array(sequence.codes.buffer, sequence.codes.byteOffset, sequence.codes.length);
      for (let k = 0; k < sequence.samples; k++) {
        input.set(codes.subarray(k * input.length, (k + 1) * input.length));
        runner.invoke();
      }
    }
    return performance.now() - started;
  });
  const stepsOfSuite = first!.sequences.reduce((sum, sequence) => sum + sequence.samples, 0);
  const out = await mkdtemp(path.join(tmpdir(), 'hil-bench-'));
  try {
    const done = spawnSync(process.execPath, [path.join(root, 'harness/cli/main.ts'), 'run', 'suites/engine-rom', '--device', DEVICE, '--json', '--out', out], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });
    const report = parseReport(done.stdout, 'the bench run');
    const writing: number[] = [];
    for (let k = 0; k < 7; k++) {
      const started = performance.now();
      await writeReports(report, path.join(out, 'again'));
      writing.push(performance.now() - started);
    }
    const write = median(writing);
    print(`host, ms (median of 7, ${availableParallelism()} cores): start-up with parsing and planning ${startUp.toFixed(0)} (of it Node alone ${bare.toFixed(0)}), reference of ${stepsOfSuite} steps ${reference.toFixed(0)}, report writing ${write.toFixed(0)}; together ${(startUp + reference + write).toFixed(0)} (aim: under 500)`);
    print(`reference: ${Math.round((stepsOfSuite * 1000) / reference)} steps/s`);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
