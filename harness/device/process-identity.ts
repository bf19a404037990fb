import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who owns a lock or a temporary folder. A process id alone is not enough: ids are reused, machines reboot, and a folder
 * may be shared by containers (each with process ids of its own) or by machines.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot (Linux); '' where the system does not tell. */
  readonly startTime: string;
  readonly host: string;
  /** Changes with every boot; '' where the system does not tell. */
  readonly bootId: string;
  /** Process-id namespace (a container has its own); '' where there is none. */
  readonly pidSpace: string;
}

/** 'unknown': it lives (or lived) where this process cannot look: another machine or container. */
export type OwnerState = 'alive' | 'dead' | 'unknown';

const quietly = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return '';
  }
};

const bootId = quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
const pidSpace = quietly(() => readlinkSync('/proc/self/ns/pid'));

/** State letter, process group and start time of a process, or null where there is none (or no /proc). */
function readStat(pid: number | string): { state: string; group: number; startTime: string } | null {
  const text = quietly(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The command name is in brackets and may itself hold blanks and brackets: count fields from the last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , group] = fields;
  const startTime = fields[19];
  if (state === undefined || group === undefined || startTime === undefined) return null;
  return { state, group: Number(group), startTime };
}

const hasProc = readStat(process.pid) !== null;
/** A zombie holds no file, port or device any more: it counts as gone. */
const isGone = (state: string): boolean => state === 'Z' || state === 'X';

/** Start time of a running process; '' if it is gone or the system does not tell. */
export function startTimeOf(pid: number): string {
  const stat = readStat(pid);
  return stat === null || isGone(stat.state) ? '' : stat.startTime;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: startTimeOf(process.pid), host: hostname(), bootId, pidSpace };
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isRunning(pid: number, startTime: string): boolean {
  if (!hasProc) return pidExists(pid);
  const now = startTimeOf(pid);
  return now !== '' && (startTime === '' || now === startTime);
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);
const place = (id: ProcessIdentity): readonly string[] => [short(id.host), short(id.bootId), short(id.pidSpace)];

/** Is the owner still running? Same host and another boot means dead; another host or container cannot be told. */
export function ownerState(owner: ProcessIdentity): OwnerState {
  return judge(owner.pid, owner.startTime, place(owner));
}

function judge(pid: number, startTime: string, where: readonly string[]): OwnerState {
  const [host, boot, space] = place(ownIdentity());
  if (where[0] !== host) return 'unknown';
  if (where[1] !== boot) return 'dead';
  if (where[2] !== space) return 'unknown';
  return isRunning(pid, startTime) ? 'alive' : 'dead';
}

/** A folder name that says who made it: `<pid>-<start time>-<place>-<random>`, at most 50 characters. */
export function ownedName(): string {
  const me = ownIdentity();
  return `${me.pid}-${me.startTime || 0}-${place(me).join('')}-${randomBytes(4).toString('hex')}`;
}

/** State of the owner of a name made by {@link ownedName}, or null for any other name. */
export function ownerOfName(name: string): OwnerState | null {
  const match = /^(\d+)-(\d+)-([0-9a-f]{6})([0-9a-f]{6})([0-9a-f]{6})-[0-9a-f]{8}$/.exec(name);
  if (match === null) return null;
  const [, pid, startTime, ...where] = match;
  return judge(Number(pid), startTime === '0' ? '' : startTime!, where);
}

/** True while any process of the group runs. */
export function groupIsAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (!hasProc) return true;
  // Zombies answer signal 0 for as long as nobody reaps them; where process 1 never does, that is for ever.
  return readdirSync('/proc').some((name) => {
    const stat = /^\d+$/.test(name) ? readStat(name) : null;
    return stat !== null && stat.group === group && !isGone(stat.state);
  });
}

/** Sends a signal to every process of the group, where it exists and may be signalled; groupIsAlive() tells what came of it. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // gone, or another user's
  }
}
