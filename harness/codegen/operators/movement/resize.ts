import type { Operator, Tensor } from '../../../model/graph.ts';
import { roundHalfAway } from '../../../numerics/index.ts';
import type { LayerPlan, OperatorGenerator, PlanContext } from '../../context.ts';
import { floatText } from '../../constants.ts';
import { describe, inputTensor, need, outputTensor } from '../refusal.ts';
import { pickedLayer } from './picked.ts';
import { constantOf, flag, needSameType, needShape, needType } from './read.ts';

const { fround } = Math;
const NEAREST = ['int8', 'int16', 'float32'];
const BILINEAR = ['int8', 'float32'];

/** The nearest pixel, found when the code is generated. */
export const resizeNearestNeighbor: OperatorGenerator = { op: 'RESIZE_NEAREST_NEIGHBOR', supports: `${NEAREST.join(', ')}; constant size`, types: NEAREST, plan: planNearest };

/** Between the four nearest pixels; see firmware/kernels/nn_resize_bilinear.h. */
export const resizeBilinear: OperatorGenerator = { op: 'RESIZE_BILINEAR', supports: `${BILINEAR.join(', ')}; constant size`, types: BILINEAR, plan: planBilinear };

interface Resize {
  readonly input: Tensor;
  readonly output: Tensor;
  readonly align: boolean;
  readonly half: boolean;
  readonly detail: string;
}

function read(operator: Operator, { graph }: PlanContext, types: readonly string[]): Resize {
  const input = inputTensor(graph, operator, 0);
  const output = outputTensor(graph, operator);
  needType(input, types);
  needSameType(input, output);
  const size = constantOf(graph, operator, 1, 'the size');
  need(input.shape.length === 4 && size.length === 2 && input.elements > 0 && output.elements > 0, 'input and output must be images [batch, height, width, channels]');
  needShape(output, [input.shape[0] as number, ...size, input.shape[3] as number]);
  const [align, half] = [flag(operator, 'align_corners'), flag(operator, 'half_pixel_centers')];
  return { input, output, align, half, detail: `  ${align ? 'corners aligned' : 'corners not aligned'}${half ? ', half pixel centers' : ''}` };
}

/** Pixels of the input over pixels of the output along an axis, and the number of the latter. */
function spans({ input, output, align }: Resize, axis: number): { readonly size: number; readonly count: number; readonly pixels: number; readonly steps: number } {
  const [size, count] = [input.shape[axis] as number, output.shape[axis] as number];
  return align && count > 1 ? { size, count, pixels: size - 1, steps: count - 1 } : { size, count, pixels: size, steps: count };
}

function planNearest(operator: Operator, context: PlanContext): LayerPlan {
  const resize = read(operator, context, NEAREST);
  const { input, output, align, half, detail } = resize;
  const all = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
  const table = (axis: number): number[] => {
    const { size, count, pixels, steps } = spans(resize, axis);
    const scale = fround(pixels / steps);
    return all(count).map((i) => {
      const position = fround(fround(half ? i + 0.5 : i) * scale);
      return Math.max(0, Math.min(size - 1, align ? roundHalfAway(position) : Math.floor(position)));
    });
  };
  return pickedLayer(input, output, [all(input.shape[0] as number), table(1), table(2), all(input.shape[3] as number)], detail);
}

function planBilinear(operator: Operator, context: PlanContext): LayerPlan {
  const resize = read(operator, context, BILINEAR);
  const { input, output, align, half, detail } = resize;
  need(!(align && half), 'align_corners and half_pixel_centers exclude each other');
  const [batches = 0, rows = 0, columns = 0, channels = 0] = input.shape;
  const arguments_ = input.dtype === 'int8' ? stepsOf(resize) : scalesOf(resize);
  return {
    scratchBytes: 0,
    emit: (emitted) => ({
      comment: [describe('input', input), describe('output', output), detail],
      body: [
        `static const nn_resize layer = {${[batches, rows, columns, channels, output.shape[1], output.shape[2]].join(', ')}};`,
        ...arguments_.lines,
        `nn_run_resize_bilinear${input.dtype === 'int8' ? '' : '_float'}(&layer, ${arguments_.text}, ${emitted.operand(input)}, ${emitted.pointer(output)});`,
      ],
      state: [], headers: ['nn_resize_bilinear.h'],
    }),
  };
}

interface Arguments {
  readonly lines: readonly string[];
  readonly text: string;
}

/** Positions of rows and columns in 1/1024 pixel. */
function stepsOf(resize: Resize): Arguments {
  const lines = [1, 2].map((axis) => {
    const { size, count, pixels, steps } = spans(resize, axis);
    const scale = Math.floor((1024 * pixels + Math.floor(steps / 2)) / steps);
    const start = resize.half ? Math.floor(scale / 2) - 512 : 0;
    need((count - 1) * scale + start < 1024 * size, `the scale of axis ${axis} is rounded up so far that TFLM reads outside the input`);
    return `static const nn_resize_steps ${axis === 1 ? 'rows' : 'columns'} = {${scale}, ${start}};`;
  });
  return { lines, text: '&rows, &columns' };
}

function scalesOf(resize: Resize): Arguments {
  const scales = [1, 2].map((axis) => {
    const { size, count, pixels, steps } = spans(resize, axis);
    const scale = fround(pixels / steps);
    const last = resize.half ? fround(fround(fround(count - 0.5) * scale) - 0.5) : fround(fround(count - 1) * scale);
    need(last < size, `the scale of axis ${axis} is rounded up so far that TFLM reads outside the input`);
    return floatText(scale);
  });
  return { lines: [], text: `${scales.join(', ')}, ${resize.half ? '0.5f' : '0.0f'}` };
}
