import t from 'tap';
import { generateC } from '../codegen/index.ts';
import { parseModel } from '../model/index.ts';
import { writeModel } from '../model/writer/index.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { layerSources } from './layer-sources.ts';
import { mainGraph } from './main-graph.ts';

const tensor = (name: string) => ({ name, dtype: 'int8' as const, shape: [1, 4], quantisation: { scale: 0.1, zeroPoint: 3 } });
/** x -> RELU -> a, a -> RELU6 -> b, a + x -> c, c + b -> y */
const model = parseModel(writeModel({
  tensors: ['x', 'a', 'b', 'c', 'y'].map(tensor),
  operators: [
    { op: 'RELU', inputs: ['x'], outputs: ['a'] }, { op: 'RELU6', inputs: ['a'], outputs: ['b'] },
    { op: 'ADD', inputs: ['a', 'x'], outputs: ['c'] }, { op: 'ADD', inputs: ['c', 'b'], outputs: ['y'] },
  ],
  inputs: ['x'], outputs: ['y'],
}));
const { manifest } = generateC(model, { name: 'n' });

t.test('branches', async (t) => {
  t.same(layerSources(manifest, mainGraph(model)), [[-1], [0], [-1, 0], [1, 2]]);
});

t.test('a layer that covers two operators, and an operator that no layer shows', async (t) => {
  const [first, , third, fourth] = manifest.layers as [NetworkManifest['layers'][0], unknown, NetworkManifest['layers'][0], NetworkManifest['layers'][0]];
  const fused = { ...manifest, layers: [{ ...first, covers: [0, 1] }, { ...third, index: 1 }, { ...fourth, index: 2 }] };
  t.same(layerSources(fused, mainGraph(model)), [[-1], [-1, 0], [0, 1]]);
  const hidden = { ...manifest, layers: [{ ...third, index: 0 }, { ...fourth, index: 1 }] };
  t.same(layerSources(hidden, mainGraph(model)), [[-1], [-1, 0]], 'what it reads comes from where the hidden one reads');
});
