import { HilError } from '../errors.ts';
import { Bisection, type State } from '../history/bisect/search.ts';
import { changedFacts, type Candidate, type Tried } from './candidate.ts';
import { criterionOf, outcomeText, type Wanted } from './criterion.ts';

/** One try, as it is told and kept. */
export interface Try {
  readonly candidate: Candidate;
  readonly state: State;
  readonly tried: Tried;
}

export type BisectResult = {
  readonly tries: readonly Try[];
  /** Candidates between the two ends, the bad one included. */
  readonly candidates: number;
} & (
  | { readonly outcome: 'found'; readonly criterion: string;
    /** One, or several of which one is it, as the others could not be tested; the last one is bad. */
    readonly firstBad: readonly Candidate[]; readonly lastGood: Candidate;
    /** From the last good one to the bad one; null: not known. */
    readonly changes: ReturnType<typeof changedFacts> }
  | { readonly outcome: 'good-is-bad' | 'bad-is-good'; readonly why: string }
);

export interface BisectOptions {
  readonly wanted: Wanted;
  /** Runs a candidate. @throws HilError 'bench' | 'cancelled'; what a candidate itself lacks comes back as verdict null */
  readonly attempt: (candidate: Candidate) => Promise<Tried>;
  /** @param stepsLeft answers still needed at the most; null: an end is tried */
  readonly onTry: (candidate: Candidate, stepsLeft: number | null) => void;
  readonly onTried: (done: Try) => void;
  readonly signal: AbortSignal;
}

/**
 * Tries both ends, then searches between them.
 * @param line in their order: the good one, what is in between, the bad one
 * @throws HilError 'bench' where the bench fails on the way: that is no property of a candidate; 'build' | 'config' for an end; 'cancelled'
 */
export async function findFirstBad(line: readonly Candidate[], options: BisectOptions): Promise<BisectResult> {
  const { wanted } = options;
  const [good, bad] = [line[0], line.at(-1)];
  if (good === undefined || bad === undefined || line.length < 2) throw new HilError('config', 'bisect.nothing-between', 'there is nothing between good and bad', { hint: 'Name two different ones with --good and --bad, the good one first.' });
  const tries: Try[] = [];
  const attempt = async (candidate: Candidate, stepsLeft: number | null): Promise<Tried> => {
    if (options.signal.aborted) throw options.signal.reason;
    options.onTry(candidate, stepsLeft);
    const tried = await options.attempt(candidate);
    if (tried.verdict === 'bench-error' || tried.verdict === 'skipped') {
      throw new HilError('bench', 'bisect.bench', `${candidate.kind} ${candidate.id} could not be judged: ${tried.verdict}: ${tried.reason}`, { hint: 'Mend the bench (hil devices doctor), then start again: what was tried is not lost where images and builds are kept.', facts: { tries: tries.map((one) => ({ id: one.candidate.id, state: one.state })) } });
    }
    return tried;
  };
  const note = (candidate: Candidate, state: State, tried: Tried): void => {
    const done = { candidate, state, tried };
    tries.push(done);
    options.onTried(done);
  };
  const ofGood = await attempt(good, null);
  // Told at once: where it is wrong already, the other end need not be waited for.
  if (wanted.metric === null && ofGood.verdict === 'fail') {
    note(good, 'bad', ofGood);
    return { outcome: 'good-is-bad', why: outcomeText(ofGood, null), tries, candidates: line.length - 1 };
  }
  const ofBad = await attempt(bad, null);
  const ends = criterionOf(wanted, ofGood, ofBad);
  note(good, 'wrong' in ends && ends.wrong === 'good-is-bad' ? 'bad' : 'good', ofGood);
  note(bad, 'wrong' in ends && ends.wrong === 'bad-is-good' ? 'good' : 'bad', ofBad);
  if ('wrong' in ends) return { outcome: ends.wrong, why: ends.why, tries, candidates: line.length - 1 };
  const between = line.slice(1);
  const search = new Bisection(between.length);
  for (let k = search.next(); k !== null; k = search.next()) {
    const candidate = between[k] as Candidate;
    const tried = await attempt(candidate, search.stepsLeft);
    const state = ends.criterion.stateOf(tried);
    search.answer(k, state);
    note(candidate, state, tried);
  }
  const { firstBad } = search.result();
  const lastGood = line[firstBad[0] as number] as Candidate;
  const factsFrom = (candidate: Candidate) => tries.find((one) => one.candidate === candidate)?.tried.facts ?? null;
  return {
    outcome: 'found', criterion: ends.criterion.text, firstBad: firstBad.map((k) => between[k] as Candidate), lastGood, tries, candidates: between.length,
    changes: changedFacts(factsFrom(lastGood), factsFrom(between[firstBad.at(-1) as number] as Candidate)),
  };
}
