import { BYTES_PER_ELEMENT, type Graph } from '../../model/index.ts';
import type { ManifestLayer, ManifestTap } from '../../runtimes/manifest.ts';
import { bytesOf, elementsOf, keyOf, badInput, type Dump, type DumpTensor } from './dump.ts';

/** What two dumps have of one operator: its outputs and the state that it keeps. `layer` is what own error is analysed by. */
export interface DumpLayer {
  readonly layer: ManifestLayer;
  readonly tensors: readonly DumpTensor[];
}

/** Tensors that both dumps have, inputs of the graph apart, and how many only one of them has. */
export interface CommonTensors {
  readonly inputs: readonly DumpTensor[];
  readonly others: readonly DumpTensor[];
  readonly onlyA: number;
  readonly onlyB: number;
}

/**
 * What of two dumps can be compared.
 * @throws HilError 'config' diff.model | diff.samples | diff.shape | diff.nothing where they do not fit together
 */
export function commonTensors(a: Dump, b: Dump): CommonTensors {
  if (a.sha256 !== b.sha256) throw badInput('model', `${a.label} and ${b.label} are dumps of different models (SHA-256 ${a.sha256.slice(0, 12)}... and ${b.sha256.slice(0, 12)}...)`, 'hil diff A.tflite B.tflite compares the models.');
  if (a.sequences.length !== b.sequences.length) throw badInput('samples', `${a.label} has ${a.sequences.length} sequences, ${b.label} has ${b.sequences.length}`);
  a.sequences.forEach((sequence, i) => {
    const other = b.sequences[i] as typeof sequence;
    if (sequence.samples !== other.samples) throw badInput('samples', `${a.label} has ${sequence.samples} samples, ${b.label} has ${other.samples}${sequence.name === '' ? '' : ` in ${sequence.name}`}`);
  });
  const inB = new Map(b.tensors.map((tensor) => [keyOf(tensor), tensor]));
  const common: DumpTensor[] = [];
  for (const tensor of a.tensors) {
    const other = inB.get(keyOf(tensor));
    if (other === undefined) continue;
    if (other.dtype !== tensor.dtype || other.shape.join() !== tensor.shape.join()) {
      throw badInput('shape', `tensor ${tensor.index} (${tensor.role}) is ${tensor.dtype} [${tensor.shape.join(', ')}] in ${a.label}, ${other.dtype} [${other.shape.join(', ')}] in ${b.label}`);
    }
    common.push(tensor);
  }
  const others = common.filter(({ role }) => role !== 'input');
  const elements = a.sequences.reduce((sum, { samples }) => sum + samples, 0) * others.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
  if (elements === 0) throw badInput('nothing', `nothing to compare: ${a.label} and ${b.label} have no element of an operator's output in common`);
  return { inputs: common.filter(({ role }) => role === 'input'), others, onlyA: a.tensors.length - common.length, onlyB: b.tensors.length - common.length };
}

/** The dumps' own word for which operator writes what, for a comparison without the model. */
export function layersOf(tensors: readonly DumpTensor[]): DumpLayer[] {
  const groups = new Map<number, DumpTensor[]>();
  for (const tensor of tensors) {
    const at = tensor.opIndex ?? -1;
    groups.set(at, [...(groups.get(at) ?? []), tensor]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([index, own]) => layerOf(index, own[0]?.op ?? '', own[0]?.name ?? '', own));
}

/**
 * One layer for each operator of the graph of which the dumps have something.
 * @throws HilError 'config' diff.shape where the dumps' tensors are not the model's
 */
export function layersOfGraph(tensors: readonly DumpTensor[], graph: Graph): DumpLayer[] {
  for (const { index, dtype, shape } of tensors) {
    const known = graph.tensors[index];
    if (known === undefined || known.dtype !== dtype || known.shape.join() !== shape.join() || BYTES_PER_ELEMENT[dtype] === 0) {
      throw badInput('shape', `tensor ${index} is ${dtype} [${shape.join(', ')}] in the dumps, ${known === undefined ? 'not there' : `${known.dtype} [${known.shape.join(', ')}]`} in the model`);
    }
  }
  const outputs = new Map(tensors.filter(({ role }) => role === 'output').map((tensor) => [tensor.index, tensor]));
  const states = new Map(tensors.filter(({ role }) => role === 'state').map((tensor) => [tensor.index, tensor]));
  return graph.operators.flatMap((operator) => {
    const own = [...operator.outputs.map((index) => outputs.get(index)), ...new Set(operator.inputs.map((index) => states.get(index)))].filter((tensor) => tensor !== undefined);
    const name = operator.name === 'CUSTOM' ? operator.customName : operator.name;
    return own.length === 0 ? [] : [layerOf(operator.index, name, graph.tensors[operator.outputs[0] ?? -1]?.name ?? '', own)];
  });
}

function layerOf(index: number, op: string, name: string, tensors: readonly DumpTensor[]): DumpLayer {
  const taps = tensors.map((tensor): ManifestTap => ({
    tensor: tensor.index, role: tensor.role === 'state' ? 'state' : 'output', dtype: tensor.dtype, shape: tensor.shape, bytes: bytesOf(tensor),
    scale: null, zeroPoint: null, conversion: { kind: 'identity' },
  }));
  return { layer: { index, op, name, covers: index < 0 ? [] : [index], taps }, tensors };
}
