import type { Operator, Tensor } from '../model/graph.ts';
import type { LayerCode } from './context.ts';

/** A tensor that a layer shows to tap(), and where it is then. */
export interface NetworkTap {
  readonly tensor: Tensor;
  readonly role: 'output' | 'state';
  readonly pointer: string;
}

/** A function of the generated C: one operator, and those around it that have nothing to show. */
export interface NetworkLayer {
  /** In the order in which they run. */
  readonly operators: readonly Operator[];
  readonly code: LayerCode;
  /** Outputs, then copies, then state. At least one. */
  readonly taps: readonly NetworkTap[];
}

/**
 * Operators that show nothing (a handle, a first value that is set once) go into one layer with the next that does, at the end with
 * the last: a layer without a tap could not be compared, so it could never pass.
 */
export function joinHidden(layers: readonly NetworkLayer[]): NetworkLayer[] {
  const joined: NetworkLayer[] = [];
  let waiting: NetworkLayer[] = [];
  for (const layer of layers) {
    waiting.push(layer);
    if (layer.taps.length === 0) continue;
    joined.push(join(waiting));
    waiting = [];
  }
  const last = joined.pop();
  return last === undefined ? [] : [...joined, join([last, ...waiting])];
}

function join(layers: readonly NetworkLayer[]): NetworkLayer {
  const [only, second] = layers;
  if (only === undefined || second === undefined) return only as NetworkLayer;
  const codes = layers.map(({ code }) => code);
  const withCode = codes.filter(({ body }) => body.length > 0);
  return {
    operators: layers.flatMap(({ operators }) => operators),
    taps: layers.flatMap(({ taps }) => taps),
    code: {
      comment: codes.flatMap(({ comment }) => comment),
      // Bodies declare what they need under the same names: each is a block of its own.
      body: withCode.length === 1 ? (withCode[0] as LayerCode).body : withCode.flatMap(({ body }) => ['{', ...body.map((line) => `  ${line}`), '}']),
      state: codes.flatMap(({ state }) => state),
      headers: codes.flatMap(({ headers }) => headers),
      units: codes.flatMap(({ units = [] }) => units),
      hidden: codes.flatMap(({ hidden = [] }) => hidden),
    },
  };
}
