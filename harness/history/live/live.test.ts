import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { test, type Test } from 'tap';
import { LiveRun, readRunning, type LiveRunFacts, type LiveRunPlace } from './index.ts';
import { parseRunning } from './read-running.ts';

const SOURCE = { commit: 'a'.repeat(40), committedAt: null, subject: null, branch: 'main', dirty: false, pullRequest: null, jobUrl: null, bench: 'rack' };
const FACTS: LiveRunFacts = { suite: 'engine', source: SOURCE, priority: 'nightly', pairs: [{ case: 'a', device: 'x' }, { case: 'a', device: 'y' }, { case: 'b', device: 'x' }] };

function place(t: Test, changes: Partial<LiveRunPlace> = {}): LiveRunPlace & { problems: string[] } {
  const dir = join(mkdtempSync(join(tmpdir(), 'hil-live-')), 'running');
  t.teardown(() => rmSync(join(dir, '..'), { recursive: true, force: true }));
  const problems: string[] = [];
  return { dir, name: 'me', ownerOf: (name) => (name === 'me' ? 'alive' : name.startsWith('dead') ? 'dead' : name.startsWith('far') ? 'unknown' : null), onProblem: (text) => problems.push(text), problems, ...changes };
}

async function seen<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 20_000; ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await sleep(20);
  }
}

test('a run is seen from its start to its end', async (t) => {
  const at = place(t);
  const live = new LiveRun(FACTS, at);
  const first = await seen('the run', async () => (await readRunning(at))[0]);
  t.match(first, { suite: 'engine', run: null, priority: 'nightly', total: 3, done: 0, life: 'running', job: 'me', pid: process.pid, notListed: 0 });
  live.started('20260101T000000Z-abcd');
  live.phase('a', 'x', 'wait for device', 'ann pid 7');
  live.phase('b', 'x', 'compare');
  live.progress('b', 'x', 40, 100);
  live.done('a', 'y', 'fail');
  live.phase('no such case', 'x', 'compare');
  const next = await seen('its work', async () => (await readRunning(at)).find(({ done }) => done === 1));
  t.match(next, { run: '20260101T000000Z-abcd', verdicts: { fail: 1 }, work: [
    { case: 'a', device: 'x', phase: 'wait for device', note: 'ann pid 7', verdict: null }, { case: 'a', device: 'y', phase: null, verdict: 'fail' }, { case: 'b', device: 'x', phase: 'compare', samples: 40, of: 100 },
  ] });
  await live.end();
  t.strictSame(readdirSync(at.dir), []);
  live.done('a', 'x', 'pass');
  await live.end();
  t.strictSame(readdirSync(at.dir), [], 'and it stays away');
  t.strictSame(at.problems, []);
});

test('many cases and long names are bounded; what is under way is kept', async (t) => {
  const at = place(t);
  const pairs = Array.from({ length: 3000 }, (_, k) => ({ case: `case ${k} ${'x'.repeat(1000)}`, device: 'd' }));
  const live = new LiveRun({ ...FACTS, pairs }, at);
  live.phase(pairs[2999]!.case, 'd', 'compare', 'n'.repeat(1000));
  const found = await seen('the phase', async () => (await readRunning(at)).find(({ work }) => work.some(({ phase }) => phase !== null)));
  await live.end();
  t.match(found, { total: 3000, notListed: 2500 });
  t.ok(JSON.stringify(found).length < 300_000);
});

test('a folder that cannot be written is told once, and nothing else happens', async (t) => {
  const at = place(t);
  writeFileSync(at.dir, 'a file where the folder should be');
  const live = new LiveRun(FACTS, at);
  await seen('the problem', async () => at.problems[0]);
  live.done('a', 'x', 'pass');
  await sleep(700);
  await live.end();
  t.equal(at.problems.length, 1);
  t.match(at.problems[0], /cannot be shown/);
});

test('files of the dead are seen as such, and go: with the next run, or after a while', async (t) => {
  const at = place(t);
  const live = new LiveRun(FACTS, at);
  await seen('the run', async () => (await readRunning(at))[0]);
  const mine = join(at.dir, 'me.json');
  const { readFileSync } = await import('node:fs');
  for (const name of ['dead-1.json', 'far-1.json', 'stranger.json']) writeFileSync(join(at.dir, name), readFileSync(mine));
  for (const [name, text] of [['dead-2.json', '{"schema":"hil-running/1"'], ['far-2.json', '{}'], ['dead-3.json', 'x'.repeat(2 << 20)]] as const) writeFileSync(join(at.dir, name), text);
  const lives = async (now?: number) => Object.fromEntries((await readRunning(at, now)).map(({ job, life }) => [job, life]));
  t.strictSame(await lives(), { me: 'running', 'dead-1': 'died', 'far-1': 'running' });
  utimesSync(join(at.dir, 'far-1.json'), new Date(), new Date(Date.now() - 90_000));
  t.strictSame(await lives(), { me: 'running', 'dead-1': 'died', 'far-1': 'died' });
  t.strictSame(await lives(Date.now() + 11 * 60_000), { me: 'running' });
  t.notOk(existsSync(join(at.dir, 'dead-1.json')));
  await live.end();
  writeFileSync(join(at.dir, 'dead-4.json'), '{}');
  writeFileSync(join(at.dir, 'dead-4.tmp'), '{}');
  const next = new LiveRun(FACTS, at);
  await seen('the sweep', async () => (readdirSync(at.dir).some((name) => name.startsWith('dead-4')) ? undefined : true));
  await next.end();
});

test('process.exit takes the file away, SIGKILL leaves it', async (t) => {
  const at = place(t);
  mkdirSync(at.dir);
  const start = async (end: string): Promise<number | null> => {
    const program = `import { LiveRun } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      new LiveRun(${JSON.stringify(FACTS)}, { dir: ${JSON.stringify(at.dir)}, name: 'me', ownerOf: () => null, onProblem: () => {} });
      setInterval(() => {}, 1000); process.stdin.once('data', () => ${end});`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], { stdio: ['pipe', 'inherit', 'inherit'] });
    await seen('the file', async () => (existsSync(join(at.dir, 'me.json')) ? true : undefined));
    child.stdin.write('x');
    const [code] = await once(child, 'exit') as [number | null];
    return code;
  };
  t.equal(await start('process.exit(7)'), 7);
  t.strictSame(readdirSync(at.dir), []);
  t.equal(await start("process.kill(process.pid, 'SIGKILL')"), null);
  t.strictSame(readdirSync(at.dir), ['me.json']);
});

test('no bytes break the reader', async (t) => {
  const good = { schema: 'hil-running/1', run: null, suite: 's', pid: 1, startedAt: '', updatedAt: '', source: SOURCE, priority: null, total: 0, done: 0, verdicts: {}, work: [], notListed: 0 };
  t.ok(parseRunning(JSON.stringify(good)));
  t.notOk(parseRunning(JSON.stringify({ ...good, suite: 'x'.repeat(201) })));
  t.notOk(parseRunning(JSON.stringify({ ...good, verdicts: { constructor: 1 } })));
  fc.assert(fc.property(fc.json(), fc.constantFrom(...Object.keys(good)), (json, key) => {
    parseRunning(json);
    const changed = parseRunning(JSON.stringify({ ...good, [key]: JSON.parse(json) as unknown }));
    return changed === null || Object.keys(changed).length === Object.keys(good).length;
  }), { numRuns: 300 });
});
