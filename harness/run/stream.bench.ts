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
import { buildImage, firmwareDir, loadBoard, type BuiltImage } from '../build/index.ts';
import { buildCacheDir } from '../cli/build-cache.ts';
import { createDevice, createWorkDir, findDevice, loadDevices, processKeeper, type DeviceSession } from '../device/index.ts';
import { crc32, type TranscriptSink } from '../link/index.ts';
import { prepareReference } from '../reference/index.ts';
import { parseReport, writeReports } from '../report/index.ts';
import { prepareNetwork, type NetworkManifest } from '../runtimes/index.ts';
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

  const expectedCrc = await outputsCrc(pack.manifest);
  const ratios: number[] = [];
  const rounds: { streamed: number; transfer: number; invocations: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // One emulator at a time: an idle one polls its UART and would take a core from the other.
    const floor = await floorRound(floorImage, pack.manifest.outputs.reduce((sum, output) => sum + output.bytes, 0), expectedCrc);
    const streamed = await streamedRound(image, pack.manifest, round === ROUNDS - 1);
    rounds.push({ streamed, ...floor });
    ratios.push(streamed / (floor.transfer + floor.invocations));
  }
  const transfer = median(rounds.map((each) => each.transfer));
  const invocations = median(rounds.map((each) => each.invocations));
  print(`streamed run, ${steps} steps on ${DEVICE}: ${median(rounds.map((each) => each.streamed)).toFixed(0)} ms, median of ${ROUNDS} (every layer and state compared)`);
  print(`floor: transfer ${transfer.toFixed(0)} ms + invocations ${invocations.toFixed(0)} ms = ${(transfer + invocations).toFixed(0)} ms`);
  print(`ratio ${median(ratios).toFixed(3)} (aim: 1.1 or less), median of ${ROUNDS} pairs: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}`);
}

/** Time of the run through link, reference and comparison, in ms; the target is started before and not counted. */
async function streamedRound(image: BuiltImage, manifest: NetworkManifest, tell: boolean): Promise<number> {
  const session = await openCaseSession({ device, image, manifest, workDir: work.path, signal, onLog: () => undefined, onStep: () => undefined, preloaded: null, transcript: silent });
  try {
    const { network, link } = session;
    const layout = planPool({ poolBytes: link.hello.poolBytes, ...network, longestSequence: steps }, spec.id);
    const port = new DevicePort(link, layout, { deviceId: spec.id, network: 0, invocationLimitMs: spec.invocationLimitMs, silenceMs: spec.timeouts.silenceMs, taps: network.taps, outputBytes: network.outputBytes, preloaded: null });
    const tally = new CaseTally(plan, manifest, prepareReference(plan.model, plan.profile));
    const started = performance.now();
    await numericPass({ plan, manifest, port, runner: prepareReference(plan.model, plan.profile), signal, onStart: () => undefined, onBatch: (batch) => tally.add(batch), onProgress: () => undefined, onNondeterministic: () => undefined });
    const ms = performance.now() - started;
    const mismatched = tally.taps.reduce((sum, tap) => sum + tap.mismatched, 0);
    if (tally.samples !== steps || mismatched !== 0) throw new Error(`compared ${tally.samples} samples, ${mismatched} elements differ: nothing was measured`);
    if (tell) print(`wire: ${(link.stats.bytesToDevice / steps).toFixed(2)} B a step to the device (payload ${network.inputBytes}), ${(link.stats.bytesFromDevice / steps).toFixed(2)} from it (payload ${network.outputBytes}), ${link.stats.resent} resent`);
    return ms;
  } finally {
    await session.close();
  }
}

/** CRC-32 of the reference's outputs of all steps: what the floor image must arrive at. */
async function outputsCrc(manifest: NetworkManifest): Promise<number> {
  const reference = new BatchReference(prepareReference(plan.model, plan.profile), manifest);
  reference.reset();
  return crc32((await reference.advance(plan.sequences[0]!.codes, 0, steps, null, signal)).outputs);
}

/** Times of the floor image's two parts, in ms. */
async function floorRound(image: BuiltImage, outputBytes: number, expectedCrc: number): Promise<{ transfer: number; invocations: number }> {
  const folder = await createWorkDir();
  const floor = await device.start(image, { signal, workDir: folder.path });
  try {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(steps);
    const started = performance.now();
    floor.stream.write(Buffer.concat([head, plan.sequences[0]!.codes, Buffer.from('T')]));
    await receive(floor, steps * outputBytes);
    const transferred = performance.now();
    floor.stream.write('I');
    const crc = (await receive(floor, 4)).readUInt32LE(0);
    const invoked = performance.now();
    if (crc !== expectedCrc) throw new Error('the floor image computed something else');
    return { transfer: transferred - started, invocations: invoked - transferred };
  } finally {
    await floor.stop();
    await folder.remove();
  }
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
      floor.stream.off('close', onClose);
      resolve(Buffer.concat(chunks));
    };
    floor.stream.on('data', onData);
    const onClose = (): void => reject(new Error('the floor image ended'));
    floor.stream.once('close', onClose);
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
    spawnSync(process.execPath, [path.join(root, 'harness/cli/main.ts'), ...args], { cwd: root, env: { ...process.env, HIL_HISTORY: 'off' } });
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
    const done = spawnSync(process.execPath, [path.join(root, 'harness/cli/main.ts'), 'run', 'suites/engine-rom', '--device', DEVICE, '--json', '--out', out], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, HIL_HISTORY: 'off' } });
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
