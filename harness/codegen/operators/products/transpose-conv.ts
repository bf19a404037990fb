import type { Tensor } from '../../../model/graph.ts';
import { windowAxis } from '../../../numerics/index.ts';
import type { EmitContext, OperatorGenerator } from '../../context.ts';
import { windowText } from '../../targets/portable/window.ts';
import { constantInts, inputTensor, need, optionalInput, outputTensor } from '../refusal.ts';
import { readArithmetic } from './arithmetic.ts';
import { pointers, productLines } from './sliding.ts';

/**
 * TRANSPOSE_CONV: for every output the inputs that reach it, in the order in which TFLM's kernels scatter them.
 * (TFLM micro/kernels/transpose_conv.cc; kernels/internal/reference/transpose_conv.h, integer_ops/transpose_conv.h)
 */
export const transposeConv: OperatorGenerator = {
  op: 'TRANSPOSE_CONV',
  supports: 'int8; int16 with int8 weights, int64 or constant int16 bias; float32; any stride; one weight scale or one a channel',
  types: ['int8', 'int16', 'float32'],
  plan: (operator, context) => {
    const { graph } = context;
    const [stated, weights, input, output] = [inputTensor(graph, operator, 0), inputTensor(graph, operator, 1), inputTensor(graph, operator, 2), outputTensor(graph, operator)];
    need(stated.data === null || constantInts(stated, 'output shape').join() === output.shape.join(), 'the output has not the stated shape');
    need([weights, input, output].every(({ shape }) => shape.length === 4 && Math.min(...shape) > 0), 'weights, input and output must have four dimensions, none of 0');
    const [channels = 0, kernelHeight = 0, kernelWidth = 0, depth = 0] = weights.shape;
    const [batches = 0, inputHeight = 0, inputWidth = 0] = input.shape;
    const [, outputHeight = 0, outputWidth = 0] = output.shape;
    need(input.shape[3] === depth && output.shape[3] === channels && output.shape[0] === batches, 'weights do not fit between input and output');
    const { padding, stride_h: strideHeight, stride_w: strideWidth } = operator.options as { padding: number; stride_h: number; stride_w: number };
    need(strideHeight > 0 && strideWidth > 0, 'strides must be positive');
    const rows = windowAxis(padding, outputHeight, kernelHeight, strideHeight);
    const columns = windowAxis(padding, outputWidth, kernelWidth, strideWidth);
    need(rows.outputSize === inputHeight && columns.outputSize === inputWidth, `the input is [${input.shape.join(', ')}], not [${batches}, ${rows.outputSize}, ${columns.outputSize}, ...]`);
    const given = optionalInput(graph, operator, 3);
    const bias = input.dtype === 'int16' && given?.dtype === 'int16' ? widened(given) : given;
    const operands = { operator, input, weights, bias, output, channels, channelAxis: 0, weightsZeroPoint: false };
    const arithmetic = readArithmetic(operands, context);
    const window = windowText({
      batches, inputHeight, inputWidth, inputChannels: depth, outputHeight, outputWidth, outputChannels: channels, kernelHeight, kernelWidth,
      strideHeight, strideWidth, dilationHeight: 1, dilationWidth: 1, padTop: rows.padBefore, padLeft: columns.padBefore,
    });
    const emit = (emitted: EmitContext) => ({
      comment: [...productLines({ ...operands, bias: given }), `  kernel ${kernelHeight}x${kernelWidth}, stride ${strideHeight}x${strideWidth}, padding ${rows.padBefore} above, ${columns.padBefore} to the left`],
      body: [
        `static const nn_transposed layer = ${window};`,
        arithmetic.define(emitted),
        `nn_run_transposed_${arithmetic.ending}(&layer, &product, ${pointers(operands, emitted).join(', ')});`,
      ],
      state: [],
      headers: [`nn_product_${arithmetic.ending}.h`],
    });
    return { scratchBytes: 0, emit };
  },
};

/** A constant int16 bias as int64, which the kernels make of it when they start. */
function widened(bias: Tensor): Tensor {
  need(bias.data !== null, 'an int16 bias must be constant');
  const from = new DataView(bias.data.buffer, bias.data.byteOffset, bias.data.byteLength);
  const data = new BigInt64Array(bias.elements).map((_, k) => BigInt(from.getInt16(2 * k, true)));
  return { ...bias, dtype: 'int64', data: new Uint8Array(data.buffer) };
}
