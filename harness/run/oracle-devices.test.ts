/**
 * Every device against the independent oracle of the engine-ROM suite, without hil's own reference in between: an error that
 * reference and generator share would show here.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { buildImage, examineDevices, loadBoard } from '../build/index.ts';
import { createDevice, createWorkDir, loadDevices } from '../device/index.ts';
import { parseModel } from '../model/index.ts';
import { readGoldens, type GoldenCase } from '../reference/index.ts';
import { prepareNetwork } from '../runtimes/index.ts';
import { loadSuite } from '../suite/index.ts';
import { tapsOf } from './batch-reference.ts';
import { captureTaps } from './capture.ts';
import { openCaseSession } from './case-session.ts';
import { DevicePort } from './device-port.ts';
import { planPool } from './pool-layout.ts';

const DEVICES = ['host', 'qemu-m55', 'qemu-m4', 'qemu-m0'];
const suite = await loadSuite(fileURLToPath(new URL('../../suites/engine-rom', import.meta.url)));
const one = suite.cases[0]!;
const model = parseModel(one.model.bytes);
const oracles = one.sequences.map((sequence): GoldenCase => {
  const json = sequence.oracle!.path;
  return readGoldens(JSON.parse(readFileSync(json, 'utf8')), readFileSync(json.replace(/\.json$/, '.tflm.bin')));
});
/** Four builds and emulators; compilers are slow on a busy machine. */
t.setTimeout(180_000);
// All awaiting is done before the first assertion: tap ends the file's test at the first idle moment after it.
const examined = new Map((await examineDevices(await loadDevices())).map((each) => [each.device.id, each]));
const scratch = mkdtempSync(path.join(tmpdir(), 'hil-oracle-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true }));

t.ok(oracles.length >= 5 && oracles.every((oracle) => oracle.invocations >= 300), `${oracles.length} sequences of at least 300 steps`);
t.equal(oracles[0]?.sha256, model.sha256, 'the oracle is of this model');

for (const id of DEVICES) {
  const found = examined.get(id)!;
  const skip = found.usable ? false : `${id}: ${found.missing.map((each) => each.what).join('; ')}`;
  t.test(`${id} computes what the oracle computed`, { skip }, async (t) => {
    const { compared, mismatched } = await compareWithOracles(id, oracles);
    t.equal(mismatched, 0);
    t.equal(compared, oracles.reduce((sum, oracle) => sum + oracle.invocations * oracle.tensors.filter((tensor) => tensor.role !== 'input').reduce((bytes, tensor) => bytes + tensor.bytes, 0), 0));
    t.comment(`${id}: ${compared} bytes of layers and state equal`);
  });
}

t.test('a changed oracle byte is seen', async (t) => {
  const [first] = oracles as [GoldenCase];
  const changed: GoldenCase = { ...first, read: (invocation, tensor) => {
    const copy = Uint8Array.from(first.read(invocation, tensor));
    if (invocation === 299 && tensor.role === 'state') copy[0] = (copy[0] ?? 0) ^ 1;
    return copy;
  } };
  const { mismatched } = await compareWithOracles('host', [changed]);
  t.equal(mismatched, 2, 'one byte of each of the two states');
});

t.test('what does not fit at once is fetched in parts, from the same state', async (t) => {
  const { compared, mismatched, runs } = await compareWithOracles('host', oracles.slice(0, 1), 1000);
  t.equal(mismatched, 0);
  t.equal(compared, 300 * 129);
  t.equal(runs, 1 + Math.ceil((300 * 129) / 1000), 'one re-run for each 1000 bytes');
});

/** @param captureRoom bytes of one capture; default: what the pool gives */
async function compareWithOracles(id: string, cases: readonly GoldenCase[], captureRoom?: number): Promise<{ compared: number; mismatched: number; runs: number }> {
  const device = createDevice(examined.get(id)!.device);
  const { spec } = device;
  const { signal } = new AbortController();
  const pack = await prepareNetwork({ kind: 'builtin' }, { model, modelFile: one.model.given, outDir: path.join(scratch, id) });
  const image = await buildImage({ package: pack, board: await loadBoard(spec.board), cacheDir: path.join(scratch, 'cache'), signal });
  const work = await createWorkDir();
  const session = await openCaseSession({ device, image, manifest: pack.manifest, workDir: work.path, signal, onLog: () => undefined, onStep: () => undefined, preloaded: null, transcript: { record: () => undefined } });
  try {
    const { network } = session;
    const planned = planPool({ poolBytes: session.link.hello.poolBytes, ...network, longestSequence: 300 }, id);
    const layout = captureRoom === undefined ? planned : { ...planned, auxBytes: 8 * network.taps + captureRoom };
    const port = new DevicePort(session.link, layout, { deviceId: id, network: network.index, invocationLimitMs: spec.invocationLimitMs, silenceMs: spec.timeouts.silenceMs, taps: network.taps, outputBytes: network.outputBytes, preloaded: null });
    const taps = tapsOf(pack.manifest);
    let compared = 0;
    let mismatched = 0;
    let runs = 0;
    const run = port.run.bind(port);
    port.run = async (...args) => { runs++; return run(...args); };
    for (const oracle of cases) {
      const input = oracle.tensors.find((tensor) => tensor.role === 'input')!;
      const codes = new Uint8Array(Buffer.concat(Array.from({ length: oracle.invocations }, (_, k) => oracle.read(k, input))));
      await port.load(codes);
      // Resets and saves the reset state, which is what captureTaps starts from.
      await port.run({ mode: 'plain', reset: true, saveState: true, firstSample: 0, count: oracle.invocations }, codes);
      const { values } = await captureTaps(port, taps, taps.map((_, index) => index), { firstSample: 0, count: oracle.invocations, codes, hasState: true });
      for (const tensor of oracle.tensors) {
        if (tensor.role === 'input') continue;
        const tap = taps.findIndex((each) => each.tensor === tensor.index);
        const got = values.get(tap)!;
        for (let k = 0; k < oracle.invocations; k++) {
          const expected = oracle.read(k, tensor);
          for (let i = 0; i < tensor.bytes; i++) if (got[k * tensor.bytes + i] !== expected[i]) mismatched++;
          compared += tensor.bytes;
        }
      }
    }
    return { compared, mismatched, runs };
  } finally {
    await session.close();
    await work.remove();
  }
}
