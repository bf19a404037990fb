import type { CaseReport } from '../report.ts';
import { differsAtAll } from './states.ts';

/** A row of the graph, in the order in which things are computed. */
export interface GraphNode {
  readonly kind: 'input' | 'layer' | 'output';
  /** Place in the case's `layers` or `outputs`; 0 for the input. */
  readonly at: number;
  /** Column, 0 at the left. */
  readonly lane: number;
  /** From the reference, forgiven or not. */
  readonly differs: boolean;
  /** It differs, and a tolerance forgives all of it. */
  readonly forgiven: boolean;
}

export interface GraphEdge {
  /** Rows. */
  readonly from: number;
  readonly to: number;
  /**
   * spreads: wrong values go in and wrong ones come out; forgiven: what comes out differs by no more than a tolerance forgives;
   * absorbed: wrong ones go in and right ones come out; clean: neither.
   */
  readonly error: 'clean' | 'absorbed' | 'forgiven' | 'spreads';
  /** On a way by which the error gets to an output of the model. */
  readonly toOutput: boolean;
}

export interface LayerGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly lanes: number;
}

/**
 * The layers with a row each, the model's input above and its outputs below. A value keeps its lane until it was read for
 * the last time, so that branches run beside each other and a line never passes through a layer.
 * An output belongs to the layer that shows a tensor of its name; one that no layer shows, to those that no layer reads.
 * Sources that are no earlier layer are left out. Uses nothing but its arguments and differsAtAll: its source goes into the page, too.
 */
export function layerGraph(one: Pick<CaseReport, 'layers' | 'outputs'>): LayerGraph {
  const { layers, outputs } = one;
  const fromInput = layers.some((layer) => layer.from.includes(-1));
  const errorOf = (part: { readonly mismatched: number; readonly maxAbsDiff: number | null }): { differs: boolean; forgiven: boolean } => ({ differs: differsAtAll(part), forgiven: part.mismatched === 0 && differsAtAll(part) });
  const rows: Omit<GraphNode, 'lane'>[] = [
    ...(fromInput ? [{ kind: 'input' as const, at: 0, differs: false, forgiven: false }] : []),
    ...layers.map((layer, at) => ({ kind: 'layer' as const, at, ...errorOf(layer) })),
    ...outputs.map((output, at) => ({ kind: 'output' as const, at, ...errorOf(output) })),
  ];
  const firstLayer = fromInput ? 1 : 0;
  const rowOf = new Map(layers.map((layer, at) => [layer.index, firstLayer + at]));
  if (fromInput) rowOf.set(-1, 0);
  const sources: number[][] = rows.map(() => []);
  layers.forEach((layer, at) => {
    const row = firstLayer + at;
    sources[row] = [...new Set(layer.from.flatMap((index) => rowOf.get(index) ?? []))].filter((source) => source < row);
  });
  const read = new Set(sources.flat());
  const ends = layers.map((_, at) => firstLayer + at).filter((row) => !read.has(row));
  outputs.forEach((output, o) => {
    const shows = layers.findLastIndex((layer) => layer.tensors.some((tensor) => tensor.role === 'output' && tensor.name === output.name));
    sources[firstLayer + layers.length + o] = shows >= 0 ? [firstLayer + shows] : ends;
  });
  const lastRead = rows.map((_, row) => row);
  sources.forEach((from, row) => { for (const source of from) lastRead[source] = Math.max(lastRead[source] ?? 0, row); });
  // A lane is free from the row on in which its value is read for the last time.
  const freeFrom: number[] = [];
  const laneOf: number[] = [];
  rows.forEach((_, row) => {
    const inherited = (sources[row] ?? []).filter((source) => lastRead[source] === row).map((source) => laneOf[source] ?? 0);
    const free = freeFrom.findIndex((until) => until <= row);
    const lane = inherited.length > 0 ? Math.min(...inherited) : free >= 0 ? free : freeFrom.length;
    laneOf[row] = lane;
    // What nobody reads keeps its lane for its own row.
    freeFrom[lane] = Math.max(lastRead[row] ?? row, row + 1);
  });
  const pairs = sources.flatMap((from, to) => from.map((source) => ({ from: source, to })));
  const spreads = (edge: { from: number; to: number }): boolean => rows[edge.from]?.differs === true && rows[edge.to]?.differs === true;
  const reaches = new Set(rows.flatMap((row, at) => (row.kind === 'output' && row.differs ? [at] : [])));
  for (let to = rows.length - 1; to >= 0; to--) {
    if (reaches.has(to)) for (const source of sources[to] ?? []) if (spreads({ from: source, to })) reaches.add(source);
  }
  return {
    nodes: rows.map((row, at) => ({ ...row, lane: laneOf[at] ?? 0 })),
    edges: pairs.map((edge) => ({ ...edge, error: spreads(edge) ? (rows[edge.to]?.forgiven === true ? 'forgiven' : 'spreads') : rows[edge.from]?.differs === true ? 'absorbed' : 'clean', toOutput: spreads(edge) && reaches.has(edge.to) })),
    lanes: freeFrom.length,
  };
}
