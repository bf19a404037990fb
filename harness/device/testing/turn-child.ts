// A process of its own for the tests of turns: takes turns, appends "in"/"out" lines to a log, gives them back or dies.
// Argument: JSON, see Job.
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeTurn } from '../turns.ts';
import type { Priority } from '../turns-order.ts';

export interface Job {
  readonly dir: string;
  readonly log: string;
  /** What to take, in this order, while the one before is held. */
  readonly take: readonly { readonly device: string; readonly slots: number }[];
  readonly name: string;
  readonly priority: Priority;
  readonly share: string;
  readonly ageMs?: number;
  /** So many tickets at a time. */
  readonly tickets?: number;
  readonly rounds?: number;
  readonly holdMs: number;
  readonly die?: boolean;
  /** Rounds go on until this file is there. */
  readonly until?: string;
}

const job = JSON.parse(process.argv[2] as string) as Job;
const { dir, log, take, name, tickets = 1, rounds = 1, holdMs } = job;

async function inTurn(left: Job['take']): Promise<void> {
  const [first, ...rest] = left;
  if (first === undefined) return void await sleep(holdMs);
  const turn = await takeTurn({ ...first, waitMs: 60_000, signal: new AbortController().signal, priority: job.priority, share: job.share, turnsDir: dir, lockDir: dir, ...(job.ageMs === undefined ? {} : { ageMs: job.ageMs }) });
  appendFileSync(log, `in ${first.device} ${name} ${process.pid}\n`);
  await inTurn(rest);
  appendFileSync(log, `out ${first.device} ${name} ${process.pid}\n`);
  if (job.die === true) process.kill(process.pid, 'SIGKILL');
  await turn.release();
}

await Promise.all(Array.from({ length: tickets }, async () => {
  for (let round = 0; job.until === undefined ? round < rounds : !existsSync(job.until); round += 1) await inTurn(take);
}));
