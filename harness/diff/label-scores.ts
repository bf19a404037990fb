import type { MetricKind } from './metrics.ts';

/** A file of a labelled data set, and what the model makes of it. */
export interface ScoredFile {
  readonly name: string;
  /** Class, from 0. */
  readonly label: number;
  /** Samples that were averaged. */
  readonly samples: number;
  /** One a class; a single one where that is how far the file is from class 0. */
  readonly scores: readonly number[];
}

/**
 * Scores of labelled files as MLPerf Tiny counts them (mlcommons/tiny, benchmark/runner/main.py): those of a sample are divided by their sum,
 * unless there is only one, and averaged over the samples of a file.
 *   top-1  share of files whose greatest score is that of their label; of equal ones the first counts
 *   auc    area under the ROC curve: the share of pairs of a file of the class and one that is not in which the first has the greater score,
 *          equal ones counting half (what scikit-learn's roc_auc_score is). One score or two: of the last one and class 1. More: the mean
 *          of each class against the rest, unweighted (its multi_class="ovr")
 * NaN where it cannot be told: no file, a score that is no number (scores that sum up to 0), for auc a class without a file or without another.
 */
export class LabelScores {
  readonly #files = new Map<string, { label: number; samples: number; sums: Float64Array }>();

  /** @param file its name, unique in the case @param scores of one sample */
  add(file: string, label: number, scores: ArrayLike<number>): void {
    let entry = this.#files.get(file);
    if (entry === undefined) this.#files.set(file, (entry = { label, samples: 0, sums: new Float64Array(scores.length) }));
    if (entry.sums.length !== scores.length || entry.label !== label) throw new RangeError(`${file}: ${scores.length} scores of label ${label} after ${entry.sums.length} of label ${entry.label}`);
    let sum = 0;
    for (let i = 0; i < scores.length; i++) sum += scores[i] as number;
    const by = scores.length === 1 ? 1 : sum;
    for (let i = 0; i < scores.length; i++) (entry.sums[i] as number) += (scores[i] as number) / by;
    entry.samples += 1;
  }

  /** In the order in which they came. */
  get files(): ScoredFile[] {
    return [...this.#files].map(([name, { label, samples, sums }]) => ({ name, label, samples, scores: [...sums].map((sum) => sum / samples) }));
  }

  /** Files whose greatest score is that of their label. */
  get correct(): number {
    return this.files.filter(({ label, scores }) => scores.every((score) => !Number.isNaN(score)) && scores.indexOf(Math.max(...scores)) === label).length;
  }

  value(kind: MetricKind): number {
    const { files } = this;
    if (files.length === 0 || files.some(({ scores }) => scores.some(Number.isNaN))) return Number.NaN;
    if (kind === 'top-1') return (files[0]?.scores.length ?? 0) < 2 ? Number.NaN : this.correct / files.length;
    return kind === 'auc' ? areaOfAll(files) : Number.NaN;
  }
}

function areaOfAll(files: readonly ScoredFile[]): number {
  const columns = files[0]?.scores.length ?? 0;
  if (columns <= 2) return area(files.map(({ label, scores }) => ({ score: scores[columns - 1] as number, positive: label === 1 })));
  let sum = 0;
  for (let k = 0; k < columns; k++) sum += area(files.map(({ label, scores }) => ({ score: scores[k] as number, positive: label === k })));
  return sum / columns;
}

/** Mann and Whitney's U of the positives over the number of pairs, from mean ranks. */
function area(all: { readonly score: number; readonly positive: boolean }[]): number {
  const sorted = [...all].sort((a, b) => a.score - b.score);
  const positives = sorted.filter(({ positive }) => positive).length;
  let ranks = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    let equal = 0;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) equal += Number(sorted[to++]?.positive);
    ranks += equal * ((from + to + 1) / 2);
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives));
}
