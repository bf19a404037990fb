import type { Defect } from './defect.ts';
import { accumulatorSaturates } from './accumulator-saturates.ts';
import { accumulatorWraps } from './accumulator-wraps.ts';
import { activationAtZero } from './activation-at-zero.ts';
import { activationMissing } from './activation-missing.ts';
import { activationSixCodes } from './activation-six-codes.ts';
import { activationUnlimited } from './activation-unlimited.ts';
import { batchRepeated } from './batch-repeated.ts';
import { batchUnwritten } from './batch-unwritten.ts';
import { bias16Bits } from './bias-16-bits.ts';
import { biasDoubled } from './bias-doubled.ts';
import { biasMissing } from './bias-missing.ts';
import { biasNegated } from './bias-negated.ts';
import { biasShifted } from './bias-shifted.ts';
import { bitStuckAtOne } from './bit-stuck-at-one.ts';
import { bitStuckAtZero } from './bit-stuck-at-zero.ts';
import { bytesReversed } from './bytes-reversed.ts';
import { channelsLate } from './channels-late.ts';
import { channelsRotated } from './channels-rotated.ts';
import { columnsLate } from './columns-late.ts';
import { concatenatedSwapped } from './concatenated-swapped.ts';
import { dilationIgnored } from './dilation-ignored.ts';
import { elementsReversed } from './elements-reversed.ts';
import { firstOutput } from './first-output.ts';
import { inputNchw } from './input-nchw.ts';
import { inputTransposed } from './input-transposed.ts';
import { kernelMirrored } from './kernel-mirrored.ts';
import { lastInputs } from './last-inputs.ts';
import { lastRowOfKernel } from './last-row-of-kernel.ts';
import { layerSkipped } from './layer-skipped.ts';
import { limitedToInt8 } from './limited-to-int8.ts';
import { lstmBiasDoubled } from './lstm-bias-doubled.ts';
import { lstmBiasMissing } from './lstm-bias-missing.ts';
import { lstmCellCleared } from './lstm-cell-cleared.ts';
import { lstmCellNotKept } from './lstm-cell-not-kept.ts';
import { lstmHiddenNotKept } from './lstm-hidden-not-kept.ts';
import { lstmRoundingSingle } from './lstm-rounding-single.ts';
import { lstmStateCleared } from './lstm-state-cleared.ts';
import { lstmStepsReversed } from './lstm-steps-reversed.ts';
import { lstmTableSteeper } from './lstm-table-steeper.ts';
import { lstmZeroPointInput } from './lstm-zero-point-input.ts';
import { mulRoundingFloat32 } from './mul-rounding-float32.ts';
import { mulRoundingFloor } from './mul-rounding-floor.ts';
import { mulRoundingMultiplier16 } from './mul-rounding-multiplier-16.ts';
import { mulRoundingNeon } from './mul-rounding-neon.ts';
import { operandZeroPointDoubled } from './operand-zero-point-doubled.ts';
import { operandZeroPointSecond } from './operand-zero-point-second.ts';
import { operandZeroPointSign } from './operand-zero-point-sign.ts';
import { operandZeroPoint } from './operand-zero-point.ts';
import { operandsOverlap } from './operands-overlap.ts';
import { operandsSwappedProduct } from './operands-swapped-product.ts';
import { operandsSwapped } from './operands-swapped.ts';
import { outputNchw } from './output-nchw.ts';
import { outputTransposed } from './output-transposed.ts';
import { outputWraps } from './output-wraps.ts';
import { padLeast } from './pad-least.ts';
import { padOtherSide } from './pad-other-side.ts';
import { padZero } from './pad-zero.ts';
import { paddingLeast } from './padding-least.ts';
import { paddingNone } from './padding-none.ts';
import { paddingSame } from './padding-same.ts';
import { paddingSide } from './padding-side.ts';
import { paddingZero } from './padding-zero.ts';
import { poolCountsAll } from './pool-counts-all.ts';
import { poolCut } from './pool-cut.ts';
import { poolDownwards } from './pool-downwards.ts';
import { poolInputNchw } from './pool-input-nchw.ts';
import { poolPaddingNone } from './pool-padding-none.ts';
import { poolPaddingSide } from './pool-padding-side.ts';
import { poolPaddingZero } from './pool-padding-zero.ts';
import { poolStrideIgnored } from './pool-stride-ignored.ts';
import { poolStrideSwapped } from './pool-stride-swapped.ts';
import { poolSumWraps } from './pool-sum-wraps.ts';
import { previousOutput } from './previous-output.ts';
import { roundingDouble } from './rounding-double.ts';
import { roundingEven } from './rounding-even.ts';
import { roundingFloat32Away } from './rounding-float32-away.ts';
import { roundingFloat32Even } from './rounding-float32-even.ts';
import { roundingFloat64 } from './rounding-float64.ts';
import { roundingFloor } from './rounding-floor.ts';
import { roundingMultiplier16 } from './rounding-multiplier-16.ts';
import { roundingNeon } from './rounding-neon.ts';
import { roundingSingle } from './rounding-single.ts';
import { roundingTowardsZero } from './rounding-towards-zero.ts';
import { rowsEarly } from './rows-early.ts';
import { rowsReversed } from './rows-reversed.ts';
import { scalesFirst } from './scales-first.ts';
import { scalesFloat32Product } from './scales-float32-product.ts';
import { scalesFloat32 } from './scales-float32.ts';
import { scalesShiftedBack } from './scales-shifted-back.ts';
import { scalesShifted } from './scales-shifted.ts';
import { scratchOverlaps } from './scratch-overlaps.ts';
import { sevenBitsWrapped } from './seven-bits-wrapped.ts';
import { sevenBits } from './seven-bits.ts';
import { softmaxBaseTwo } from './softmax-base-two.ts';
import { softmaxCoarseTable } from './softmax-coarse-table.ts';
import { stateNotReset } from './state-not-reset.ts';
import { strideIgnored } from './stride-ignored.ts';
import { strideSwapped } from './stride-swapped.ts';
import { sumActivationAtZero } from './sum-activation-at-zero.ts';
import { sumActivationMissing } from './sum-activation-missing.ts';
import { sumOutputWraps } from './sum-output-wraps.ts';
import { sumRoundingEven } from './sum-rounding-even.ts';
import { sumRoundingFloor } from './sum-rounding-floor.ts';
import { sumRoundingSingle } from './sum-rounding-single.ts';
import { sumZeroPointOutputSign } from './sum-zero-point-output-sign.ts';
import { sumZeroPointOutput } from './sum-zero-point-output.ts';
import { tableHardSigmoid } from './table-hard-sigmoid.ts';
import { tableRational } from './table-rational.ts';
import { tableZeroPoint } from './table-zero-point.ts';
import { transposeLeftOut } from './transpose-left-out.ts';
import { unwrittenChannels } from './unwritten-channels.ts';
import { unwrittenRow } from './unwritten-row.ts';
import { weightsChannelFirst } from './weights-channel-first.ts';
import { weightsColumnsFirst } from './weights-columns-first.ts';
import { weightsHwio } from './weights-hwio.ts';
import { weightsOihw } from './weights-oihw.ts';
import { weightsTransposed } from './weights-transposed.ts';
import { zeroPointInputDoubled } from './zero-point-input-doubled.ts';
import { zeroPointInputFolded } from './zero-point-input-folded.ts';
import { zeroPointInputSign } from './zero-point-input-sign.ts';
import { zeroPointInput } from './zero-point-input.ts';
import { zeroPointOutputDoubled } from './zero-point-output-doubled.ts';
import { zeroPointOutputSign } from './zero-point-output-sign.ts';
import { zeroPointOutput } from './zero-point-output.ts';
import { zeroPointWeights } from './zero-point-weights.ts';

