import type { Figure } from '../history/metrics-of-case.ts';
import type { CaseReport, Report, Verdict } from '../report/index.ts';

/** A run of the past or a commit, between what was good and what is bad. Text in it is untrusted. */
export interface Candidate {
  readonly kind: 'run' | 'commit';
  /** Run id, or full commit id. */
  readonly id: string;
  readonly commit: string | null;
  readonly subject: string | null;
  /** ISO 8601: the author's date of a commit, the start of a run. */
  readonly at: string | null;
}

/** What a case was made of: what may have changed together with its result. */
export interface Facts {
  readonly image: string | null;
  readonly model: string | null;
  readonly generator: string | null;
  readonly compiler: string | null;
  /** SHA-256 of plan, samples and oracle; null: not known. */
  readonly inputs: string | null;
  readonly hilVersion: string;
}

/** What came of trying a candidate. */
export interface Tried {
  /** null: it could not be tried. */
  readonly verdict: Verdict | null;
  readonly figures: readonly Figure[];
  /** The first reason of the verdict, or why it could not be tried; ''. */
  readonly reason: string;
  readonly facts: Facts | null;
  /** Id of the candidate with the same image and inputs that was run instead; null: it was run itself. */
  readonly sameAs: string | null;
}

export function factsOf(report: Report, one: CaseReport, inputs: string | null): Facts {
  return {
    image: one.image?.sha256 ?? null, model: one.model?.sha256 ?? null, generator: one.generator === null ? null : `${one.generator.name} ${one.generator.version}`,
    compiler: one.image === null ? null : `${one.image.compiler} ${one.image.flags.join(' ')}`.trim(), inputs, hilVersion: report.run.hilVersion,
  };
}

/** "image 3f2a9c01 -> 77aa0e12": what is not the same in two candidates; null where one of them is not known. */
export function changedFacts(before: Facts | null, after: Facts | null): { readonly changed: readonly FactChange[]; readonly same: readonly (keyof Facts)[] } | null {
  if (before === null || after === null) return null;
  const names = ['image', 'model', 'generator', 'compiler', 'inputs', 'hilVersion'] as const;
  const known = names.filter((name) => before[name] !== null && after[name] !== null);
  return { changed: known.filter((name) => before[name] !== after[name]).map((name) => ({ fact: name, before: before[name] as string, after: after[name] as string })), same: known.filter((name) => before[name] === after[name]) };
}

export interface FactChange {
  readonly fact: keyof Facts;
  readonly before: string;
  readonly after: string;
}
