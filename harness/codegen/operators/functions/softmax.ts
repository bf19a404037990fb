import { createHash } from 'node:crypto';
import type { Operator, Tensor } from '../../../model/graph.ts';
import { demandSoftmax8Output, EXP16_TABLE, exponentialsOf, RECIPROCAL16_TABLE, softmax16Factor, usedOf } from '../../../numerics/codes/index.ts';
import type { Exponentials } from '../../../numerics/codes/index.ts';
import { floatText, int32Text } from '../../constants.ts';
import type { EmitContext, LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { factorText } from '../../quantised.ts';
import { codesOf, supported } from '../code-form.ts';
import { elementPlan } from '../elements.ts';
import { inputTensor, int8Activation, need, outputTensor } from '../refusal.ts';

/** Greatest number of classes whose exponentials can be summed in Q12.19. */
export const MAX_DEPTH = 4095;

/** SOFTMAX over the last axis; see firmware/kernels/nn_softmax.h, nn_softmax16.h and nn_softmax_float.h. */
export const softmax: OperatorGenerator = {
  op: 'SOFTMAX',
  supports: 'int8 to int8 or int16, int16, float32; over the last axis',
  types: ['int8', 'int16', 'float32'],
  plan,
};

function plan(operator: Operator, { graph }: PlanContext): LayerPlan {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  need(input.elements === output.elements, 'input and output differ in size');
  const depth = input.shape.at(-1) ?? 0;
  const beta = Math.fround(Number(operator.options['beta'] ?? 1));
  need(depth >= 1, 'there is no class');
  switch (`${input.dtype} to ${output.dtype}`) {
    case 'int8 to int8': case 'int8 to int16': return int8(input, output, depth, beta);
    case 'int16 to int16': return int16(input, output, depth, beta);
    case 'float32 to float32': return float32(input, output, depth, beta);
    default: return need(false, `${input.dtype} to ${output.dtype}`) as never;
  }
}

/** The exponentials that can add to a sum, as a constant; equal tables are one array. */
export function exponentialTable({ constants }: EmitContext, exponentials: Exponentials): { symbol: string; count: number } {
  const used = exponentials.fine.subarray(0, usedOf(exponentials));
  const digest = createHash('sha256').update(Uint8Array.from(new Uint8Array(used.buffer, 0, used.byteLength))).digest('hex').slice(0, 8);
  const symbol = constants.addTable(`exp_${digest}`, 'int32_t', 'exp of minus 0, 1, 2, ... codes, Q0.31', Array.from(used, int32Text));
  return { symbol, count: used.length };
}

function int8(input: Tensor, output: Tensor, depth: number, beta: number): LayerPlan {
  need(depth <= MAX_DEPTH, `${depth} classes; 1 to ${MAX_DEPTH} are supported`);
  const { scale } = int8Activation(input, 'input');
  const isWide = output.dtype === 'int16';
  const exponentials = supported(() => {
    demandSoftmax8Output(codesOf(output, 'output'), isWide);
    return exponentialsOf(beta, scale);
  });
  return elementPlan(input, output, [`over rows of ${depth}, beta ${beta}`], (from, to, context) => {
    const { symbol, count } = exponentialTable(context, exponentials);
    return {
      body: [
        `static const nn_softmax layer = {.rows = ${input.elements / depth}, .depth = ${depth}, .exp = ${symbol}, .count = ${count}};`,
        `nn_run_softmax${isWide ? '_wide' : ''}(&layer, ${from}, ${to});`,
      ],
      headers: ['nn_softmax.h'],
    };
  });
}

function int16(input: Tensor, output: Tensor, depth: number, beta: number): LayerPlan {
  need(depth <= 65536, `${depth} classes; 1 to 65536 are supported`);
  const factor = supported(() => softmax16Factor(codesOf(input, 'input'), codesOf(output, 'output'), beta));
  return elementPlan(input, output, [`over rows of ${depth}, beta ${beta}`], (from, to, { constants }) => {
    const exp = constants.addTable('exp16', 'int16_t', 'exp over [-10, 0], Q0.15', Array.from(EXP16_TABLE, String));
    const reciprocal = constants.addTable('reciprocal16', 'int16_t', '1 / (1 + x) over [0, 1], Q0.15', Array.from(RECIPROCAL16_TABLE, String));
    return {
      body: [
        'static const nn_softmax16 layer = {',
        `  .rows = ${input.elements / depth}, .depth = ${depth}, .factor = ${factorText(factor)}, .exp = ${exp}, .reciprocal = ${reciprocal},`,
        '};',
        `nn_run_softmax16(&layer, ${from}, ${to});`,
      ],
      headers: ['nn_softmax16.h'],
    };
  });
}

function float32(input: Tensor, output: Tensor, depth: number, beta: number): LayerPlan {
  need(Number.isFinite(beta), 'beta is not finite');
  return elementPlan(input, output, [`over rows of ${depth}, beta ${beta}`], (from, to) => ({
    body: [`nn_run_softmax_float(${input.elements / depth}, ${depth}, ${floatText(beta)}, ${from}, ${to});`],
    headers: ['nn_softmax_float.h'],
  }));
}
