#!/usr/bin/env node
// A compiler for the tests: passes everything on to gcc, and writes down each call in calls.log beside itself.
// Beside it may lie: version.txt (answer to --version), action.txt (what to do instead of compiling: crash, hang, kill-gcc).
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dir = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const beside = (name) => (existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8') : '');
appendFileSync(join(dir, 'calls.log'), `${JSON.stringify(args)}\n`);
if (args[0] === '--version' && beside('version.txt') !== '') {
  process.stdout.write(beside('version.txt'));
  process.exit(0);
}
const compiles = args.includes('-c');
const action = compiles ? beside('action.txt').trim() : '';
if (action === 'crash') {
  process.stderr.write('x.c:1:1: internal compiler error: Segmentation fault\n');
  process.exit(4);
}
if (action === 'kill-self') process.kill(process.pid, 'SIGKILL');
if (action === 'hang') for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
process.exit(spawnSync('gcc', args, { stdio: 'inherit' }).status ?? 1);
