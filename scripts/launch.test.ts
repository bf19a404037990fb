/** The launcher, started by a Node that is too old for the program: the way a fresh clone is used. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import t from 'tap';

const repository = join(import.meta.dirname, '..');

/** Some Node of major 20 to 23 on PATH, or null. */
function findOldNode(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'node');
    if (!existsSync(path)) continue;
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '';
    if (/^v2[0-3]\./.test(version)) return path;
  }
  return null;
}

const oldNode = findOldNode();
const folder = mkdtempSync(join(tmpdir(), 'hil-launch-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const log = join(folder, 'log');
const program = join(folder, 'program.ts');
const start = join(folder, 'start.mjs');
writeFileSync(start, `import { launch } from ${JSON.stringify(pathToFileURL(join(repository, 'bin', 'launch.mjs')).href)};
await launch(process.argv.slice(2), ${JSON.stringify(program)});`);
writeFileSync(program, `
import { appendFileSync } from 'node:fs';
import { watchParent } from ${JSON.stringify(pathToFileURL(join(repository, 'harness', 'cli', 'parent-watch.ts')).href)};
const say = (text: string): void => appendFileSync(${JSON.stringify(log)}, text + '\\n');
const [mode] = process.argv.slice(2);
say('args ' + JSON.stringify(process.argv.slice(2)) + ' major ' + process.versions.node.split('.')[0]);
if (mode === 'die') process.kill(process.pid, 'SIGKILL');
else if (mode === 'wait') {
  const alive = setTimeout(() => process.exit(99), 20000);
  watchParent((reason) => { say(reason); clearTimeout(alive); process.exitCode = 130; });
  say('ready');
} else process.exitCode = 3;
`);

function run(args: string[]): { child: ReturnType<typeof spawn>; end: Promise<{ code: number | null; signal: string | null }> } {
  rmSync(log, { force: true });
  const child = spawn(oldNode ?? process.execPath, [start, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { child, end: new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal }))) };
}

async function waitFor(line: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (text.split('\n').includes(line)) return text;
    await delay(25);
  }
  throw new Error(`${line} not seen within 5 s`);
}

const skip = oldNode === null ? 'no Node 20 to 23 on PATH' : false;

t.test('arguments and exit code go through, on Node 24', { skip }, async (t) => {
  t.same(await run(['a b', '$(x)', '--y']).end, { code: 3, signal: null });
  t.equal(readFileSync(log, 'utf8'), 'args ["a b","$(x)","--y"] major 24\n');
});

t.test('a death by signal goes through', { skip }, async (t) => {
  t.same(await run(['die']).end, { code: null, signal: 'SIGKILL' });
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  t.test(`${signal} to the launcher alone reaches the program, once`, { skip }, async (t) => {
    const { child, end } = run(['wait']);
    await waitFor('ready');
    child.kill(signal);
    t.same(await end, { code: 130, signal: null });
    t.equal(readFileSync(log, 'utf8').split(signal).length - 1, 1);
  });
}

t.test('SIGKILL of the launcher ends the program', { skip }, async (t) => {
  const { child, end } = run(['wait']);
  await waitFor('ready');
  child.kill('SIGKILL');
  await end;
  // Where the launcher replaced itself, it was the program that was killed.
  t.match(oldNode !== null && /^v20|^v21/.test(spawnSync(oldNode, ['--version'], { encoding: 'utf8' }).stdout) ? await waitFor('parent-gone') : 'parent-gone', 'parent-gone');
});
