import { outcomeText, type BisectResult, type Candidate, type Try } from '../../../bisect/index.ts';
import { escapeTerminal } from '../../../report/index.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Terminal } from '../../terminal.ts';

const SHORT = 12;

/** "commit 1a2b3c4d5e6f (2026-11-21) wider window"; untrusted text, not escaped. */
export function candidateText({ kind, id, commit, subject, at }: Candidate): string {
  const what = kind === 'commit' ? `commit ${id.slice(0, SHORT)}` : `run ${id}${commit === null ? '' : `, commit ${commit.slice(0, SHORT)}`}`;
  return `${what}${at === null ? '' : ` (${at.slice(0, 10)})`}${subject === null || subject === '' ? '' : ` ${subject}`}`;
}

export function triedText({ state, tried }: Try, metric: string | null): string {
  return `${state}: ${outcomeText(tried, metric).split('\n')[0]}${tried.sameAs === null ? '' : ` (the same image and inputs as run ${tried.sameAs})`}`;
}

const FACTS: Readonly<Record<string, string>> = { image: 'image', model: 'model', generator: 'generator', compiler: 'compiler and flags', inputs: 'inputs', hilVersion: 'hil' };

/** Prints the result. @returns the exit code */
export function tellResult(result: BisectResult, terminal: Terminal): number {
  const out = (line: string): void => terminal.out(escapeTerminal(line));
  if (result.outcome !== 'found') {
    const [end, now] = result.outcome === 'good-is-bad' ? ['good', 'bad'] : ['bad', 'good'];
    const { candidate } = result.tries.find((one) => one.state === now) as Try;
    out(`the ${end} end is ${now} now: ${candidateText(candidate)}: ${result.why}`);
    out(candidate.kind === 'run' ? `its image is what it was: what has changed is the device, the bench or chance, not the code`
      : `no commit between can have made it ${now}: name other ends, or look at the bench (device, compiler, this hil)`);
    return EXIT.fail;
  }
  const { firstBad, lastGood, changes, tries, criterion } = result;
  const last = firstBad.at(-1) as Candidate;
  out(`${tries.length} tried of ${result.candidates + 1}; ${criterion}`);
  out(`last good: ${candidateText(lastGood)}`);
  if (firstBad.length === 1) terminal.out(terminal.style('bold', escapeTerminal(`first bad: ${candidateText(last)}`)));
  else {
    terminal.out(terminal.style('bold', `first bad is one of these ${firstBad.length}, of which only the last could be tested:`));
    for (const one of firstBad.slice(0, 50)) out(`  ${candidateText(one)}${reasonOf(one, tries)}`);
    if (firstBad.length > 50) out(`  and ${firstBad.length - 50} more`);
  }
  if (changes === null) out('what changed with it is not known');
  else {
    for (const { fact, before, after } of changes.changed) out(`  ${FACTS[fact]}: ${short(fact, before)} -> ${short(fact, after)}`);
    out(changes.changed.length === 0 ? 'nothing that is known of them differs' : `  the same: ${changes.same.map((fact) => FACTS[fact]).join(', ') || 'nothing'}`);
  }
  const between = tries.filter(({ candidate }) => candidate !== lastGood && candidate !== last);
  return firstBad.length === result.candidates && between.length > 0 && between.every(({ tried }) => tried.verdict === 'build-error') ? EXIT.build : EXIT.ok;
}

function reasonOf(candidate: Candidate, tries: readonly Try[]): string {
  const one = tries.find((each) => each.candidate === candidate);
  return one?.state === 'untestable' ? `: ${outcomeText(one.tried, null)}`.split('\n')[0] as string : '';
}

const short = (fact: string, value: string): string => (['image', 'model', 'inputs'].includes(fact) ? value.slice(0, SHORT) : value);
