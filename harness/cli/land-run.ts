import { hilHome } from '../device/index.ts';
import { HilError } from '../errors.ts';
import { historyPlace, openHistory, Spool, type NewRun } from '../history/index.ts';
import { escapeTerminal } from '../report/index.ts';
import type { Terminal } from './terminal.ts';

/** A run that is done does not wait longer for each of: a lock of the history, a connection to its server, an answer. */
const PATIENCE_MS = 10_000;
/** Runs that have waited for the history are landed on the way; what takes longer waits for the next run. */
const SPOOL_DEADLINE_MS = 10_000;

/**
 * Lands a finished run in the history, and with it those that had to wait. Where the history cannot be reached the run is put into the
 * spool: the bench's history is no matter of the code under test, so its verdict stays what it is. Never throws.
 * @returns false only where the run is kept neither there nor in the spool
 */
export async function landRun(run: NewRun, terminal: Terminal, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const home = hilHome(env);
  const place = historyPlace(home, env);
  if (place === null) return true;
  const say = (line: string): void => terminal.error(`hil: ${escapeTerminal(line)}`);
  const spool = new Spool(home);
  let landed = false;
  try {
    const history = await openHistory(place, PATIENCE_MS);
    try {
      await history.add(run);
      landed = true;
      const { landed: late, waiting, putAside } = await spool.land(history, SPOOL_DEADLINE_MS);
      if (late > 0) terminal.note(`${late} ${late === 1 ? 'run' : 'runs'} that had waited for the history ${late === 1 ? 'is' : 'are'} in it now${waiting > 0 ? `; ${waiting} still wait` : ''}`);
      for (const file of putAside) say(`a run that waited for the history cannot be read: ${file}`);
    } finally {
      await history.close();
    }
    return true;
  } catch (error) {
    say(`${landed ? 'runs that wait for the history could not be put there' : 'this run is not in the history yet'}: ${messageOf(error)}`);
    if (error instanceof HilError && error.hint !== undefined) terminal.error(`  -> ${escapeTerminal(error.hint)}`);
    return landed || await intoSpool(run, spool, say);
  }
}

async function intoSpool(run: NewRun, spool: Spool, say: (line: string) => void): Promise<boolean> {
  try {
    await spool.put(run);
    say(`the next run lands it; until then it waits in ${spool.dir}`);
    return true;
  } catch (error) {
    say(`it cannot wait in ${spool.dir} either: ${messageOf(error)}`);
    say(`make room or name another folder in HIL_HOME, then: hil history import ${run.dir ?? 'REPORT'}`);
    return false;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
