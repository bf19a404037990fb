// A watchman: a process of its own that ends the targets of a hil that was killed without warning (SIGKILL, out of
// memory). hil tells it by lines on standard input which process groups it started ("+<pid> <start time>") and which have
// ended ("-<pid> <start time>"). Before it starts one it sends "?<mark>", and "!<mark>" once the group is on the list: should it
// be killed between the two, the program is known by the mark in its environment. When the pipe closes, hil is gone and what is left gets SIGTERM, then SIGKILL.
// No dependencies, so that it starts fast and goes on working while node_modules is being replaced.
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const GRACE_MS = 1000;
const POLL_MS = 50;
const groups = new Map();
/** Marks of programs that hil was about to start. */
const expected = new Set();

// Ctrl-C and a closing terminal are meant for hil; this process must outlive them to do its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const mark = /^([?!])([\d.]+)$/.exec(line);
  if (mark?.[1] === '?') expected.add(mark[2]);
  else if (mark !== null) expected.delete(mark[2]);
  const match = /^([+-])(\d+) (\d*)$/.exec(line);
  if (match === null) return;
  const pid = Number(match[2]);
  if (pid <= 1) return;
  if (match[1] === '+') groups.set(pid, match[3]);
  else groups.delete(pid);
});
lines.on('close', () => void endAll());

/** Puts the leaders of groups on the list that carry a mark which hil had no time to resolve. */
function findExpected() {
  if (expected.size === 0) return;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const mark = /(?:^|\0)HIL_TARGET_MARK=([\d.]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'latin1'))?.[1];
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (expected.has(mark) && group === pid) groups.set(Number(pid), '');
    } catch {
      // gone, another user's, or no /proc here
    }
  }
}

/** A process that has the id but another start time is a stranger: then the whole old group is gone, as ids of living groups are not reused. */
function isStranger(pid, startTime) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return startTime !== '' && text.slice(text.lastIndexOf(')') + 2).split(' ')[19] !== startTime;
  } catch {
    return false;
  }
}

/** @returns whether there was anything to signal */
function signalAll(signal) {
  let any = false;
  for (const [pid, startTime] of groups) {
    if (isStranger(pid, startTime)) continue;
    try {
      process.kill(-pid, signal);
      any = true;
    } catch {
      // no such group: it has ended
    }
  }
  return any;
}

async function endAll() {
  try {
    findExpected();
  } catch {
    // no /proc here
  }
  signalAll('SIGTERM');
  for (let waited = 0; waited < GRACE_MS && signalAll(0); waited += POLL_MS) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  signalAll('SIGKILL');
  process.exit(0);
}
