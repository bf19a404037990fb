import { HilError } from '../errors.ts';
import { BYTES_PER_ELEMENT, type Model, type Tensor } from '../model/graph.ts';
import type { InterfaceTensor, ManifestTap, NetworkManifest } from './manifest.ts';
import { isDeviceType } from './representation.ts';

/**
 * Checks that a manifest describes this model: hash, interfaces, what the layers cover, and that every tap can be compared
 * with its tensor. A wrong entry would otherwise compare the wrong things and call them equal, or blame a healthy layer.
 *
 * @throws HilError config with facts.path, the JSON path of the entry
 */
export function checkManifest(manifest: NetworkManifest, model: Model): void {
  const graph = model.subgraphs[0];
  if (graph === undefined) throw new HilError('config', 'runtimes.model', 'The model has no subgraph.');
  if (manifest.model.sha256 !== model.sha256) {
    refuse('/model/sha256', 'it was made from another model', { expected: model.sha256, got: manifest.model.sha256 });
  }
  const tensorAt = (path: string, index: number): Tensor => graph.tensors[index] ?? refuse(path, `the model has no tensor ${index}`, { tensors: graph.tensors.length });

  const ports = (kind: 'inputs' | 'outputs', expected: readonly number[]): void => {
    const list = manifest[kind];
    if (list.length !== expected.length) refuse(`/${kind}`, `the model has ${expected.length} ${kind}, not ${list.length}`);
    list.forEach((port, slot) => {
      const path = `/${kind}/${slot}`;
      checkBytes(path, port);
      if (port.tensor === null) return checkOwnBuffer(path, port, tensorAt(path, expected[slot] as number));
      if (port.tensor !== expected[slot]) refuse(`${path}/tensor`, `${kind} ${slot} of the model is tensor ${expected[slot]}, not ${port.tensor}`);
      checkPort(path, port, tensorAt(path, port.tensor));
    });
  };
  ports('inputs', graph.inputs);
  ports('outputs', graph.outputs);
  manifest.state.forEach((port, slot) => {
    const path = `/state/${slot}`;
    checkBytes(path, port);
    if (port.tensor === null) return;
    const tensor = tensorAt(path, port.tensor);
    if (!tensor.isVariable) refuse(`${path}/tensor`, `tensor ${port.tensor} is no state of the model`);
    checkPort(path, port, tensor);
  });

  manifest.layers.forEach((layer, index) => {
    const path = `/layers/${index}`;
    if (layer.index !== index) refuse(`${path}/index`, `layers are numbered 0, 1, 2, ...: expected ${index}, not ${layer.index}`);
    layer.covers.forEach((operator, i) => {
      if (operator >= graph.operators.length) refuse(`${path}/covers/${i}`, `the model has no operator ${operator}`);
    });
    // One without outputs writes a variable, and shows what it wrote.
    const computed = new Set(layer.covers.flatMap((operator) => { const { inputs = [], outputs = [] } = graph.operators[operator] ?? {}; return outputs.length > 0 ? outputs : inputs; }));
    const shown = new Set<number>();
    layer.taps.forEach((tap, i) => {
      const tapPath = `${path}/taps/${i}`;
      checkBytes(tapPath, tap);
      if (tap.tensor === null) return;
      if (shown.has(tap.tensor)) refuse(`${tapPath}/tensor`, `the layer shows tensor ${tap.tensor} twice`);
      shown.add(tap.tensor);
      checkTap(tapPath, tap, tensorAt(`${tapPath}/tensor`, tap.tensor));
      // Else an error in it would be laid to whoever computes what these operators read.
      if (tap.role === 'output' && layer.covers.length > 0 && !computed.has(tap.tensor)) refuse(`${tapPath}/tensor`, `tensor ${tap.tensor} is no output of the operators that the layer covers (${layer.covers.join(', ')})`);
    });
  });
}

function checkBytes(path: string, entry: Pick<InterfaceTensor, 'shape' | 'dtype' | 'bytes'>): void {
  const expected = entry.shape.reduce((product, dimension) => product * dimension, 1) * BYTES_PER_ELEMENT[entry.dtype];
  if (entry.bytes !== expected) refuse(`${path}/bytes`, `shape and type make ${expected} bytes, not ${entry.bytes}`);
}

/** The samples are written and read as raw codes, so an interface is of the tensor's type and quantisation. */
function checkPort(path: string, port: InterfaceTensor, tensor: Tensor): void {
  checkShape(path, port.shape, tensor);
  if (port.dtype !== tensor.dtype) refuse(`${path}/dtype`, `tensor ${tensor.index} is ${tensor.dtype}, not ${port.dtype}`);
  const scale = tensor.quantisation?.scale[0] ?? null;
  const zeroPoint = tensor.quantisation?.zeroPoint[0] ?? null;
  if (port.scale !== scale) refuse(`${path}/scale`, `tensor ${tensor.index} has scale ${scale}, not ${port.scale}`);
  if (port.zeroPoint !== zeroPoint) refuse(`${path}/zeroPoint`, `tensor ${tensor.index} has zero point ${zeroPoint}, not ${port.zeroPoint}`);
}

/** A buffer of the generator's own still takes and gives the raw codes of the model's tensor. */
function checkOwnBuffer(path: string, port: InterfaceTensor, tensor: Tensor): void {
  if (port.dtype !== tensor.dtype) refuse(`${path}/dtype`, `tensor ${tensor.index} of the model is ${tensor.dtype}, not ${port.dtype}`);
  const bytes = tensor.elements * BYTES_PER_ELEMENT[tensor.dtype];
  if (port.bytes !== bytes) refuse(`${path}/bytes`, `tensor ${tensor.index} of the model has ${bytes}, not ${port.bytes}`);
}

function checkTap(path: string, tap: ManifestTap, tensor: Tensor): void {
  checkShape(path, tap.shape, tensor);
  if (tensor.data !== null) refuse(`${path}/tensor`, `tensor ${tensor.index} is a constant, so there is nothing to compare`);
  if (tap.role === 'state' && !tensor.isVariable) refuse(`${path}/role`, `tensor ${tensor.index} is no state of the model`);
  if (tap.conversion.kind === 'identity') {
    if (tap.dtype !== tensor.dtype) refuse(`${path}/dtype`, `tensor ${tensor.index} is ${tensor.dtype}, which ${tap.dtype} can't be without a conversion`);
    return;
  }
  if (!isDeviceType(tap.dtype)) refuse(`${path}/dtype`, `values of type ${tap.dtype} can't be converted`);
}

function checkShape(path: string, shape: readonly number[], tensor: Tensor): void {
  if (shape.length !== tensor.shape.length || shape.some((dimension, i) => dimension !== tensor.shape[i])) {
    refuse(`${path}/shape`, `tensor ${tensor.index} is [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`);
  }
}

function refuse(path: string, reason: string, facts: Record<string, unknown> = {}): never {
  throw new HilError('config', 'runtimes.manifest', `The network's manifest does not fit the model: ${path}: ${reason}.`, { facts: { path, reason, ...facts } });
}
