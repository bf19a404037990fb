import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { createDevice, loadDevices, type Device } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { parseModel } from '../model/index.ts';
import { renderJunit, validateReport, type Report } from '../report/index.ts';
import { liveBench, planCheck, randomSequence, runSuite, type Bench, type PlannedCase, type RunOptions } from '../run/index.ts';
import { readRun, replayRun } from './index.ts';

// What may clear by itself is run again, nothing else; images are made while the device runs. And all of it replays.
t.setTimeout(240_000);
const scratch = mkdtempSync(path.join(tmpdir(), 'hil-retries-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
process.env['HIL_HOME'] = path.join(scratch, 'home');
const host = createDevice((await loadDevices()).find(({ id }) => id === 'host')!);
const model = parseModel(readFileSync(fileURLToPath(new URL('../../suites/engine-rom/model/engine_rom_int8.tflite', import.meta.url))));
let folders = 0;
const folder = (): string => path.join(scratch, `f${++folders}`);
const planned = (name: string, samples = 30): Promise<PlannedCase> => planCheck({ name, model, modelFile: `${name}.tflite`, profile: 'tflm', generator: { kind: 'builtin' }, sequences: [randomSequence(model, samples, 1, false)] });
const cases = [await planned('one'), await planned('two'), await planned('three')];

/** The host, some of whose starts (counted from 1) end so. */
function device(faults: Readonly<Record<number, HilError>>): Device {
  let starts = 0;
  return { spec: host.spec, probe: () => host.probe(), start: async (image, options) => {
    const fault = faults[starts += 1];
    if (fault !== undefined) throw fault;
    return host.start(image, options);
  } };
}

async function run(on: Device, more: Partial<RunOptions> = {}): Promise<{ report: Report; dir: string; events: string[] }> {
  const events: string[] = [];
  const { report, dir } = await runSuite({ suite: { name: 'of the test', description: '', file: null }, cases, devices: [on], out: folder(), cacheDir: path.join(scratch, 'cache'), command: ['hil', 'run'], hilVersion: '0',
    signal: new AbortController().signal, onEvent: (event) => events.push(`${event.kind === 'phase' ? event.phase : event.kind} ${event.case}`), pack: 1, optimise: null, leaseWaitMs: 1000, retry: { retries: 2, waitMs: 0 }, ...more });
  t.same(validateReport(report), []);
  return { report, dir, events };
}

async function identical(t: { strictSame(a: unknown, b: unknown, what: string): unknown }, dir: string): Promise<void> {
  const { diverged, differences } = await replayRun(await readRun(dir), { out: folder(), hilVersion: '0', command: [], signal: new AbortController().signal, onEvent: () => undefined });
  t.strictSame([diverged.map(({ message }) => message), differences], [[], []], 'the replay is identical');
}

const silent = new HilError('bench', 'link.no-hello', 'no answer to HELLO');
const verdicts = ({ cases: of }: Report): string => of.map(({ verdict }) => verdict).join(' ');

t.test('a case that the bench spoilt is run again after the others, passes, and says so', async (t) => {
  const { report, dir, events } = await run(device({ 1: silent, 4: new HilError('bench', 'port.unplugged', 'the port went away') }));
  t.equal(verdicts(report), 'pass pass pass');
  const [one, two] = report.cases;
  t.match(one?.attempts, [{ verdict: 'bench-error', code: 'link.no-hello', reason: 'no answer to HELLO' }, { verdict: 'bench-error', code: 'port.unplugged' }]);
  t.match(one?.reasons.at(-1), /^this is attempt 3, as bench errors ended those before it: attempt 1: no answer to HELLO \(link.no-hello\); attempt 2: the port went away \(port.unplugged\)$/);
  t.equal(one?.samples, 30, 'of the last attempt alone');
  t.equal(two?.attempts, undefined);
  t.ok(events.indexOf('wait to repeat one') > events.indexOf('case-done three'), 'after the others');
  t.same(events.filter((event) => event === 'build one').length, 1, 'the image is not made again');
  t.same(events.filter((event) => event.startsWith('case-done')).sort(), ['case-done one', 'case-done three', 'case-done two'], 'each is told once');
  t.match(renderJunit(report), /<flaky(Failure|Error)|<rerun/i, 'JUnit tells them');
  await identical(t, dir);
});

t.test('bench errors in all attempts are a bench error; without the option nothing is repeated', async (t) => {
  const dead = device(Object.fromEntries(Array.from({ length: 9 }, (_, k) => [k + 1, silent])));
  const { report, dir } = await run(dead, { cases: cases.slice(0, 1) });
  t.equal(verdicts(report), 'bench-error');
  t.equal(report.cases[0]?.reasons[0], 'no answer to HELLO');
  t.match(report.cases[0]?.reasons.at(-1), /^bench errors in all of 3 attempts: /);
  t.equal(report.cases[0]?.attempts?.length, 2);
  await identical(t, dir);
  const once = await run(device({ 1: silent }), { cases: cases.slice(0, 1), retry: { retries: 0, waitMs: 0 } });
  t.equal(verdicts(once.report), 'bench-error');
  t.equal(once.report.cases[0]?.attempts, undefined);
  t.equal((JSON.parse(readFileSync(path.join(once.dir, 'record/plan.json'), 'utf8')) as { benchRetries: number }).benchRetries, 0);
});

t.test('wrong code, C that does not build, and what stays as it is are never repeated', async (t) => {
  const generating = (change: (context: string) => void): Bench => ({ ...liveBench, generate: async (context) => {
    change(context.plan.name);
    const pack = await liveBench.generate(context);
    return pack;
  } });
  const tight = await run(device({}), { cases: [{ ...cases[0]!, budgets: { flashBytes: 1 } }] });
  t.equal(verdicts(tight.report), 'fail');
  t.equal(tight.report.cases[0]?.attempts, undefined);
  const build = await run(device({}), { bench: generating(() => { throw new HilError('build', 'build.compile', 'no C'); }) });
  t.equal(verdicts(build.report), 'build-error build-error build-error');
  t.equal(build.report.cases[0]?.attempts, undefined);
  const lasting = await run(device({ 1: new HilError('bench', 'link.protocol-version', 'speaks another protocol') }), { cases: cases.slice(0, 1) });
  t.equal(verdicts(lasting.report), 'bench-error');
  t.equal(lasting.report.cases[0]?.attempts, undefined);
});

t.test('of cases that share an image only those that the bench spoilt are repeated, with the same image', async (t) => {
  const { report, dir, events } = await run(device({ 1: silent, 2: silent }), { pack: 3 });
  t.equal(verdicts(report), 'pass pass pass');
  t.same(report.cases.map(({ attempts }) => attempts?.length ?? 0), [1, 1, 0]);
  t.equal(new Set(report.cases.map(({ image }) => image?.sha256)).size, 1);
  t.equal(events.filter((event) => event === 'compare three').length, 1);
  await identical(t, dir);
});

t.test('stopped while it waits to repeat: what it was, and the replay too', async (t) => {
  const abort = new AbortController();
  const bench: Bench = { ...liveBench, pause: (context, ms) => { abort.abort(new HilError('cancelled', 'run.interrupted', 'interrupted by SIGINT')); return liveBench.pause(context, ms); } };
  const { report, dir } = await run(device({ 1: silent }), { bench, signal: abort.signal, retry: { retries: 2, waitMs: 60_000 } });
  t.equal(report.verdict, 'interrupted');
  t.equal(verdicts(report), 'bench-error pass pass');
  await identical(t, dir);
});

t.test('the next image is made while the one before runs; stopped then, the replay is identical all the same', async (t) => {
  for (const stopAt of [null, 'build two', 'compare one', 'compare two']) {
    const abort = new AbortController();
    const events: string[] = [];
    let built: () => void;
    const nextBuilt = new Promise<void>((resolve) => { built = resolve; });
    // The first run does not begin before the second image is there (or the run is stopped): only one that looks ahead gets on.
    const bench: Bench = { ...liveBench,
      build: async (contexts, packages) => {
        const image = await liveBench.build(contexts, packages);
        if (contexts[0]?.plan.name === 'two') built();
        return image;
      },
      occupy: (context, work) => liveBench.occupy(context, async (workDir) => {
        if (context.plan.name === 'one' && stopAt !== 'build two') await nextBuilt;
        return work(workDir);
      }) };
    const { report, dir } = await run(device({}), { bench, signal: abort.signal, onEvent: (event) => {
      const what = `${event.kind === 'phase' ? event.phase : event.kind} ${event.case}`;
      events.push(what);
      if (what === stopAt) abort.abort(new HilError('cancelled', 'run.interrupted', 'interrupted by SIGINT'));
    } });
    t.ok(stopAt === 'build two' || events.indexOf('build two') < events.indexOf('compare one'), `${stopAt}: ${events.join(', ')}`);
    t.equal(report.verdict, stopAt === null ? 'pass' : 'interrupted');
    t.same(report.cases.map(({ name }) => name), ['one', 'two', 'three'], 'in their order');
    await identical(t, dir);
    if (stopAt === null) {
      const moved = folder();
      cpSync(dir, moved, { recursive: true });
      await identical(t, moved);
    }
  }
});

t.test('several devices, each stopped somewhere else: the replay is identical', async (t) => {
  const twin: Device = { ...device({}), spec: { ...host.spec, id: 'twin' } };
  for (const stopAt of ['compare two on twin', 'build three on host', 'time one on host']) {
    const abort = new AbortController();
    const { report, dir } = await run(device({}), { devices: [device({}), twin], signal: abort.signal, onEvent: (event) => {
      if (`${event.kind === 'phase' ? event.phase : event.kind} ${event.case} on ${event.device}` === stopAt) abort.abort(new HilError('cancelled', 'run.interrupted', 'interrupted by SIGINT'));
    } });
    t.equal(report.verdict, 'interrupted', stopAt);
    t.equal(report.cases.length, 6);
    await identical(t, dir);
  }
});
