import type { DType } from '../../../../harness/model/index.ts';
import type { GraphDescription, OperatorDescription, TensorDescription } from '../../../../harness/model/writer/index.ts';
import type { OperatorCase } from '../../case.ts';

const handle = (name: string): TensorDescription => ({ name, dtype: 'resource', shape: [] });
const varHandle = (name: string, output: string): OperatorDescription => ({ op: 'VAR_HANDLE', inputs: [], outputs: [output], options: { shared_name: name } });
const read = (from: string, to: string): OperatorDescription => ({ op: 'READ_VARIABLE', inputs: [from], outputs: [to] });
const assign = (to: string, value: string): OperatorDescription => ({ op: 'ASSIGN_VARIABLE', inputs: [to, value], outputs: [] });

const SAMPLES = 4;

/** The output is the input of the sample before. */
function delay(dtype: DType, zeroPoint: number | null): OperatorCase {
  const tensor = (name: string): TensorDescription => ({ name, dtype, shape: [1, 5], ...(zeroPoint === null ? {} : { quantisation: { scale: 0.1, zeroPoint } }) });
  return {
    name: `read-variable-delay-${dtype}${zeroPoint === null ? '' : `-${zeroPoint}`}`, op: 'READ_VARIABLE', samples: SAMPLES,
    model: {
      tensors: [tensor('x'), handle('h'), tensor('y')],
      operators: [varHandle('v', 'h'), read('h', 'y'), assign('h', 'x')],
      inputs: ['x'], outputs: ['y'],
    },
  };
}

const q = { scale: 0.1, zeroPoint: 3 };
const int8 = (name: string, data?: number[]): TensorDescription => ({ name, dtype: 'int8', shape: [1, 3], quantisation: q, ...(data === undefined ? {} : { data }) });
const add = (a: string, b: string, sum: string): OperatorDescription => ({ op: 'ADD', inputs: [a, b], outputs: [sum] });

/** v := x + v, shown as the output; first value from `subgraphs` where there are any. */
const accumulate = (before: readonly OperatorDescription[], subgraphs: readonly GraphDescription[]): OperatorCase['model'] => ({
  tensors: [int8('x'), handle('h'), int8('old'), int8('y')],
  operators: [...before, varHandle('v', 'h'), read('h', 'old'), add('x', 'old', 'y'), assign('h', 'y')],
  inputs: ['x'], outputs: ['y'], subgraphs,
});

const init = (values: number[]): GraphDescription => ({
  tensors: [handle('h'), int8('c', values)], operators: [varHandle('v', 'h'), assign('h', 'c')], inputs: [], outputs: [],
});

/** Two variables that change places, read again after they are written. */
const swap: OperatorCase['model'] = {
  tensors: [int8('x'), handle('h'), handle('k'), int8('a'), int8('b'), int8('y'), int8('again')],
  operators: [varHandle('v', 'h'), varHandle('w', 'k'), read('h', 'a'), read('k', 'b'), assign('k', 'a'), assign('h', 'x'), add('a', 'b', 'y'), read('h', 'again')],
  inputs: ['x'], outputs: ['y', 'again'],
};

/** The last operator has nothing to show: a constant goes into the variable for the next invocation. */
const constantLast: OperatorCase['model'] = {
  tensors: [int8('x'), handle('h'), int8('old'), int8('y'), int8('c', [9, -9, 99])],
  operators: [varHandle('v', 'h'), read('h', 'old'), add('x', 'old', 'y'), assign('h', 'c')],
  inputs: ['x'], outputs: ['y'],
};

export const variables: readonly OperatorCase[] = [
  ...[0, 7, -128, 127].map((zeroPoint) => delay('int8', zeroPoint)),
  ...[0, 5].map((zeroPoint) => delay('int16', zeroPoint)),
  delay('float32', null), delay('int32', null), delay('bool', null), delay('int64', null),
  { name: 'assign-variable-accumulate', op: 'ASSIGN_VARIABLE', samples: SAMPLES, model: accumulate([], []) },
  { name: 'assign-variable-swap', op: 'ASSIGN_VARIABLE', samples: SAMPLES, model: swap },
  { name: 'assign-variable-constant', op: 'ASSIGN_VARIABLE', samples: SAMPLES, model: constantLast },
  {
    name: 'call-once-first-values', op: 'CALL_ONCE', samples: SAMPLES,
    model: accumulate([{ op: 'CALL_ONCE', inputs: [], outputs: [], options: { init_subgraph_index: 1 } }], [init([10, -20, 30])]),
  },
];