/** Everything that is planted, each from a file of its own. */
export const DEFECTS: readonly Defect[] = [
  accumulatorSaturates, accumulatorWraps, activationAtZero, activationMissing, activationSixCodes,
  activationUnlimited, batchRepeated, batchUnwritten, bias16Bits, biasDoubled,
  biasMissing, biasNegated, biasShifted, bitStuckAtOne, bitStuckAtZero,
  bytesReversed, channelsLate, channelsRotated, columnsLate, concatenatedSwapped,
  dilationIgnored, elementsReversed, firstOutput, inputNchw, inputTransposed,
  kernelMirrored, lastInputs, lastRowOfKernel, layerSkipped, limitedToInt8,
  lstmBiasDoubled, lstmBiasMissing, lstmCellCleared, lstmCellNotKept, lstmHiddenNotKept,
  lstmRoundingSingle, lstmStateCleared, lstmStepsReversed, lstmTableSteeper, lstmZeroPointInput,
  mulRoundingFloat32, mulRoundingFloor, mulRoundingMultiplier16, mulRoundingNeon, operandZeroPointDoubled,
  operandZeroPointSecond, operandZeroPointSign, operandZeroPoint, operandsOverlap, operandsSwappedProduct,
  operandsSwapped, outputNchw, outputTransposed, outputWraps, padLeast,
  padOtherSide, padZero, paddingLeast, paddingNone, paddingSame,
  paddingSide, paddingZero, poolCountsAll, poolCut, poolDownwards,
  poolInputNchw, poolPaddingNone, poolPaddingSide, poolPaddingZero, poolStrideIgnored,
  poolStrideSwapped, poolSumWraps, previousOutput, roundingDouble, roundingEven,
  roundingFloat32Away, roundingFloat32Even, roundingFloat64, roundingFloor, roundingMultiplier16,
  roundingNeon, roundingSingle, roundingTowardsZero, rowsEarly, rowsReversed,
  scalesFirst, scalesFloat32Product, scalesFloat32, scalesShiftedBack, scalesShifted,
  scratchOverlaps, sevenBitsWrapped, sevenBits, softmaxBaseTwo, softmaxCoarseTable,
  stateNotReset, strideIgnored, strideSwapped, sumActivationAtZero, sumActivationMissing,
  sumOutputWraps, sumRoundingEven, sumRoundingFloor, sumRoundingSingle, sumZeroPointOutputSign,
  sumZeroPointOutput, tableHardSigmoid, tableRational, tableZeroPoint, transposeLeftOut,
  unwrittenChannels, unwrittenRow, weightsChannelFirst, weightsColumnsFirst, weightsHwio,
  weightsOihw, weightsTransposed, zeroPointInputDoubled, zeroPointInputFolded, zeroPointInputSign,
  zeroPointInput, zeroPointOutputDoubled, zeroPointOutputSign, zeroPointOutput, zeroPointWeights,
];
