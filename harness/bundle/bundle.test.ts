import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import fc from 'fast-check';
import t from 'tap';
import { createDevice, createWorkDir, loadDevices, type Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { parseModel } from '../model/index.ts';
import { readRun, replayRun, rerunImage, type RecordedRun } from '../replay/index.ts';
import { liveBench, planCheck, randomSequence, runSuite, type Bench, type PlannedCase } from '../run/index.ts';
import { zipEntries } from '../suite/index.ts';
import { makeBundle, openRun, type BundleOptions, type MadeBundle } from './index.ts';
import { extractBundle } from './extract.ts';
import { sha256Of, type BundleManifest } from './manifest.ts';

// Runs on the host device, cut down to bundles; each is proved by being opened elsewhere and replayed.
t.setTimeout(240_000);
const scratch = mkdtempSync(path.join(tmpdir(), 'hil-bundle-test-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
process.env['HIL_HOME'] = path.join(scratch, 'home');
process.env['TMPDIR'] = path.join(scratch);
const specs = await loadDevices();
const host = createDevice(specs.find(({ id }) => id === 'host')!);
/** The same kind of device under another name. */
const second = createDevice({ ...specs.find(({ id }) => id === 'host')!, id: 'second' });
const model = parseModel(readFileSync(fileURLToPath(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url))));
let folders = 0;
const folder = (): string => path.join(scratch, `f${++folders}`);
const never = new AbortController().signal;

const planned = (name: string, seed: number): Promise<PlannedCase> => planCheck({ name, model, modelFile: 'engine.tflite', profile: 'tflm', generator: { kind: 'builtin' }, sequences: [randomSequence(model, 10, seed, false)] });

/** hil's generator, with another zero point in the cases that are named wrong. */
const bench: Bench = { ...liveBench, generate: async (context) => {
  const pack = await liveBench.generate(context);
  const file = path.join(pack.root, `${pack.manifest.name}.c`);
  if (context.plan.name.startsWith('wrong')) writeFileSync(file, readFileSync(file, 'utf8').replace('.hidden_zero_point = 7', '.hidden_zero_point = 6'));
  if (context.plan.name.startsWith('unbuilt')) writeFileSync(file, 'this is no C;\n');
  return pack;
} };

async function record(names: readonly string[], devices: readonly Device[] = [host], pack = 1): Promise<RecordedRun> {
  const cases = await Promise.all(names.map((name, seed) => planned(name, seed)));
  const { dir } = await runSuite({ suite: { name: 'of the test', description: '', file: null }, cases, devices, out: folder(), cacheDir: path.join(scratch, 'cache'), command: ['hil', 'run'], hilVersion: '0',
    signal: never, onEvent: () => undefined, pack, optimise: '-O0', leaseWaitMs: 10_000, bench });
  return readRun(dir);
}

const some = await record(['good', 'wrong', 'unbuilt'], [host, second]);
const packed = await record(['one', 'wrong two', 'three'], [host], 2);
const options = (more: Partial<BundleOptions> = {}): BundleOptions => ({ case: null, device: null, hilVersion: '0', signal: never, onEvent: () => undefined, onStep: () => undefined, ...more });
const cellsOf = ({ manifest }: MadeBundle): string[] => manifest.cut.cases.map(({ name, device }) => `${name} on ${device}`);

const one = await makeBundle(some, options({ case: 'wrong', device: 'second' }));
const red = await makeBundle(some, options());
const ofPack = await makeBundle(packed, options({ case: 'one' }));

function fileOf(bytes: Uint8Array): string {
  const file = `${folder()}.zip`;
  writeFileSync(file, bytes);
  return file;
}

t.test('cells of a run, each replayed from a bundle alone', async (t) => {
  t.strictSame(cellsOf(one), ['wrong on second']);
  t.strictSame(cellsOf(red), ['wrong on host', 'wrong on second', 'unbuilt on host', 'unbuilt on second'], 'all that are no pass');
  t.strictSame(cellsOf(ofPack), ['one on host', 'wrong two on host'], 'what shares an image comes along');
  t.match(ofPack.manifest.cut.wider, /share an image/);
  for (const { manifest: { replay } } of [one, red, ofPack]) t.strictSame([replay.identical, replay.why], [true, null]);
  const { run, bundle, close } = await openRun(fileOf(one.bytes));
  t.equal(bundle?.run.id, one.manifest.run.id);
  t.equal(run.report.verdict, 'fail');
  const { differences, diverged } = await replayRun(run, { out: folder(), hilVersion: '0', command: [], signal: never, onEvent: () => undefined });
  t.strictSame([differences, diverged.map(({ message }) => message)], [[], []]);
  await close();
  t.notOk(existsSync(run.dir), 'nothing is left of what was unpacked');
  await t.rejects(makeBundle(some, options({ case: 'nothing' })), { kind: 'config', code: 'bundle.no-case' });
  t.strictSame(cellsOf(await makeBundle(some, options({ case: 'g*d', device: 'host' }))), ['good on host'], 'a case that passes, where it is asked for');
});

t.test('what a bundle says of itself, and equal bytes for equal runs', async (t) => {
  const { manifest } = one;
  t.match(manifest, { schema: 'hil-bundle/1', cut: { of: 6, wider: null, cases: [{ verdict: 'fail' }] }, versions: { node: process.version, generators: [/^hil /], compilers: [/gcc/] }, replay: { commands: ['hil replay FILE', 'hil replay FILE --device second'] } });
  t.equal(manifest.run.sha256.report, sha256Of(readFileSync(path.join(some.dir, 'report.json'))));
  t.ok(Buffer.from((await makeBundle(some, options({ case: 'wrong', device: 'second' }))).bytes).equals(Buffer.from(one.bytes)));
  const again = await openRun(fileOf(red.bytes));
  t.strictSame(cellsOf(await makeBundle(again.run, options({ case: 'wrong', device: 'host' }))), ['wrong on host'], 'a bundle can be cut again');
  await again.close();
  const names = [...zipEntries(one.bytes)].map(([name]) => name);
  for (const name of ['bundle.json', 'README.txt', 'report.html', 'report.json', 'transcript.ndjson', 'record/plan.json']) t.ok(names.includes(name), name);
  t.ok(names.some((name) => /^generated\/wrong\.second\/.*\.c$/.test(name)) && names.filter((name) => name.startsWith('images/')).length === 1);
});

t.test('a run of which this hil makes something else is bundled, and it is said', async (t) => {
  const dir = folder();
  cpSync(packed.dir, dir, { recursive: true });
  const file = path.join(dir, 'report.json');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"profile": "tflm"', '"profile": "other"'));
  const { manifest } = await makeBundle(await readRun(dir), options({ case: 'three' }));
  t.match(manifest.replay, { identical: false, why: /profile: recorded "other", replayed "tflm"/ });
  t.strictSame(manifest.cut.cases.map(({ name }) => name), ['three'], 'the smallest cut, as no cut helps');
});

t.test('the kept image again on a device: the same; another image: not the same, and what differs', async (t) => {
  const run = (of: RecordedRun, device: Device, name: string | null = null) => rerunImage(of, { device, case: name, out: null, hilVersion: '0', command: [], signal: never, onEvent: () => undefined, leaseWaitMs: 10_000 });
  const { run: opened, close } = await openRun(fileOf(red.bytes));
  const result = await run(opened, host);
  t.strictSame(result.cases.map(({ name, now, differences }) => [name, now, differences]), [['wrong', 'fail', []]]);
  t.match(result.notes.join('\n'), /not run, as no image was made of them: unbuilt/);
  t.ok(result.cases.every(({ compared }) => compared > 8));
  const other = await run(opened, createDevice({ ...host.spec, id: 'third' }));
  t.match(other.notes.join('\n'), /run on third, recorded on host: both are native on host/);
  t.strictSame(other.cases.map(({ differences }) => differences), [[]]);
  await t.rejects(run(opened, createDevice(specs.find(({ id }) => id === 'qemu-m4')!)), { kind: 'config', code: 'replay.device-does-not-fit' });
  await t.rejects(run(opened, host, 'unbuilt'), { kind: 'config', code: 'replay.no-image' });
  await t.rejects(run(opened, host, 'nothing'), { kind: 'config', code: 'replay.no-case' });
  // The image of the good case in the place of the wrong one.
  const [wrong, good] = ['wrong', 'good'].map((name) => some.report.cases.find((each) => each.name === name && each.device === 'host')!);
  const swapped: RecordedRun = { ...some, report: { ...some.report, cases: some.report.cases.map((each) => (each === wrong ? { ...each, image: good!.image } : each)) } };
  const differs = await run(swapped, host, 'wrong');
  t.strictSame([differs.cases[0]?.recorded, differs.cases[0]?.now], ['fail', 'pass']);
  t.match(differs.cases[0]?.differences.map(({ what }) => what), ['verdict', 'first wrong layer', 'layer 0 mismatched', 'layer 0 wrong by itself', 'layer 1 mismatched', /^output .* mismatched$/]);
  const whole = await run(packed, host, 'one');
  t.strictSame(whole.cases.map(({ name, differences }) => [name, differences]), [['one', []], ['wrong two', []]]);
  t.match(whole.notes.join('\n'), /run along, as they share the image: wrong two/);
  await close();
});

/** The bundle's files, changed, as a bundle whose list of files fits them again. */
function repacked(change: (files: Record<string, Uint8Array>) => void, list = true): Uint8Array {
  const files: Record<string, Uint8Array> = Object.fromEntries(zipEntries(one.bytes));
  change(files);
  if (list && files['bundle.json'] !== undefined) {
    const manifest = JSON.parse(Buffer.from(files['bundle.json']).toString('utf8')) as BundleManifest;
    files['bundle.json'] = Buffer.from(JSON.stringify({ ...manifest, files: Object.fromEntries(Object.entries(files).filter(([name]) => name !== 'bundle.json').map(([name, bytes]) => [name, sha256Of(bytes)])) }));
  }
  return zipSync(files, { level: 0 });
}

const refusal = async (bytes: Uint8Array): Promise<HilError | null> => openRun(fileOf(bytes)).then(async ({ close }) => { await close(); return null; }, (error: unknown) => {
  if (error instanceof HilError) return error;
  throw error;
});

t.test('hostile archives: one clear error, nothing outside of the folder, nothing left behind', async (t) => {
  const data = Buffer.from('x');
  const symlink = zipSync({ 'report.json': [Buffer.from('/etc/passwd'), { os: 3, attrs: (0o120777 << 16) >>> 0 }] });
  const huge = Buffer.from(one.bytes);
  const directory = huge.readUInt32LE(huge.length - 6);
  huge.writeUInt32LE(0x7fffffff, directory + 24);
  const many = Object.fromEntries(Array.from({ length: 6000 }, (_, i) => [`f${i}`, data]));
  const hostile: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['a path upwards', repacked((files) => { files['../escaped'] = data; }), /has "\.\.\/escaped", which no bundle has/],
    ['a path upwards in the middle', repacked((files) => { files['record/../../escaped'] = data; }), /which no bundle has/],
    ['an absolute name', repacked((files) => { files['/tmp/escaped'] = data; }), /which no bundle has/],
    ['a name with a backslash', repacked((files) => { files['images\\..\\..\\escaped'] = data; }), /which no bundle has/],
    ['a drive', repacked((files) => { files['C:escaped'] = data; }), /which no bundle has/],
    ['a hidden file', repacked((files) => { files['images/.hidden'] = data; }), /which no bundle has/],
    ['a link', symlink, /which is a link or a device, no file/],
    ['names that some file systems take for one', repacked((files) => { files['images/A'] = data; files['images/a'] = data; }), /has "images\/a" twice/],
    ['too many files', zipSync(many, { level: 0 }), /has 6000 entries; at most 5000/],
    ['an entry that says it is huge', huge, /unpacks to more than/],
    ['a file that the list does not have', repacked((files) => { files['images/more.elf'] = data; }, false), /images\/more\.elf is not the file that bundle\.json speaks of/],
    ['a changed file', repacked((files) => { files['report.html'] = data; }, false), /report\.html is not the file/],
    ['a missing file', repacked((files) => { delete files['transcript.ndjson']; }, false), /"transcript\.ndjson" is missing/],
    ['no list', repacked((files) => { delete files['bundle.json']; }), /it has no bundle\.json/],
    ['a list that is no JSON', repacked((files) => { files['bundle.json'] = data; }, false), /no bundle\.json|bundle\.json, /],
    ['no archive', Buffer.from('PK no'), /is not a ZIP archive/],
    ['an empty file', Buffer.alloc(0), /is not a ZIP archive/],
    ['its first half', one.bytes.subarray(0, one.bytes.length / 2), /is not a ZIP archive, or ends early/],
    ['a damaged report in a sound archive', repacked((files) => { files['report.json'] = data; }), /is not JSON/],
    ['no record in a sound archive', repacked((files) => { delete files['record/plan.json']; }), /cannot read .*plan\.json/],
  ];
  for (const [what, bytes, message] of hostile) {
    const error = await refusal(bytes);
    t.match(error, { kind: 'config', message }, what);
    if (error !== null) t.notOk(error.message.includes('internal'), what);
  }
  t.notOk(existsSync(path.join(scratch, 'escaped')) || existsSync('/tmp/escaped'));
  const base = path.dirname((await createWorkDir()).path);
  t.equal(readdirSync(base).length, 1, 'of what was unpacked nothing is left but the folder that was just made');
  // A bomb: an entry that swells to more than it says is not unpacked.
  const bomb = Buffer.from(zipSync({ 'report.html': [new Uint8Array(8 << 20), { level: 6 }] }));
  bomb.writeUInt32LE(10, bomb.readUInt32LE(bomb.length - 6) + 24);
  t.match(await refusal(bomb), { code: 'bundle.unreadable' });
});

t.test('a record blown up by its own packing is refused before it fills the memory', async (t) => {
  const { gzipSync } = await import('node:zlib');
  // Members one after the other are one file for a reader.
  const zeros = Buffer.concat(new Array<Buffer>(257).fill(gzipSync(new Uint8Array(1 << 20))));
  const bytes = repacked((files) => { for (const name of Object.keys(files).filter((each) => /^record\/.*\.gz$/.test(each))) files[name] = zeros; });
  t.match(await refusal(bytes), { kind: 'config', code: 'record.damaged', message: /unpacks to more than/ });
});

t.test('any damage: an error of its own, or the bundle as it was', async (t) => {
  const results: string[] = [];
  const into = (bytes: Uint8Array): Promise<'sound' | 'refused'> => {
    const dir = folder();
    return extractBundle(bytes, 'b.zip', dir).then(() => 'sound' as const, (error: unknown) => {
      if (error instanceof HilError && error.kind === 'config') return 'refused' as const;
      throw error;
    }).finally(() => rmSync(dir, { recursive: true, force: true }));
  };
  const end = one.bytes.length;
  // Most bytes are of packed files: the directory and the beginning are hit as often as those.
  const place = fc.oneof(fc.integer({ min: 0, max: end - 1 }), fc.integer({ min: end - 2500, max: end - 1 }), fc.integer({ min: 0, max: 200 }));
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }), fc.option(place), async (changes, cutAt) => {
    const bytes = Uint8Array.from(one.bytes);
    for (const [at, value] of changes) bytes[at] = value;
    results.push(await into(cutAt === null ? bytes : bytes.subarray(0, cutAt)));
  }), { numRuns: 150 });
  t.ok(results.filter((each) => each === 'refused').length > 100, results.join(' '));
});
