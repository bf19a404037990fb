import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import t from 'tap';
import { createDevice, loadDevices } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { parseModel } from '../model/index.ts';
import { liveBench, planCheck, randomSequence, runSuite, type Bench, type PlannedCase } from '../run/index.ts';
import { readRun, replayRun, type RecordedRun, type ReplayResult } from './index.ts';

// Runs on the host device, then their replays: the same report without the device, whatever the run came to.
t.setTimeout(240_000);
const scratch = mkdtempSync(path.join(tmpdir(), 'hil-replay-test-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
process.env['HIL_HOME'] = path.join(scratch, 'home');
const host = createDevice((await loadDevices()).find(({ id }) => id === 'host')!);
const model = parseModel(readFileSync(fileURLToPath(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url))));
let folders = 0;
const folder = (): string => path.join(scratch, `f${++folders}`);

const planned = (name: string, seed: number): Promise<PlannedCase> => planCheck({ name, model, modelFile: `${name}.tflite`, profile: 'tflm', generator: { kind: 'builtin' }, sequences: [randomSequence(model, 40, seed, false)] });

/** hil's generator, with an edit in the network's C. */
function wrongBench(change: (text: string) => string): Bench {
  return { ...liveBench, generate: async (context) => {
    const pack = await liveBench.generate(context);
    const file = path.join(pack.root, `${pack.manifest.name}.c`);
    const text = readFileSync(file, 'utf8');
    if (change(text) === text) throw new Error('nothing was changed');
    writeFileSync(file, change(text));
    return pack;
  } };
}

async function record(cases: readonly PlannedCase[], bench: Bench, pack = 1): Promise<string> {
  const { dir } = await runSuite({ suite: { name: 'of the test', description: '', file: null }, cases, devices: [host], out: folder(), cacheDir: path.join(scratch, 'cache'), command: ['hil', 'run'], hilVersion: '0',
    signal: new AbortController().signal, onEvent: () => undefined, pack, optimise: null, leaseWaitMs: 1000, bench });
  return dir;
}

const replay = async (run: RecordedRun, out = folder()): Promise<ReplayResult> => replayRun(run, { out, hilVersion: '0', command: [], signal: new AbortController().signal, onEvent: () => undefined });

const LAYER_1 = /(void \w+_layer_1\(void\)\n\{\n)/;
const wrong = await record([await planned('wrong', 1)], wrongBench((text) => text.replace(/\.hidden_zero_point = 7/, '.hidden_zero_point = 6')));
const dead = await record([await planned('dead', 2)], wrongBench((text) => text.replace(LAYER_1, 'static int calls;\n$1  if (++calls == 20) { *(volatile int *)8 = 1; }\n')));
const packed = await record([await planned('one', 3), await planned('two', 4)], liveBench, 2);
const unbuilt = await record([await planned('unbuilt', 5)], wrongBench((text) => `${text}\nthis is no C;\n`));

t.test('runs of every end: the same report, with no device', async (t) => {
  for (const [dir, verdict, cases] of [[wrong, 'fail', 1], [dead, 'fail', 1], [packed, 'pass', 2], [unbuilt, 'build-error', 1]] as const) {
    const run = await readRun(dir);
    t.equal(run.report.verdict, verdict, `${run.report.cases[0]?.reasons[0]}`);
    t.equal(run.report.cases.length, cases);
    const { report, diverged, differences } = await replay(run);
    t.strictSame(diverged.map(({ message }) => message), []);
    t.strictSame(differences, [], `${verdict}: identical`);
    t.not(report.run.id, run.report.run.id, 'another run');
  }
  t.match((await readRun(dead)).report.cases[0]?.fault, { kind: 'fault', step: 19, pc: { function: /layer_1/ } }, 'what is replayed has a fault in it');
  t.ok(((await readRun(wrong)).report.cases[0]?.layers[0]?.own?.mismatched ?? 0) > 0, 'and wrong values');
});

t.test('a replay is a run that can be replayed, and needs nothing but its folder', async (t) => {
  const moved = folder();
  cpSync(wrong, moved, { recursive: true });
  rmSync(path.join(moved, 'generated'), { recursive: true });
  const out = folder();
  const first = await replay(await readRun(moved), out);
  t.strictSame(first.differences, []);
  t.strictSame((await replay(await readRun(out))).differences, []);
});

t.test('a hil that sends something else is found out, and where; one that makes something else of it too', async (t) => {
  const run = await readRun(wrong);
  const [one] = run.cases as [PlannedCase];
  const [sequence] = one.sequences;
  const changed = (more: Partial<PlannedCase>): RecordedRun => ({ ...run, cases: [{ ...one, ...more }] });
  const other = { ...sequence!, codes: sequence!.codes.map((code, i) => (i === 5 ? code ^ 1 : code)) };
  t.match((await replay(changed({ sequences: [other] }))).diverged.map(({ message }) => message), [/device host: the replay leaves the record: hil sends before the first RUN a WRITE of 160 bytes .* which the recorded run did not/]);
  const fewer = { ...sequence!, samples: 20, codes: sequence!.codes.subarray(0, 80) };
  t.equal((await replay(changed({ sequences: [fewer] }))).diverged.length, 1);
  const again = await replay(changed({ sequences: [sequence!, sequence!] }));
  t.match(again.diverged.map(({ code, kind }) => [code, kind]), [['replay.diverged', 'bench']]);
  const judged = await replay(changed({ budgets: { flashBytes: 1 } }));
  t.strictSame(judged.diverged, []);
  t.match(judged.differences.map(({ path: where }) => where).join(' '), /cases\[0\]\.reasons/);
});

/** A copy of a run with other bytes in one file. */
function damagedCopy(dir: string, file: string, change: (bytes: Buffer) => Buffer): string {
  const copy = folder();
  cpSync(dir, copy, { recursive: true, filter: (source) => !/generated|report\.html/.test(source) });
  writeFileSync(path.join(copy, file), change(readFileSync(path.join(copy, file))));
  return copy;
}

const attempt = async (dir: string): Promise<ReplayResult | HilError> => readRun(dir).then((run) => replay(run)).catch((error: unknown) => {
  if (error instanceof HilError) return error;
  throw error;
});

t.test('a record that is damaged anywhere: one clear error', async (t) => {
  const [blob] = readdirSync(path.join(wrong, 'record')).filter((name) => name.endsWith('.gz'));
  const [image] = readdirSync(path.join(wrong, 'images'));
  let random = 12345;
  const next = (below: number): number => { random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff; return random % below; };
  const flip = (bytes: Buffer): Buffer => { const copy = Buffer.from(bytes); const at = next(copy.length); copy[at] = copy[at]! ^ (1 << next(8)); return copy; };
  const cut = (bytes: Buffer): Buffer => bytes.subarray(0, next(bytes.length));
  const codes = new Map<string, number>();
  for (const file of ['transcript.ndjson', 'record/plan.json', `record/${blob}`, 'report.json']) {
    for (const change of [flip, flip, flip, cut, cut]) {
      if (file === 'report.json' && change === flip) continue; // may well be valid still: then it differs
      const result = await attempt(damagedCopy(wrong, file, change));
      if (!(result instanceof HilError)) {
        // A packed file has bytes that say nothing, as the time of packing.
        t.ok(file.endsWith('.gz') && result.diverged.length + result.differences.length === 0, `${file}: damage was seen, or did not matter`);
        continue;
      }
      t.equal(result.kind, 'config', `${file}: ${result.code}: ${result.message}`);
      codes.set(result.code, (codes.get(result.code) ?? 0) + 1);
    }
  }
  t.ok(codes.has('record.damaged'), [...codes.keys()].join(', '));
  t.match(await attempt(damagedCopy(wrong, `images/${image}`, flip)), { kind: 'config', code: 'replay.no-image' }, 'another image is not the one that ran');
  const noImages = damagedCopy(wrong, 'report.json', (bytes) => bytes);
  rmSync(path.join(noImages, 'images'), { recursive: true });
  t.match(await attempt(noImages), { kind: 'config', code: 'replay.no-image', message: /incomplete record/ });
  const noSeal = damagedCopy(wrong, 'transcript.ndjson', (bytes) => bytes.subarray(0, bytes.lastIndexOf(10, bytes.length - 2) + 1));
  t.match(await attempt(noSeal), { code: 'replay.old-transcript' });
  t.match(await attempt(damagedCopy(wrong, 'transcript.ndjson', (bytes) => Buffer.concat([bytes, Buffer.from('{"type":"cut"}\n')]))), { code: 'replay.transcript-cut' });
  t.match(await attempt(folder()), { code: 'replay.no-run', kind: 'config' });
});

t.test('a pipe or a device in the place of a file is refused, not waited for', { skip: process.platform === 'win32' ? 'no pipes in the file system' : false }, async (t) => {
  const [blob] = readdirSync(path.join(wrong, 'record')).filter((name) => name.endsWith('.gz'));
  const [image] = readdirSync(path.join(wrong, 'images'));
  for (const file of ['report.json', 'transcript.ndjson', 'record/plan.json', `record/${blob}`, `images/${image}`]) {
    const copy = damagedCopy(wrong, file, (bytes) => bytes);
    const place = path.join(copy, file);
    for (const put of [() => execFileSync('mkfifo', [place]), () => symlinkSync('/dev/zero', place)]) {
      rmSync(place);
      put();
      t.match(await attempt(copy), { kind: 'config', message: /no regular file/ }, file);
    }
  }
});

t.test('the folder of the run itself is not replaced', async (t) => {
  const before = readFileSync(path.join(wrong, 'report.json'));
  const link = folder();
  symlinkSync(wrong, link);
  for (const out of [wrong, link]) await t.rejects(replay(await readRun(wrong), out), { kind: 'config', code: 'replay.same-folder' });
  t.ok(before.equals(readFileSync(path.join(wrong, 'report.json'))), 'it is as it was');
});

t.test('a plan that was changed in any place: an error, a difference, or no matter; never a crash or an endless loop', async (t) => {
  const copy = damagedCopy(wrong, 'report.json', (bytes) => bytes);
  const plan = JSON.parse(readFileSync(path.join(wrong, 'record/plan.json'), 'utf8')) as object;
  const lines = readFileSync(path.join(wrong, 'transcript.ndjson'), 'utf8').trimEnd().split('\n');
  const body = Buffer.from(`${lines.slice(0, -1).join('\n')}\n`);
  const put = (text: string): void => {
    writeFileSync(path.join(copy, 'record/plan.json'), text);
    writeFileSync(path.join(copy, 'transcript.ndjson'), Buffer.concat([body, Buffer.from(`${JSON.stringify({ ...JSON.parse(lines.at(-1)!) as object, record: createHash('sha256').update(text).digest('hex') })}\n`)]));
  };
  const places: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, at: readonly (string | number)[]): void => {
    if (at.length > 0) places.push(at);
    if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) walk(item, [...at, Array.isArray(value) ? Number(key) : key]);
  };
  walk(plan, []);
  let refused = 0;
  let ran = 0;
  let passed = 0;
  for (const at of places) {
    for (const other of [null, -1, 'x', [null], {}, undefined]) {
      const changed = structuredClone(plan) as Record<string | number, unknown>;
      let parent = changed;
      for (const key of at.slice(0, -1)) parent = parent[key] as typeof parent;
      parent[at.at(-1)!] = other;
      put(JSON.stringify(changed));
      // Reading finds most; some of what it lets through is replayed.
      const read = await readRun(copy).catch((error: unknown) => error);
      if (!(read instanceof Error) && ++passed % 6 !== 0) continue;
      const result = read instanceof Error ? read : await attempt(copy);
      if (result instanceof Error) {
        refused += 1;
        if (!(result instanceof HilError) || result.kind !== 'config') t.fail(`${at.join('.')} = ${JSON.stringify(other)}: ${result.stack}`);
      } else {
        ran += 1;
        const internal = result.report.cases.flatMap(({ reasons }) => reasons).find((reason) => reason.includes('internal error'));
        if (internal !== undefined) t.fail(`${at.join('.')} = ${JSON.stringify(other)}: ${internal}`);
      }
    }
  }
  t.ok(refused > ran, `${refused} of ${refused + ran} changes are refused`);
  for (const [change, what] of [[{ pack: 0 }, /\/pack/], [{ quarantined: { host: 1 } }, /\/quarantined\/host/], [{ leftOut: [1] }, /\/leftOut\/0/], [{ devices: [{}] }, /\/devices\/0/]] as const) {
    put(JSON.stringify({ ...plan, ...change }));
    t.match(await attempt(copy), { kind: 'config', code: 'record.damaged', message: what });
  }
});

