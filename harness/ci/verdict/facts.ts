import { HilError } from '../../errors.ts';
import { lazyValidator } from '../../json-schema.ts';
import { readRegularFile } from '../../read-regular-file.ts';
import type { Place, Verdict } from '../../report/index.ts';
import schema from './facts.schema.json' with { type: 'json' };

/**
 * What one verdict of many runs is made of: little enough to be handed from a job that may not post a check to one that may.
 * All text is untrusted and not escaped, so whoever shows it escapes it; what it says is judged again by whoever reads it.
 */
export interface VerdictFacts {
  readonly schema: 'hil-verdict/1';
  /** Devices that must have reported; []: not said. */
  readonly expected: readonly string[];
  readonly runs: readonly RunOutcome[];
  /** Reports that could not be read, each with the reason. */
  readonly unreadable: readonly string[];
}
export interface RunOutcome {
  readonly id: string;
  readonly suite: string;
  /** Full id; null: the run does not know. */
  readonly commit: string | null;
  /** Files differed from the commit. */
  readonly dirty: boolean;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly verdict: Verdict;
  readonly devices: readonly string[];
  /** Only some of the suite's cases were chosen (--case, --sample). Absent: all were meant. */
  readonly chosen?: boolean;
  readonly cases: readonly CaseOutcome[];
}
export interface CaseOutcome {
  readonly name: string;
  readonly device: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Attempts before this one that ended in bench errors. */
  readonly retries: number;
  readonly place: Place | null;
}

const MOST_BYTES = 32 << 20;
const validator = lazyValidator<VerdictFacts>(() => schema);

/**
 * Reads what another job wrote with --out. It may be forged: it is checked by its schema, and nothing in it is believed but the facts.
 * @throws HilError 'config' verdict.unreadable, verdict.invalid
 */
export async function readFacts(file: string): Promise<VerdictFacts> {
  let value: unknown;
  try {
    value = JSON.parse((await readRegularFile(file, MOST_BYTES)).toString('utf8'));
  } catch (cause) {
    throw new HilError('config', 'verdict.unreadable', `cannot read ${file}: ${(cause as Error).message}`, { hint: 'Name the file that hil verdict --out wrote.', cause });
  }
  const check = validator();
  if (check(value)) return value;
  const [first] = check.errors ?? [];
  throw new HilError('config', 'verdict.invalid', `${file} is not a hil-verdict/1: ${first?.instancePath === '' ? '/' : first?.instancePath}: ${first?.message ?? 'invalid'}`);
}
