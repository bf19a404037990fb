/**
 * Every cause that diagnosis can name, and what it means. The ids stand in reports; hypotheses give them, planted defects
 * (suites/planted) expect them. Several hypotheses may give the same cause.
 */
export const CAUSES = {
  'rounding.double': 'two roundings, the second with ties away from zero (TFLM as built) where the profile has another',
  'rounding.single': 'one rounding instead of two (SINGLE_ROUNDING builds of TFLM and CMSIS-NN)',
  'rounding.neon-double': 'two roundings, the second with ties upwards (Arm rounding shift)',
  'rounding.float64': 'requantised in float64, ties away from zero (LiteRT reference FULLY_CONNECTED)',
  'rounding.float32': 'requantised in float32, ties to even (XNNPACK) or away from zero',
  'rounding.nearest-even': 'fixed point, ties to even',
  'rounding.multiplier-16': 'a multiplier of 16 bits instead of 32',
  'rounding.truncation': 'the fraction is cut off instead of rounded',
  'scales.float32-product': 'the product of the scales was formed in float32',
  'scales.float32': 'product and quotient of the scales were formed in float32',
  'scales.per-tensor': 'one scale for all output channels instead of one each',
  'scales.shifted': "each output channel has another channel's scale",
  'bias.missing': 'the bias was left out',
  'bias.shifted': "each output channel has another channel's bias",
  'bias.doubled': 'the bias was added twice',
  'bias.negated': 'the bias was subtracted instead of added',
  'bias.narrow': 'the bias was cut to 16 bits',
  'zero-point.input': 'the zero point of an input was ignored',
  'zero-point.input-sign': 'the zero point of an input has the wrong sign',
  'zero-point.weights': 'the zero point of the weights was ignored',
  'zero-point.output': 'the zero point of the output was ignored',
  'zero-point.output-sign': 'the zero point of the output has the wrong sign',
  'zero-point.doubled': 'a zero point was applied twice',
  'padding.zero': 'padded with 0 instead of the zero point',
  'padding.value': 'padded with another code than 0 or the zero point',
  'padding.side': 'the odd element of the padding is on the other side',
  'padding.valid': 'SAME treated as VALID or VALID as SAME: the window starts elsewhere',
  'activation.missing': 'the activation was left out',
  'activation.bounds': 'the activation has wrong bounds',
  'output.wrapped': 'the result is not limited to its type and wraps around',
  'window.stride': 'a stride was ignored or rows and columns swapped',
  'window.dilation': 'the dilation was ignored',
  'window.flipped': 'the kernel was applied mirrored',
  'window.incomplete': 'the end of the window or of the channels is not summed',
  'layout.input': 'the input was read as NCHW, or transposed',
  'layout.weights': 'the weights were read in another order',
  'layout.output': 'the output was written as NCHW, or transposed',
  'offset.channel': 'values are off by whole channels',
  'offset.row': 'values are off by whole rows or columns',
  'operands.swapped': 'the operands were swapped',
  'accumulator.saturated': 'the accumulator saturates',
  'accumulator.wrapped': 'the accumulator is too narrow and wraps around',
  'table.other': 'another function or table than the reference has',
  'pool.count': 'the mean divides by another count than that of the taps inside the image',
  'pool.rounding': 'the mean is cut off or rounded otherwise',
  'memory.unwritten': 'elements were never written: they hold poison, or what lay there before',
  'memory.stale': 'the values of an earlier sample',
  'memory.overlap': 'the bytes of another tensor: buffers overlap',
  'memory.byte-order': 'the bytes of each value are in reverse order',
  'memory.stuck-bit': 'one bit is stuck',
  'memory.truncated-range': 'values are limited or wrapped to a narrower range than the type has',
  'state.cleared': 'the state is cleared at each invocation',
  'state.not-kept': 'the state of the step before was not used or not written back',
  'state.not-reset': 'the state of the sequence before was kept at a reset',
  'batch.ignored': 'batches after the first are wrong or repeat the first',
  'steps.order': 'time steps, rows or elements are processed in reverse or another order',
} as const satisfies Readonly<Record<string, string>>;

export type Cause = keyof typeof CAUSES;

/**
 * Causes that say in general what others say of one place: values that wrap around are those of a result that nothing limits. Where
 * one of the others explains as much, it is what happened, and the general one is not named.
 */
export const GENERAL: Readonly<Partial<Record<Cause, readonly Cause[]>>> = {
  'memory.truncated-range': ['activation.bounds', 'activation.missing', 'bias.narrow', 'output.wrapped'],
  'offset.row': ['batch.ignored'],
};
