/**
 * Looking for commands and running them. Arguments are always arrays; nothing goes through a shell.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Absolute path of a command on PATH, or null. */
export function which(name, env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** First line a command prints, or null where it is missing or fails. */
export function ask(name, args, env) {
  const path = which(name, env);
  if (path === null) return null;
  const result = spawnSync(path, args, { env, encoding: 'utf8', timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] });
  return result.status === 0 ? result.stdout.split('\n')[0].trim() : null;
}

/** As one would type it. Only for people to read: it is never given to a shell. */
export function asTyped(command, args) {
  return [command, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/**
 * Runs a command in the foreground. Signals that end us are passed on, and we wait for the command, so that no apt or npm
 * is left running behind the prompt. Resolves with the exit code (128 + n after signal n).
 */
export function run(command, args, { env, cwd }) {
  return new Promise((resolve) => {
    const child = spawn(which(command, env) ?? command, args, { env, cwd, stdio: ['ignore', 'inherit', 'inherit'] });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    let caught = null;
    const handler = (signal) => {
      caught = signal;
      forward(signal);
    };
    for (const signal of signals) process.on(signal, handler);
    const done = (code) => {
      for (const signal of signals) process.removeListener(signal, handler);
      if (caught !== null) process.exit(130);
      resolve(code);
    };
    child.on('error', () => done(127));
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGKILL' ? 137 : 130)));
  });
}