t.test('a transcript that was changed and sealed again: an error or a difference, no crash and no endless wait', async (t) => {
  const sealed = (lines: readonly string[]): Buffer => {
    const last = JSON.parse(lines.at(-1)!) as object;
    const body = Buffer.from(`${lines.slice(0, -1).join('\n')}\n`);
    return Buffer.concat([body, Buffer.from(`${JSON.stringify({ ...last, crc32: crc32(body) })}\n`)]);
  };
  const linesOf = (bytes: Buffer): string[] => bytes.toString('utf8').trimEnd().split('\n');
  const count = linesOf(readFileSync(path.join(dead, 'transcript.ndjson'))).length - 1;
  let seen = 0;
  for (let k = 0; k < count; k++) {
    for (const [what, change] of [
      ['left out', (lines: string[]) => lines.toSpliced(k, 1)],
      ['without values', (lines: string[]) => lines.with(k, lines[k]!.replace(/"(data|deflate|seq|bytes|outcome|end)":("[^"]*"|\d+|\{)/, (all, name: string) => (all.endsWith('{') ? `"${name}":{"x":` + '{' : `"${name}":null`)).replace(/^(.*"x":\{.*)$/, '$1}'))],
    ] as const) {
      const result = await attempt(damagedCopy(dead, 'transcript.ndjson', (bytes) => sealed(change(linesOf(bytes)))));
      if (result instanceof HilError) { t.equal(result.kind, 'config', `line ${k} ${what}: ${result.message}`); seen += 1; }
      else if (result.diverged.length > 0 || result.differences.length > 0) seen += 1;
    }
  }
  t.ok(seen > count / 2, `${seen} of ${2 * count} changes make a difference`);
});
