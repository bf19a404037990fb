import { LabelScores } from '../diff/label-scores.ts';
import { realValues } from '../diff/metrics.ts';
import type { Quantisation } from '../model/graph.ts';
import type { TensorData } from '../reference/runner.ts';
import type { PlannedCase, PlannedSequence } from './planned-case.ts';

/** What metrics against truth are computed from. */
export function truthOf<T>({ sequences }: Pick<PlannedCase, 'sequences'>, { errors, labels }: { readonly errors: T; readonly labels: LabelTally }): T | LabelScores {
  return sequences.some((sequence) => sequence.labels !== undefined) ? labels.scores : errors;
}

/** What the first output says of labelled samples. */
export class LabelTally {
  readonly scores = new LabelScores();
  readonly #reconstruction: boolean;
  /** Sequences may hold files of the same names. */
  readonly #several: boolean;

  constructor({ score, sequences }: Pick<PlannedCase, 'score' | 'sequences'>) {
    this.#reconstruction = score === 'reconstruction';
    this.#several = sequences.length > 1;
  }

  /** @param input its codes, where the model has one input */
  add(sequence: PlannedSequence, step: number, output: TensorData, outputScale: Quantisation | null, input: () => { readonly codes: TensorData; readonly scale: Quantisation | null }): void {
    if (sequence.labels === undefined) return;
    const values = realValues(output, outputScale);
    if (!this.#reconstruction) return this.addScores(sequence, step, values);
    const { codes, scale } = input();
    const given = realValues(codes, scale);
    this.addScores(sequence, step, [values.reduce((sum, value, i) => sum + (value - (given[i] as number)) ** 2, 0) / values.length]);
  }

  /** @param scores of one sample: one a class, or how far it is from class 0 */
  addScores({ name, labels }: PlannedSequence, step: number, scores: ArrayLike<number>): void {
    if (labels === undefined) return;
    const file = labels.files[labels.fileOf[step] ?? -1];
    if (file === undefined) throw new RangeError(`sequence ${name} has no label of sample ${step}`);
    this.scores.add(this.#several ? `${name}/${file.name}` : file.name, file.label, scores);
  }
}
