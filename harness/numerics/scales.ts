/** How the product of two float32 scales is formed before it is divided by the output's. */
export type ScaleArithmetic = 'double' | 'float32-product';

/**
 * The real multiplier input * weight / output of a matrix product.
 * 'double': double(si) * double(sw) / double(so). 'float32-product': double(float32(si * sw)) / double(so), which is what TFLM's
 * GetQuantizedConvolutionMultipler did until October 2026.
 * @param input weight output float32 scales held in numbers
 */
export function productMultiplier(input: number, weight: number, output: number, arithmetic: ScaleArithmetic): number {
  const product = input * weight;
  return (arithmetic === 'double' ? product : Math.fround(product)) / output;
}
