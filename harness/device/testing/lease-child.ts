// A process of its own for the lease tests: takes the lease, appends "in"/"out" lines to a log, gives it back or dies.
// Arguments: lock folder, log file, 'release' | 'die' | 'hold', rounds.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireLease } from '../lease.ts';

const [lockDir, log, how, rounds = '1'] = process.argv.slice(2) as [string, string, string, string];
for (let round = 0; round < Number(rounds); round += 1) {
  const lease = await acquireLease({ device: 'board', slots: 1, waitMs: 60_000, signal: new AbortController().signal, lockDir });
  appendFileSync(log, `in ${process.pid} ${performance.timeOrigin + performance.now()}\n`);
  if (how === 'hold') await sleep(60_000);
  await sleep(Math.random() * 10);
  appendFileSync(log, `out ${process.pid}\n`);
  if (how === 'die') process.kill(process.pid, 'SIGKILL');
  await lease.release();
}
