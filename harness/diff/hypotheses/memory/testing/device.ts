import { parseModel, type Graph } from '../../../../model/index.ts';
import { writeModel, type ModelDescription } from '../../../../model/writer/index.ts';
import { prepareReference, type ReferenceRunner, type TensorData } from '../../../../reference/index.ts';
import { seededIntegers } from '../../../../reference/fixtures/random.ts';
import type { LayerEvidence, LayerSample } from '../../../evidence.ts';
import { explain } from '../../../explain.ts';
import { memory } from '../index.ts';

export type Tensors = Map<number, TensorData>;

/** What a device of a test sees of one sample, by tensor name, and may change. Typed as int8, though an int16 tensor comes as int16. */
export interface Seen {
  readonly k: number;
  input(name: string): Int8Array;
  expected(name: string): Int8Array;
  /** What it showed of this tensor in an earlier sample; null where there was none. */
  earlier(name: string, back?: number): Int8Array | null;
}

export interface Bench {
  readonly model: ModelDescription;
  readonly samples?: number;
  readonly seed?: number;
  /** The operator that is the layer, default the last. */
  readonly operator?: number;
  readonly poison?: number | null;
  /** Inputs instead of random ones. */
  readonly inputs?: (k: number, name: string, length: number) => ArrayLike<number>;
  /** What the device shows instead of the right values of its layer, by tensor name. */
  readonly device: (seen: Seen) => Readonly<Record<string, TensorData>>;
}

/** Runs a model in the reference, lets `device` spoil one layer, and gives what a run would keep of that: state carries on from what it showed. */
export function evidenceFrom({ model: description, samples: count = 5, seed = 7, operator, poison = 0xa5, inputs, device }: Bench): LayerEvidence {
  const model = parseModel(writeModel(description));
  const graph = model.subgraphs[0] as Graph;
  const layer = operator ?? graph.operators.length - 1;
  const runner = prepareReference(model);
  runner.reset();
  const next = seededIntegers(seed);
  const all: LayerSample[] = [];
  const indexOf = (name: string): number => description.tensors.findIndex((tensor) => tensor.name === name);
  for (let k = 0; k < count; k++) {
    for (const tensor of graph.inputs) feed(runner, tensor, inputs?.(k, graph.tensors[tensor]?.name ?? '', graph.tensors[tensor]?.elements ?? 0) ?? random(graph, tensor, next));
    all.push(oneSample(runner, layer, k, all, indexOf, device));
  }
  const isWrong = ({ got, expected }: LayerSample): boolean => [...got].some(([tensor, data]) => String(data) !== String(expected.get(tensor)));
  const { outputs, name, inputs: read } = graph.operators[layer]!;
  const states = read.filter((tensor) => graph.tensors[tensor]?.isVariable);
  return {
    model, profile: 'tflm', layer: { index: layer, op: name, covers: [layer] },
    tensors: [...outputs.map((tensor) => ({ tensor, role: 'output' as const })), ...states.map((tensor) => ({ tensor, role: 'state' as const }))],
    samples: all.filter(isWrong), clean: all.filter((sample) => !isWrong(sample)).slice(0, 2), poison,
  };
}

function oneSample(runner: ReferenceRunner, layer: number, k: number, before: readonly LayerSample[], indexOf: (name: string) => number, device: Bench['device']): LayerSample {
  const { graph } = runner;
  const operator = graph.operators[layer]!;
  const copy = (tensor: number): TensorData => runner.tensors[tensor]!.slice();
  for (let i = 0; i < layer; i++) runner.runOperator(i);
  const read = operator.inputs.filter((tensor) => tensor >= 0 && graph.tensors[tensor]?.data === null);
  const shownTensors = [...operator.outputs, ...read.filter((tensor) => graph.tensors[tensor]?.isVariable)];
  const inputs = new Map(read.map((tensor) => [tensor, copy(tensor)]));
  runner.runOperator(layer);
  const expected = new Map(shownTensors.map((tensor) => [tensor, copy(tensor)]));
  const earlier = before.slice(-3).reverse().map(({ got }) => got);
  const spoilt = device({
    k, input: (name) => inputs.get(indexOf(name))!.slice() as Int8Array, expected: (name) => expected.get(indexOf(name))!.slice() as Int8Array,
    earlier: (name, back = 1) => earlier[back - 1]?.get(indexOf(name))?.slice() as Int8Array | undefined ?? null,
  });
  const got = new Map(expected);
  for (const [name, data] of Object.entries(spoilt)) got.set(indexOf(name), data);
  for (const tensor of shownTensors) if (graph.tensors[tensor]?.isVariable) (runner.tensors[tensor] as Int8Array).set(got.get(tensor) as Int8Array);
  const others = new Map([...graph.inputs, ...graph.operators.slice(0, layer).flatMap(({ outputs }) => outputs)].map((tensor) => {
    const data = copy(tensor);
    return [tensor, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)] as const;
  }));
  return { at: { sequence: 's', sample: k, step: k }, inputs, got, expected, earlier, others };
}

function feed(runner: ReferenceRunner, tensor: number, values: ArrayLike<number>): void {
  (runner.tensors[tensor] as Int8Array).set(values);
}

function random(graph: Graph, tensor: number, next: (least: number, greatest: number) => number): number[] {
  const { elements, dtype } = graph.tensors[tensor]!;
  const span = dtype === 'int16' ? 30000 : 127;
  return Array.from({ length: elements }, () => next(-span, span));
}

/** Causes that the whole of this part of the catalogue finds, each once. */
export function causesOf(evidence: LayerEvidence): string[] {
  return explain(evidence, { hypotheses: memory }).map(({ cause }) => cause);
}

/** A layer of the same kind with other constants or options, as another program would compute it: the independent device of a test. */
export function otherModel(description: ModelDescription, inputs: Readonly<Record<string, ArrayLike<number>>>, output: string): Int8Array {
  const runner = prepareReference(parseModel(writeModel(description)), 'tflm', 'plain');
  runner.reset();
  for (const [name, data] of Object.entries(inputs)) feed(runner, description.tensors.findIndex((tensor) => tensor.name === name), data);
  runner.invoke();
  return runner.tensors[description.tensors.findIndex((tensor) => tensor.name === output)]!.slice() as Int8Array;
}
