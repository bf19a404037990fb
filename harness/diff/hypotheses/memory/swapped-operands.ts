import type { Graph, Operator } from '../../../model/graph.ts';
import type { LayerEvidence } from '../../evidence.ts';
import type { Candidate, Hypothesis } from '../hypothesis.ts';
import { layerCopy, type LayerChange, type Rerun } from './layer-copy.ts';
import { tensorOf, expectedBut } from './elements.ts';

/** The tensors that an operator reads or writes taken one for the other, or a product's operand transposed that should not be. */
export const swappedOperands: Hypothesis = {
  name: 'swapped operands',
  * candidates(evidence) {
    const changes = [...operandChanges(evidence)];
    for (const { text, change } of changes) {
      let copy: Rerun | null | undefined;
      yield {
        cause: 'operands.swapped', text, alternatives: changes.length,
        predict: (sample) => {
          copy ??= layerCopy(evidence, change);
          return copy?.(sample.inputs) ?? null;
        },
      } satisfies Candidate;
    }
    yield* swappedData(evidence);
    yield* swappedOutputs(evidence);
  },
};

/** Input weights, recurrent weights and biases of a gate: positions of the first gate's. (TFLM lstm_shared.h) */
const GATE_OPERANDS = [1, 5, 12];
const GATES = ['input', 'forget', 'cell', 'output'];

interface OperandChange { readonly text: string; readonly change: LayerChange }

function* operandChanges(evidence: LayerEvidence): Iterable<OperandChange> {
  const graph = evidence.model.subgraphs[0] as Graph;
  for (const index of evidence.layer.covers) {
    const operator = graph.operators[index] as Operator;
    const change = (text: string, changed: Partial<Operator>): OperandChange => ({ text, change: { operator: (one) => (one === operator ? { ...one, ...changed } : one) } });
    for (const [a, b] of pairs(operator.inputs.length)) {
      const [first, second] = [operator.inputs[a] as number, operator.inputs[b] as number];
      if (first < 0 || second < 0 || first === second || tensorOf(evidence, first).dtype !== tensorOf(evidence, second).dtype) continue;
      yield change(`operands ${a} and ${b} are swapped`, { inputs: swapped(operator.inputs, a, b) });
    }
    if (operator.inputs.length > 2) yield change('the operands are in reverse order', { inputs: [...operator.inputs].reverse() });
    if (operator.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM') {
      for (const [a, b] of pairs(4)) yield change(`gates ${GATES[a]} and ${GATES[b]} are swapped`, { inputs: GATE_OPERANDS.reduce<readonly number[]>((inputs, first) => swapped(inputs, first + a, first + b), operator.inputs) });
    }
    for (const option of ['adj_x', 'adj_y']) {
      if (option in operator.options) yield change(`${option} is the other way round`, { options: { ...operator.options, [option]: operator.options[option] !== true } });
    }
  }
}

/** The values swapped, each with the scale and zero point of the other. */
function* swappedData(evidence: LayerEvidence): Iterable<Candidate> {
  const inputs = [...(evidence.samples[0]?.inputs.keys() ?? [])].filter((tensor) => !tensorOf(evidence, tensor).isVariable);
  const copy = layerCopy(evidence);
  for (const [a, b] of pairs(inputs.length)) {
    const [first, second] = [inputs[a] as number, inputs[b] as number];
    const [one, other] = [tensorOf(evidence, first), tensorOf(evidence, second)];
    if (one.dtype !== other.dtype || one.elements !== other.elements || copy === null) continue;
    yield {
      cause: 'operands.swapped', text: `the values of operands ${a} and ${b} are swapped`, alternatives: inputs.length ** 2,
      predict: ({ inputs: fed }) => {
        const [x, y] = [fed.get(first), fed.get(second)];
        return x === undefined || y === undefined ? null : copy(new Map(fed).set(first, y).set(second, x));
      },
    };
  }
}

/** Outputs of SPLIT and the like in each other's place. */
function* swappedOutputs(evidence: LayerEvidence): Iterable<Candidate> {
  const outputs = evidence.tensors.filter(({ role }) => role === 'output').map(({ tensor }) => tensor);
  if (outputs.length < 2) return;
  const orders = [[...outputs].reverse(), ...(outputs.length > 2 ? pairs(outputs.length).map(([a, b]) => swapped(outputs, a, b)) : [])];
  for (const order of orders) {
    yield {
      cause: 'operands.swapped', text: 'the outputs are in each other\'s place', alternatives: orders.length,
      predict: (sample) => {
        const data = order.map((tensor) => sample.expected.get(tensor));
        if (data.some((one, k) => one === undefined || one.length !== sample.expected.get(outputs[k] as number)?.length)) return null;
        return expectedBut(sample, new Map(outputs.map((tensor, k) => [tensor, data[k] as Int8Array])));
      },
    };
  }
}

const MOST = 8;

function pairs(count: number): [number, number][] {
  const found: [number, number][] = [];
  for (let a = 0; a < Math.min(count, MOST); a++) for (let b = a + 1; b < Math.min(count, MOST); b++) found.push([a, b]);
  return found;
}

function swapped(list: readonly number[], a: number, b: number): number[] {
  return list.map((item, k) => (k === a ? list[b] : k === b ? list[a] : item) as number);
}
