import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { findFiles, selectFiles } from './find.ts';
import { runTestFile } from './run-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hil-run-file-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a fixture program, given as its source, as if it were a test file. */
function runFixture(source: string, timeoutMs = 20_000, signal = new AbortController().signal): ReturnType<typeof runTestFile> {
  const file = join(folder, `fixture-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, source);
  return runTestFile(file, { node: process.execPath, cwd: folder, env: process.env, timeoutMs, signal });
}

/** A process that has ended but that nobody has waited for yet still has a number. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

t.test('an orderly file has no problem', async (t) => {
  const result = await runFixture("console.log('TAP version 14\\nok 1 - a\\n1..1')");
  t.match(result, { problem: null, counts: { passed: 1, failed: 0 } });
});

t.test('a crash after right points is a problem, with its stderr', async (t) => {
  const result = await runFixture("console.log('TAP version 14\\nok 1 - a\\n1..1'); throw new Error('late')");
  t.equal(result.problem, 'exit code 1');
  t.match(result.stderr, /late/);
});

t.test('so are silence and a death by signal', async (t) => {
  t.equal((await runFixture('')).problem, 'contains no test');
  t.equal((await runFixture("process.kill(process.pid, 'SIGKILL')")).problem, 'ended by SIGKILL');
});

t.test('a test that hangs is ended together with what it started', async (t) => {
  const source = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    console.error(child.pid);
    setInterval(() => {}, 1000);`;
  const result = await runFixture(`import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); ${source}`, 500);
  t.equal(result.problem, 'no end within 0.5 s');
  const grandchild = Number(result.stderr.trim());
  await delay(100);
  t.notOk(isRunning(grandchild));
});

t.test('tests are found and selected; a word that selects nothing is an error', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'hil-find-'));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  for (const path of ['a/one.test.ts', 'a/one.ts', 'b/two.test.ts', 'node_modules/x/three.test.ts', 'b/work/four.test.ts', '.tap/five.test.ts']) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  const names = (files: string[]): string[] => files.map((file) => relative(root, file));
  t.same(names(findFiles(root, '.test.ts')), ['a/one.test.ts', 'b/two.test.ts']);
  t.same(names(selectFiles(root, ['a'], '.test.ts')), ['a/one.test.ts']);
  t.same(names(selectFiles(root, ['two', 'a/one.test.ts'], '.test.ts')), ['a/one.test.ts', 'b/two.test.ts']);
  t.throws(() => selectFiles(root, ['thre'], '.test.ts'), /no \*\.test\.ts matches "thre"/);
});
