/** What `hil diff` found between two models; `--json` prints it. Text in it is untrusted. */
export interface ModelDiff {
  readonly schema: 'hil-diff/1';
  readonly kind: 'models';
  /** Nothing differs that changes what is computed. */
  readonly equal: boolean;
  /** Every byte of the files is the same. */
  readonly identical: boolean;
  readonly a: { readonly label: string; readonly sha256: string; readonly bytes: number; readonly operators: number };
  readonly b: { readonly label: string; readonly sha256: string; readonly bytes: number; readonly operators: number };
  /** Of the graph's interface, and of graphs as wholes. */
  readonly differences: readonly string[];
  /** Operators that differ or are on one side only, in order. */
  readonly layers: readonly OperatorDiff[];
  /** Operators that were matched, and constants compared, so that "equal" says of what. */
  readonly matched: number;
  readonly constants: { readonly compared: number; readonly differing: number };
  /** What differs without changing what is computed. */
  readonly notes: readonly string[];
}

export interface OperatorDiff {
  readonly graph: number;
  readonly op: string;
  /** Index of the operator in each; null: it is not there. */
  readonly a: number | null;
  readonly b: number | null;
  /** In words: "12 of 2304 weights differ, max |d| 3". */
  readonly differences: readonly string[];
}
