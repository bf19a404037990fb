import type { GraphDescription, OperatorDescription, TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';

const q = { scale: 0.1, zeroPoint: 3 };
const int8 = (name: string, data?: number[]): TensorDescription => ({ name, dtype: 'int8', shape: [1, 3], quantisation: q, ...(data === undefined ? {} : { data }) });
const int32 = (name: string, data?: number[]): TensorDescription => ({ name, dtype: 'int32', shape: [1], ...(data === undefined ? {} : { data }) });
const flag = (name: string): TensorDescription => ({ name, dtype: 'bool', shape: [1] });
const handle = (name: string): TensorDescription => ({ name, dtype: 'resource', shape: [] });
const two = (op: string, a: string, b: string, to: string): OperatorDescription => ({ op, inputs: [a, b], outputs: [to] });
const varHandle = (output: string): OperatorDescription => ({ op: 'VAR_HANDLE', inputs: [], outputs: [output], options: { shared_name: 'v' } });
const read = (from: string, to: string): OperatorDescription => ({ op: 'READ_VARIABLE', inputs: [from], outputs: [to] });
const assign = (to: string, value: string): OperatorDescription => ({ op: 'ASSIGN_VARIABLE', inputs: [to, value], outputs: [] });
const ifOf = (condition: string, inputs: string[], outputs: string[], yes: number, no: number): OperatorDescription =>
  ({ op: 'IF', inputs: [condition, ...inputs], outputs, options: { then_subgraph_index: yes, else_subgraph_index: no } });
const whileOf = (inputs: string[], outputs: string[], test: number, body: number): OperatorDescription =>
  ({ op: 'WHILE', inputs, outputs, options: { cond_subgraph_index: test, body_subgraph_index: body } });

/** y = a <op> c, with a constant of its own under the same tensor index in every graph. */
const step = (op: string, values: number[]): GraphDescription => ({
  tensors: [int8('a'), int8('c', values), int8('y')], operators: [two(op, 'a', 'c', 'y')], inputs: ['a'], outputs: ['y'],
});
const unchanged: GraphDescription = { tensors: [int8('a')], operators: [], inputs: ['a'], outputs: ['a'] };
const constant: GraphDescription = { tensors: [int8('a'), int8('c', [1, 2, 3])], operators: [], inputs: ['a'], outputs: ['c'] };

const branches = (name: string, yes: GraphDescription, no: GraphDescription): OperatorCase => ({
  name: `if-${name}`, op: 'IF', samples: 4,
  inputs: [[[1], [1, 2, 3]], [[0], [1, 2, 3]], [[0], [-128, 127, 0]], [[1], [-128, 127, 0]]],
  model: {
    tensors: [flag('p'), int8('x'), int8('y'), int8('z')],
    operators: [ifOf('p', ['x'], ['y'], 1, 2), two('ADD', 'x', 'y', 'z')], inputs: ['p', 'x'], outputs: ['y', 'z'], subgraphs: [yes, no],
  },
});

/** Two values in, two out crosswise, through operators of two steps and scratch memory. */
const crosswise: GraphDescription = {
  tensors: [int8('a'), int8('b'), int8('s'), int8('m')], operators: [two('ADD', 'a', 'b', 's'), two('MAXIMUM', 's', 'a', 'm')], inputs: ['a', 'b'], outputs: ['m', 'a'],
};
const swapped: GraphDescription = { tensors: [int8('a'), int8('b')], operators: [], inputs: ['a', 'b'], outputs: ['b', 'a'] };

/** i < n */
const below: GraphDescription = {
  tensors: [int32('i'), int32('n'), int8('a'), flag('p')], operators: [two('LESS', 'i', 'n', 'p')], inputs: ['i', 'n', 'a'], outputs: ['p'],
};
/** i + 1, n, a + c */
const turn: GraphDescription = {
  tensors: [int32('i'), int32('n'), int8('a'), int32('one', [1]), int32('j'), int8('c', [1, -1, 10]), int8('b')],
  operators: [two('ADD', 'i', 'one', 'j'), two('ADD', 'a', 'c', 'b')], inputs: ['i', 'n', 'a'], outputs: ['j', 'n', 'b'],
};
const loop = (name: string, body: readonly GraphDescription[]): OperatorCase => ({
  name: `while-${name}`, op: 'WHILE', samples: 4,
  inputs: [[[0], [1, 2, 3]], [[5], [1, 2, 3]], [[1], [-128, 127, 0]], [[40], [-128, 127, 0]]],
  model: {
    tensors: [int32('start', [0]), int32('n'), int8('x'), int32('i'), int32('m'), int8('y'), int8('z')],
    operators: [two('ADD', 'x', 'x', 'z'), whileOf(['start', 'n', 'x'], ['i', 'm', 'y'], 1, 2)],
    inputs: ['n', 'x'], outputs: ['i', 'y', 'z'], subgraphs: [below, ...body],
  },
});

/** As `turn`, but adds in one of two ways: an IF inside a WHILE. */
const choosing: GraphDescription = {
  tensors: [int32('i'), int32('n'), int8('a'), int32('one', [1]), int32('j'), flag('p'), int8('b')],
  operators: [two('ADD', 'i', 'one', 'j'), two('LESS', 'j', 'n', 'p'), ifOf('p', ['a'], ['b'], 3, 4)], inputs: ['i', 'n', 'a'], outputs: ['j', 'n', 'b'],
};

/** As `turn`, and counts the turns of all invocations in a variable. */
const counting: GraphDescription = {
  ...turn,
  tensors: [...turn.tensors, handle('h'), int8('old'), int8('new')],
  operators: [...turn.operators, varHandle('h'), read('h', 'old'), two('ADD', 'old', 'c', 'new'), assign('h', 'new')],
};

/** A branch that remembers: the variable is read in the main graph. */
const remembers: OperatorCase = {
  name: 'if-variable-in-branch', op: 'IF', samples: 5,
  inputs: [[[1], [1, 2, 3]], [[0], [4, 5, 6]], [[1], [7, 8, 9]], [[0], [-128, 127, 0]], [[0], [0, 0, 0]]],
  model: {
    tensors: [flag('p'), int8('x'), int8('y'), handle('h'), int8('now')],
    operators: [varHandle('h'), ifOf('p', ['x'], ['y'], 1, 2), read('h', 'now')], inputs: ['p', 'x'], outputs: ['y', 'now'],
    subgraphs: [{ tensors: [int8('a'), handle('h'), int8('y')], operators: [varHandle('h'), assign('h', 'a'), two('ADD', 'a', 'a', 'y')], inputs: ['a'], outputs: ['y'] }, unchanged],
  },
};

/** A branch with a state tensor of its own, which stands still while the other branch runs. */
const stateful: GraphDescription = {
  tensors: [
    int8('a'), { name: 'feature', dtype: 'int8', shape: [3, 3], quantisation: { scale: 0.02 }, data: [100, -50, 3, 7, 90, -20, -1, 60, 127] },
    { name: 'time', dtype: 'int8', shape: [3, 2], quantisation: { scale: 0.01 }, data: [100, 90, 80, -70, 60, 50] }, { name: 'bias', dtype: 'int32', shape: [3], quantisation: { scale: 0.001 }, data: [10, -20, 30] },
    { name: 'state', dtype: 'int8', shape: [1, 6], quantisation: { scale: 0.1, zeroPoint: -4 }, isVariable: true }, int8('y'),
  ],
  operators: [{ op: 'SVDF', inputs: ['a', 'feature', 'time', 'bias', 'state'], outputs: ['y'], options: { rank: 1 } }], inputs: ['a'], outputs: ['y'],
};

const counted = loop('variable-in-body', [counting]);
const countedInMain: OperatorCase = {
  ...counted,
  model: { ...counted.model, tensors: [...counted.model.tensors, handle('h'), int8('turns')], operators: [...counted.model.operators, varHandle('h'), read('h', 'turns')], outputs: ['i', 'y', 'turns'] },
};

export const flow: readonly OperatorCase[] = [
  branches('add-or-sub', step('ADD', [1, 20, -30]), step('SUB', [4, 5, 6])),
  branches('unchanged', unchanged, step('ADD', [100, 100, -100])),
  branches('constant', step('ADD', [1, 1, 1]), constant),
  {
    name: 'if-crosswise', op: 'IF', samples: 4,
    inputs: [[[1], [1, 2, 3], [4, 5, 6]], [[0], [1, 2, 3], [4, 5, 6]], [[0], [-128, 127, 0], [9, 9, 9]], [[1], [-128, 127, 0], [9, 9, 9]]],
    model: {
      tensors: [flag('p'), int8('a'), int8('b'), int8('c'), int8('d')], operators: [ifOf('p', ['a', 'b'], ['c', 'd'], 1, 2)], inputs: ['p', 'a', 'b'], outputs: ['c', 'd'],
      subgraphs: [crosswise, swapped],
    },
  },
  {
    name: 'if-one-graph-twice', op: 'IF', samples: 4,
    inputs: [[[1], [1, 2, 3]], [[0], [1, 2, 3]], [[0], [-128, 127, 0]], [[1], [-128, 127, 0]]],
    model: {
      tensors: [flag('p'), int8('x'), int8('y'), int8('z')], operators: [ifOf('p', ['x'], ['y'], 1, 2), ifOf('p', ['y'], ['z'], 2, 1)], inputs: ['p', 'x'], outputs: ['z'],
      subgraphs: [step('ADD', [1, 20, -30]), step('SUB', [4, 5, 6])],
    },
  },
  remembers,
  branches('state-in-branch', stateful, step('ADD', [1, 20, -30])),
  loop('add', [turn]),
  loop('if-inside', [choosing, step('ADD', [1, 20, -30]), step('SUB', [4, 5, 6])]),
  countedInMain,
];
