/**
 * Runs the TypeScript program with Node 24, whatever Node started us. Three ways, best first:
 *   1. this Node is new enough: import the program, no second process;
 *   2. this Node can replace itself (process.execve): one process again, and signals need no care;
 *   3. a child, with an IPC channel: its end tells the child that we are gone, even by SIGKILL.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findNode24, isNewEnough, REPOSITORY } from './node24.mjs';

export const EXIT_BENCH_ERROR = 4;

/**
 * Runs `program` (an absolute path) with `args`. Ends this process when the program ends, with the same code or signal;
 * in way 1 it returns when the program's module has been evaluated.
 */
export async function launch(args, program = join(REPOSITORY, 'harness', 'cli', 'main.ts')) {
  if (isNewEnough()) {
    process.argv = [process.execPath, program, ...args];
    await import(pathToFileURL(program).href);
    return;
  }
  const node = findNode24();
  if (node === null) {
    process.stderr.write('hil: Node 24 is not installed here. Run `npm ci` in ' + REPOSITORY + ', or `npm start`, which installs what is missing.\n');
    process.exit(EXIT_BENCH_ERROR);
  }
  if (typeof process.execve === 'function') {
    try {
      process.execve(node, [node, program, ...args], process.env);
    } catch {
      // Not on this system: go on with a child.
    }
  }
  runChild(node, [program, ...args]);
}

/**
 * Signals go to the child as messages, not as signals: Ctrl-C in a terminal reaches the whole process group, so that the
 * child would see it twice; the child (harness/cli/parent-watch.ts) counts a message and a signal of one moment as one.
 */
function runChild(node, argv) {
  const child = spawn(node, argv, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => {
    // Without a channel (not open yet, or closed) a plain signal is better than none.
    if (child.connected) child.send({ hil: 'signal', signal }, (error) => error && child.kill(signal));
    else child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => {
    process.stderr.write(`hil: could not start ${node}: ${error.message}\n`);
    process.exit(EXIT_BENCH_ERROR);
  });
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeListener(name, forward);
    if (signal === null) process.exit(code);
    process.kill(process.pid, signal);
    // Reached where the signal does not end us at once.
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000);
  });
}
