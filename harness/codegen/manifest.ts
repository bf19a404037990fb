import { BYTES_PER_ELEMENT, type Tensor } from '../model/graph.ts';
import type { InterfaceTensor, ManifestLayer, NetworkManifest } from '../runtimes/manifest.ts';
import { hilVersion } from './kernels.ts';
import type { Network, NetworkState } from './network.ts';
import { bytesOfState } from './subgraph.ts';

interface Quantised { readonly scale: number | null; readonly zeroPoint: number | null }

const quantisationOf = (tensor: Tensor): Quantised => ({
  scale: tensor.quantisation?.scale[0] ?? null,
  zeroPoint: tensor.quantisation?.zeroPoint[0] ?? null,
});

const bytesOf = (tensor: Tensor): number => tensor.elements * BYTES_PER_ELEMENT[tensor.dtype];

function interfaceOf(tensor: Tensor): InterfaceTensor {
  const { index, name, dtype, shape } = tensor;
  return { tensor: index, name, dtype, shape, bytes: bytesOf(tensor), ...quantisationOf(tensor) };
}

function interfaceOfHidden(state: NetworkState): InterfaceTensor {
  const { name, dtype, shape } = state;
  return { tensor: null, name, dtype, shape, bytes: bytesOfState(state), scale: null, zeroPoint: null };
}

/**
 * What keeps float32 results the same on every core: no a * b + c in one rounding; and no vectors on cores with MVE, which takes
 * subnormal numbers for 0.
 */
export function floatFlags({ model, target }: Pick<Network, 'model' | 'target'>): string[] {
  if (model.subgraphs.every(({ tensors }) => tensors.every(({ dtype }) => dtype !== 'float32'))) return [];
  return ['-ffp-contract=off', ...(target.isa === 'helium' ? ['-fno-tree-vectorize'] : [])];
}

/** network.json of a generated network. */
export function manifestOf(network: Network): NetworkManifest {
  const { name, graph, plan, constants } = network;
  const layers = network.layers.map((layer, index): ManifestLayer => ({
    index,
    op: layer.operators.map((operator) => operator.name).join('+'),
    name: layer.taps[0]?.tensor.name ?? '',
    covers: layer.operators.map((operator) => operator.index),
    taps: layer.taps.map(({ tensor, role }) => ({
      tensor: tensor.index,
      role,
      dtype: tensor.dtype,
      shape: tensor.shape,
      bytes: bytesOf(tensor),
      ...quantisationOf(tensor),
      conversion: { kind: 'identity' },
    })),
  }));
  return {
    schema: 'hil-network/1',
    name,
    symbol: `${name}_network`,
    model: { sha256: network.model.sha256 },
    generator: { name: 'hil', version: hilVersion() },
    inputs: graph.inputs.map((index) => interfaceOf(network.tensor(index))),
    outputs: graph.outputs.map((index) => interfaceOf(network.tensor(index))),
    state: network.state.map((state) => (state.tensor === null ? interfaceOfHidden(state) : interfaceOf(state.tensor))),
    layers,
    memory: { arenaBytes: plan.arenaBytes, constantBytes: constants.bytes, stateBytes: network.stateBytes },
    build: {
      sources: [`${name}.c`, `${name}_weights.c`, `${name}_hil.c`],
      objects: [],
      libraries: [],
      includeDirs: ['.'],
      defines: {},
      flags: floatFlags(network),
      link: 'c',
    },
  };
}
