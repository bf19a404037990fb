import { clamp } from '../fixed-point.ts';
import { roundHalfAway } from '../multiplier.ts';
import { demand } from './form.ts';
import type { CodeFunction } from './form.ts';

/** int8 by way of float32; exp is the correctly rounded one. (TFLM micro/kernels/elu.cc, PopulateLookupTable) */
export const elu8: CodeFunction = ({ input, output }) => {
  const f = Math.fround;
  const inverse = f(1 / output.scale);
  // Beyond int32 the C++ that this follows has no defined result.
  demand(f(f(input.scale * 255) * inverse) < 2 ** 31, `input scale ${input.scale} is too large for output scale ${output.scale}`);
  return (code) => {
    const x = f(input.scale * (code - input.zeroPoint));
    const y = x < 0 ? f(f(Math.exp(x)) - 1) : x;
    return clamp(Math.trunc(f(roundHalfAway(f(y * inverse)) + output.zeroPoint)), -128, 127);
  };
};
