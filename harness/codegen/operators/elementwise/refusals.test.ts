import t from 'tap';
import { HilError } from '../../../errors.ts';
import { parseModel, type DType } from '../../../model/index.ts';
import { writeModel } from '../../../model/writer/index.ts';
import { prepareReference } from '../../../reference/index.ts';
import { generateC } from '../../index.ts';

type Of = readonly [dtype: DType, shape: readonly number[], scale?: number, zeroPoint?: number];

/** What the reference and the generator say of a graph of one operator. */
function refusals(op: string, operands: readonly Of[], output: Of, { options, divisor }: { options?: Record<string, number>; divisor?: readonly number[] } = {}): string[] {
  const tensor = (name: string, [dtype, shape, scale, zeroPoint = 0]: Of, data?: readonly number[]) =>
    ({ name, dtype, shape, ...(scale === undefined ? {} : { quantisation: { scale, zeroPoint } }), ...(data === undefined ? {} : { data }) });
  const names = operands.map((_, k) => `x${k}`);
  const model = parseModel(writeModel({
    tensors: [...operands.map((of, k) => tensor(`x${k}`, of, k === 1 ? divisor : undefined)), tensor('y', output)],
    operators: [{ op, inputs: names, outputs: ['y'], ...(options === undefined ? {} : { options }) }],
    inputs: divisor === undefined ? names : ['x0'],
    outputs: ['y'],
  }));
  return [() => prepareReference(model), () => generateC(model, { name: 'net' })].map((run) => {
    try {
      run();
      return 'not refused';
    } catch (error) {
      return error instanceof HilError && error.kind === 'config' ? error.message : String(error);
    }
  });
}

t.test('forms that TFLM does not compute are refused by the reference and by the generator', async (t) => {
  const int8 = (scale = 0.1, zeroPoint = 0): Of => ['int8', [4], scale, zeroPoint];
  const refused = (what: string, reason: RegExp, ...of: Parameters<typeof refusals>): void => {
    for (const message of refusals(...of)) t.match(message, reason, what);
  };
  refused('seven dimensions', /7 dimensions/, 'ADD', [['float32', [1, 1, 1, 1, 1, 1, 2]], ['float32', [2]]], ['float32', [1, 1, 1, 1, 1, 1, 2]]);
  refused('shapes that do not fit', /do not broadcast/, 'MUL', [['float32', [3]], ['float32', [2]]], ['float32', [3]]);
  refused('another output shape', /output has shape/, 'SUB', [['float32', [3]], ['float32', [1]]], ['float32', [1]]);
  refused('operands of two types', /int8 and int16/, 'ADD', [int8(), ['int16', [4], 0.1]], int8());
  refused('an output of another type', /output is int16/, 'MUL', [int8(), int8()], ['int16', [4], 0.1]);
  refused('an output scale that is too small', /output scale is too small/, 'ADD', [int8(), int8()], int8(1e-8));
  refused('the same for ADD_N', /output scale is too small/, 'ADD_N', [int8(), int8()], int8(1e-8));
  refused('ADD_N of two scales', /differ in scale/, 'ADD_N', [int8(), int8(0.2)], int8());
  refused('int16 with a zero point', /zero point 5/, 'SUB', [['int16', [4], 0.1, 5], ['int16', [4], 0.1]], ['int16', [4], 0.1]);
  refused('an activation that is no clamp', /fused activation 4/, 'ADD', [int8(), int8()], int8(), { options: { fused_activation_function: 4 } });
  refused('quantised int32', /quantised int32/, 'ADD', [['int32', [4], 0.1], ['int32', [4]]], ['int32', [4]]);
  refused('a comparison of scales from 1 on', /not below 1/, 'LESS', [int8(1), int8()], ['bool', [4]]);
  refused('int16 comparisons: TFLM leaves their factors unset', /operands are int16/, 'GREATER', [['int16', [4], 0.1], ['int16', [4], 0.1]], ['bool', [4]]);
  refused('quotients that TFLM shifts by more than 31', /undefined/, 'DIV', [int8(0.02), int8(0.1)], int8(0.1));
  refused('a constant divisor of 0', /constant divisor is 0/, 'DIV', [['int32', [4]], ['int32', [1]]], ['int32', [4]], { divisor: [0] });
  refused('the same in float32', /constant divisor is 0/, 'FLOOR_DIV', [['float32', [4]], ['float32', [1]]], ['float32', [4]], { divisor: [0] });
  t.same(refusals('ADD', [int8(), int8()], int8()), ['not refused', 'not refused']);
});
