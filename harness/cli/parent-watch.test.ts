import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { watchParent } from './parent-watch.ts';

t.test('a signal and the message of the same moment are one request, a later one is another', async (t) => {
  const watched = new EventEmitter();
  let time = 1000;
  const got: string[] = [];
  const end = watchParent((reason) => got.push(reason), { process: watched, now: () => time });
  watched.emit('SIGINT');
  watched.emit('message', { hil: 'signal', signal: 'SIGINT' });
  t.same(got, ['SIGINT']);
  time += 400;
  watched.emit('message', { hil: 'signal', signal: 'SIGINT' });
  watched.emit('SIGTERM');
  watched.emit('disconnect');
  t.same(got, ['SIGINT', 'SIGINT', 'SIGTERM', 'parent-gone']);
  for (const strange of [null, 'SIGINT', { signal: 'SIGTERM' }, { hil: 'signal', signal: 'SIGKILL' }, { hil: 'signal' }]) watched.emit('message', strange);
  t.equal(got.length, 4, 'other messages are none of our business');
  end();
  watched.emit('SIGHUP');
  t.equal(got.length, 4, 'nothing after the end of the watching');
});

/** A program that writes what it is told to a file, and ends by itself only when told. */
function fixture(t: { teardown(f: () => void): void; testdir?: unknown }): { program: string; log: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hil-watch-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, 'log');
  const program = join(folder, 'program.mjs');
  writeFileSync(program, `
    import { appendFileSync } from 'node:fs';
    import { watchParent } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'parent-watch.ts')).href)};
    const log = ${JSON.stringify(log)};
    const alive = setTimeout(() => process.exit(99), 20000);
    watchParent((reason) => { appendFileSync(log, reason + '\\n'); clearTimeout(alive); process.exitCode = 130; });
    appendFileSync(log, 'ready\\n');
  `);
  return { program, log };
}

async function waitFor(log: string, lines: number): Promise<string[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
    const found = text.split('\n').filter((line) => line !== '');
    if (found.length >= lines) return found;
    await delay(25);
  }
  throw new Error(`no line ${lines} in ${log} within 5 s`);
}

t.test('the death of the parent, even by SIGKILL, is noticed', async (t) => {
  const { program, log } = fixture(t);
  const launcher = spawn(process.execPath, ['-e', `
    require('node:child_process').spawn(process.execPath, [${JSON.stringify(program)}], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    setInterval(() => {}, 1000);`], { stdio: 'ignore' });
  await waitFor(log, 1);
  launcher.kill('SIGKILL');
  t.same(await waitFor(log, 2), ['ready', 'parent-gone']);
});

t.test('a process that only watches ends by itself', async (t) => {
  const { program, log } = fixture(t);
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await waitFor(log, 1);
  child.send({ hil: 'signal', signal: 'SIGINT' });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  t.equal(code, 130, 'the open channel does not keep it alive');
  t.same(await waitFor(log, 2), ['ready', 'SIGINT']);
});
