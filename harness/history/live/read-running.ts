import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lazyValidator } from '../../json-schema.ts';
import type { LiveRunPlace } from './live-run.ts';
import { stem } from './live-run.ts';
import { MOST_TEXT, MOST_WORK, VERDICTS, type RunningState } from './running-state.ts';

/** A run that is under way, or that ended without a word. */
export interface FoundRun extends RunningState {
  /** 'died': its process is gone and had no chance to say so. */
  readonly life: 'running' | 'died';
  /** Of the process, for as long as it lives. */
  readonly job: string;
}

const MOST_FILES = 200;
const MOST_BYTES = 1 << 20;
/** A process that cannot be looked at (another container or machine) is taken for dead after this long without a word. */
const FOREIGN_SILENCE_MS = 60_000;
/** A run that was killed is shown this long, then its file goes. */
const DIED_SHOWN_MS = 10 * 60_000;

/**
 * The runs under way, the oldest first. Files that are damaged, or of no run, are left out; those of runs that died long ago are removed.
 * @param now ms since 1970
 */
export async function readRunning({ dir, ownerOf }: Pick<LiveRunPlace, 'dir' | 'ownerOf'>, now: number = Date.now()): Promise<FoundRun[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.json') && ownerOf(stem(name)) !== null).sort().slice(0, MOST_FILES);
  const found = await Promise.all(names.map(async (name): Promise<FoundRun | null> => {
    const file = await readBounded(join(dir, name));
    if (file === null) return null;
    const state = parseRunning(file.text);
    const owner = ownerOf(stem(name));
    const silentMs = now - file.mtimeMs;
    const life = owner === 'alive' || (owner === 'unknown' && silentMs < FOREIGN_SILENCE_MS) ? 'running' : 'died';
    if (life === 'died' && silentMs > DIED_SHOWN_MS) await rm(join(dir, name), { force: true }).catch(() => undefined);
    return state === null || (life === 'died' && silentMs > DIED_SHOWN_MS) ? null : { ...state, life, job: stem(name) };
  }));
  return found.filter((one) => one !== null).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** Null where it went away meanwhile, or is too large to be one of hil's. */
async function readBounded(path: string): Promise<{ text: string; mtimeMs: number } | null> {
  try {
    const file = await open(path, 'r');
    try {
      const { size, mtimeMs } = await file.stat();
      return size > MOST_BYTES ? null : { text: await file.readFile('utf8'), mtimeMs };
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

const text = { type: 'string', maxLength: MOST_TEXT } as const;
const orNull = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] });
const count = { type: 'integer', minimum: 0 } as const;
const time = { type: 'string', maxLength: 40 } as const;
const exactly = (properties: Readonly<Record<string, object>>): object => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

const validator = lazyValidator<RunningState>(() => exactly({
  schema: { const: 'hil-running/1' }, run: orNull(text), suite: text, pid: count, startedAt: time, updatedAt: time,
  source: exactly({ commit: orNull(text), committedAt: orNull(time), subject: orNull(text), branch: orNull(text), dirty: { type: 'boolean' }, pullRequest: orNull(count), jobUrl: orNull({ type: 'string', maxLength: 500 }), bench: text }),
  priority: orNull(text), total: count, done: count,
  verdicts: { type: 'object', properties: Object.fromEntries(VERDICTS.map((verdict) => [verdict, count])), additionalProperties: false },
  work: { type: 'array', maxItems: MOST_WORK, items: exactly({ case: text, device: text, phase: orNull(text), note: text, samples: count, of: count, verdict: orNull({ enum: VERDICTS }), since: orNull(time) }) },
  notListed: count,
}));

/** Null for what is no state of a run. */
export function parseRunning(json: string): RunningState | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  return validator()(value) ? value : null;
}
