/**
 * The last step of a job on a bench: ends what the job has left running. hil lets go of a device by itself when it is told to stop,
 * and its keeper ends targets when it is killed; so there is something to do only where both were killed. Processes are known by the
 * HIL_JOB in their environment; this script and those that started it are spared. A lease of a dead hil needs no work: the next run
 * takes it over. Only where there is /proc.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The keeper of a killed hil needs about two seconds. */
const PATIENCE_MS = Number(process.env.HIL_AFTER_RUN_MS ?? 10_000);
const GRACE_MS = 3000;
const job = process.env.HIL_JOB ?? '';

const statFields = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

function spared() {
  const pids = new Set();
  for (let pid = process.pid; pid > 1;) {
    pids.add(pid);
    try {
      pid = Number(statFields(pid)[1]);
    } catch {
      break;
    }
  }
  return pids;
}

function leftOver() {
  const keep = spared();
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && !keep.has(Number(name))).flatMap((name) => {
    try {
      if (/^[ZX]/.test(statFields(name)[0])) return [];
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`HIL_JOB=${job}`)) return [];
      return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }];
    } catch {
      return []; // gone meanwhile, or another user's
    }
  });
}

async function gone(ms) {
  for (const deadline = performance.now() + ms; leftOver().length > 0; await sleep(50)) if (performance.now() > deadline) return false;
  return true;
}

function signalAll(signal) {
  for (const { pid } of leftOver()) {
    try {
      process.kill(pid, signal);
    } catch {
      // gone meanwhile
    }
  }
}

const plain = (text) => text.replace(/[^\x20-\x7e]/g, '?').replaceAll('%', '%25').slice(0, 300);

if (job === '' || !existsSync('/proc/self/environ')) {
  console.log('nothing to look for: HIL_JOB is not set, or there is no /proc');
} else if (await gone(PATIENCE_MS)) {
  console.log('nothing of this job is left running');
} else {
  for (const { pid, command } of leftOver()) console.log(`::warning title=bench error::left running by this job, ended now: process ${pid} ${plain(command)}`);
  signalAll('SIGTERM');
  if (!(await gone(GRACE_MS))) signalAll('SIGKILL');
  if (!(await gone(GRACE_MS))) {
    console.log('::error title=bench error::a process of this job cannot be ended; look after the bench');
    process.exitCode = 1;
  }
}
