import t from 'tap';
import type { LayerReport } from '../report.ts';
import { deepCase, diagnosedCase, diagnosedLayers, forgivenCase, TOLERANCES } from '../testing/diagnosed-reports.ts';
import { layer, output, tensor } from '../testing/sample-reports.ts';
import { layerGraph, type LayerGraph } from './graph.ts';
import { layerState } from './states.ts';

const net = (...from: readonly (readonly number[])[]): LayerReport[] =>
  from.map((sources, index) => layer({ index, from: sources, tensors: [tensor({ name: `t${index}` })] }));
const lanes = ({ nodes }: LayerGraph): number[] => nodes.map(({ lane }) => lane);

/** A line runs down the lane of its source to the row above its reader: none of these places may be another node's. */
function crossings({ nodes, edges }: LayerGraph): string[] {
  return edges.flatMap(({ from, to }) => nodes.flatMap((node, row) => (row > from && row < to && node.lane === nodes[from]?.lane ? [`${from}-${to} through ${row}`] : [])));
}

t.test('states', async (t) => {
  t.same(diagnosedLayers().map((one) => layerState(one, TOLERANCES)),
    ['equal', 'culprit', 'inherited', 'equal', 'inherited', 'equal', 'culprit', 'unknown', 'unknown', 'inherited']);
  const own = { compared: 9, mismatched: 2, maxAbsDiff: 1, samples: 1, first: null };
  t.equal(layerState(layer({ index: 5, own }), TOLERANCES), 'tolerated');
  t.equal(layerState(layer({ index: 4, own }), TOLERANCES), 'culprit', 'no tolerance is for it: two errors that cancel');
  t.equal(layerState(layer({ index: 5, own, mismatched: 2 }), TOLERANCES), 'culprit', 'more than is forgiven');
  t.equal(layerState(layer({ ran: 'not executed', mismatched: 1, own }), []), 'unrun');
  const forgiven = forgivenCase();
  t.same(forgiven.layers.map((one) => layerState(one, forgiven.tolerances)), ['equal', 'tolerated', 'forgiven', 'equal', 'forgiven']);
  t.equal(layerState(layer({ maxAbsDiff: Number.NaN }), TOLERANCES), 'forgiven', 'no number is a difference');
});

t.test('a chain is one lane, a branch another, and no line runs through a layer', async (t) => {
  t.same(lanes(layerGraph({ layers: net([-1], [0], [1]), outputs: [] })), [0, 0, 0, 0]);
  const skip = layerGraph({ layers: net([-1], [0], [1], [2, 0], [3]), outputs: [] });
  t.same(lanes(skip), [0, 0, 1, 1, 0, 0], 'what is skipped goes straight on');
  const inception = layerGraph({ layers: net([-1], [0], [0], [0], [0], [1, 2, 3, 4], [5]), outputs: [] });
  t.equal(inception.lanes, 4, 'four branches');
  for (const graph of [skip, inception, layerGraph(diagnosedCase()), layerGraph(deepCase())]) t.same(crossings(graph), []);
  const random = Array.from({ length: 120 }, (_, index) => (index === 0 ? [-1] : [...new Set([index - 1, (index * 7919) % index, (index * 104_729) % index])]));
  t.same(crossings(layerGraph({ layers: net(...random), outputs: [] })), [], 'a tangle');
});

t.test('sources that are no earlier layer are left out', async (t) => {
  const graph = layerGraph({ layers: net([5, 0, -7], [9, 0, 0]), outputs: [] });
  t.same(graph.edges.map(({ from, to }) => [from, to]), [[0, 1]]);
  t.same(graph.nodes.map(({ kind }) => kind), ['layer', 'layer'], 'nobody reads the input');
  t.same(layerGraph({ layers: [], outputs: [] }), { nodes: [], edges: [], lanes: 0 });
});

t.test('outputs: by name, else all ends', async (t) => {
  const layers = net([-1], [0], [0]);
  const edges = (names: readonly string[]): number[][] => layerGraph({ layers, outputs: names.map((name) => output({ name })) }).edges.filter(({ to }) => to > 3).map(({ from, to }) => [from, to]);
  t.same(edges(['t1', 't2']), [[2, 4], [3, 5]]);
  t.same(edges(['t0']), [[1, 4]], 'a layer that others read, too');
  t.same(edges(['renamed']), [[2, 4], [3, 4]]);
});

t.test('where the error spreads, where it is absorbed, and which way leads to an output', async (t) => {
  const { edges } = layerGraph(diagnosedCase());
  const of = (error: string): string[] => edges.filter((edge) => edge.error === error).map(({ from, to }) => `${from - 1}>${to - 1}`);
  t.same(of('spreads'), ['1>2', '2>4', '6>7', '7>9', '9>10']);
  t.same(of('absorbed'), ['4>5']);
  t.same(edges.filter(({ toOutput }) => toOutput).map(({ from, to }) => `${from - 1}>${to - 1}`), ['6>7', '7>9', '9>10'], 'what was absorbed leads nowhere');
});

t.test('what is forgiven goes on, and its way to the output is shown', async (t) => {
  const { nodes, edges } = layerGraph(forgivenCase());
  t.same(edges.map(({ from, to, error, toOutput }) => `${from - 1}>${to - 1} ${error}${toOutput ? ' to output' : ''}`).sort(),
    ['-1>0 clean', '0>1 clean', '1>2 forgiven to output', '1>3 absorbed', '2>4 forgiven to output', '3>4 clean', '4>5 forgiven to output']);
  t.same(nodes.map(({ forgiven }) => forgiven), [false, false, true, true, false, true, true]);
  const [first, , second] = forgivenCase().layers;
  if (first === undefined || second === undefined) throw new Error('no layer');
  const { edges: beyond } = layerGraph({ layers: [{ ...second, index: 0, from: [] }, { ...first, index: 1, from: [0], mismatched: 4 }], outputs: [] });
  t.same(beyond.map(({ error }) => error), ['spreads'], 'from what is forgiven to what is not');
});
