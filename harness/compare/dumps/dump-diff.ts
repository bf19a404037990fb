import type { Explanation } from '../../diff/explain.ts';
import type { OwnError } from '../../diff/own-error.ts';
import type { FirstMismatch } from '../../diff/tensor-tally.ts';
import type { Where } from '../../diff/where/where.ts';

/** What `hil diff` found between two dumps; `--json` prints it. Text in it is untrusted. */
export interface DumpDiff {
  readonly schema: 'hil-diff/1';
  readonly kind: 'dumps';
  /** Nothing that was compared differs. */
  readonly equal: boolean;
  readonly a: string;
  readonly b: string;
  readonly model: { readonly file: string; readonly sha256: string } | null;
  /** The rule that own error is measured against: A's; null: not measured. */
  readonly profile: string | null;
  readonly samples: number;
  readonly compared: number;
  readonly mismatched: number;
  /** Inputs of the graph: where they differ, so may all that follows. */
  readonly inputs: { readonly compared: number; readonly mismatched: number };
  readonly layers: readonly DumpLayerDiff[];
  /** Operators with own error, all their layers together. */
  readonly operators: readonly OperatorCauses[];
  /** What could not be done, or restricts what the figures say. */
  readonly notes: readonly string[];
}

export interface DumpLayerDiff {
  readonly index: number;
  readonly op: string;
  readonly name: string;
  readonly compared: number;
  readonly mismatched: number;
  readonly maxAbsDiff: number;
  /** own error: B is wrong here by itself, by A's rule. inherited: it is right for what it was fed. not known: could not be told. */
  readonly verdict: 'equal' | 'own error' | 'inherited' | 'not known';
  readonly tensors: readonly DumpTensorDiff[];
  /** B against A's rule fed with B's own inputs and state; null: not measured. */
  readonly own: OwnError | null;
  /** Elements in which A itself is not what its rule makes of A's own inputs: then it does not follow that rule. */
  readonly againstRule: number;
  /** Tensors of which B shows something else than this layer read: it gives all that A has, as it could not from what they show. */
  readonly notRead: readonly number[];
  /** Causes that reproduce B's values, best first; [] with own error: unexplained. */
  readonly diagnosis: readonly Explanation[];
  /** With own error but too few elements to tell by themselves: causes that fit all the same. */
  readonly fitting: readonly FittingCause[];
  readonly where: Where | null;
}

export interface DumpTensorDiff {
  readonly tensor: number;
  readonly role: 'output' | 'state';
  readonly name: string;
  readonly compared: number;
  readonly mismatched: number;
  readonly maxAbsDiff: number;
  /** b - a -> elements. */
  readonly histogram: Readonly<Record<string, number>>;
  readonly first: FirstMismatch | null;
}

/** A cause that contradicts nothing in a layer. */
export interface FittingCause {
  readonly cause: Explanation['cause'];
  readonly text: string;
  /** Other layers of the same operator that it explains; the likelier if there are any. */
  readonly alsoExplains: readonly number[];
}

/** The layers of one operator that have own error, and what explains all of them. */
export interface OperatorCauses {
  readonly op: string;
  readonly layers: readonly number[];
  /** Elements with own error. */
  readonly wrong: number;
  /** Of the layers, those whose elements are enough to name a cause. */
  readonly told: readonly number[];
  /** Causes that fit every one of the layers, [] where no single one does. */
  readonly causes: readonly { readonly cause: Explanation['cause']; readonly text: string }[];
}
