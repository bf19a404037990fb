/** How the product of two float32 scales is formed before it is divided by the output's. */
export type ScaleArithmetic = 'double' | 'float32-product' | 'float32';

/**
 * The real multiplier input * weight / output of a matrix product.
 * 'double': double(si) * double(sw) / double(so). 'float32-product': double(float32(si * sw)) / double(so), which is what TFLM's
 * GetQuantizedConvolutionMultipler did until October 2026. 'float32': both in float32, as XNNPACK does.
 * @param input weight output float32 scales held in numbers
 */
export function productMultiplier(input: number, weight: number, output: number, arithmetic: ScaleArithmetic): number {
  const product = input * weight;
  if (arithmetic === 'double') return product / output;
  const rounded = Math.fround(product) / output;
  return arithmetic === 'float32' ? Math.fround(rounded) : rounded;
}
