import type { DType, Quantisation } from '../graph.ts';
import { refusal } from '../bounded/refusal.ts';
import type { Table } from '../bounded/table.ts';
import { INTEGER_RANGE } from '../schema/dtypes.ts';

/**
 * QuantizationParameters of a tensor of this type and shape; null where it has no scale.
 * @throws model.invalid for scales that are not finite and positive, zero points out of the type's range, or counts that do not
 *   fit the channels; model.unsupported for block-wise and custom quantisation.
 */
export function readQuantisation(table: Table, dtype: DType, shape: readonly number[]): Quantisation | null {
  if (table.uint8(4, 'details_type') !== 0) {
    throw refusal('model.unsupported', table.offsetOf(4, 'details_type'), table.field('details'), 'custom or block-wise quantisation');
  }
  const scaleVector = table.vector(2, 'scale', 4);
  const zeroVector = table.vector(3, 'zero_point', 8);
  const scale = scaleVector?.float32s() ?? [];
  if (scaleVector === null || scale.length === 0) return null;
  scale.forEach((value, i) => {
    if (!(value > 0 && value < Infinity)) {
      throw refusal('model.invalid', scaleVector.start + 4 * i, `${scaleVector.field}[${i}]`, `a scale must be finite and greater than 0, not ${value}`);
    }
  });
  const stated = zeroVector?.int64s() ?? [];
  if (stated.length > 1 && stated.length !== scale.length) {
    throw refusal('model.invalid', zeroVector?.start ?? table.position, table.field('zero_point'), `${stated.length} zero points for ${scale.length} scales`);
  }
  const range = INTEGER_RANGE[dtype];
  stated.forEach((value, i) => {
    if (range !== undefined && (value < range[0] || value > range[1])) {
      throw refusal('model.invalid', (zeroVector?.start ?? 0) + 8 * i, `${table.field('zero_point')}[${i}]`, `${value} is outside ${dtype} (${range[0]} to ${range[1]})`);
    }
  });
  return { scale, zeroPoint: scale.map((_, i) => stated[i] ?? stated[0] ?? 0), axis: readAxis(table, scale.length, shape) };
}

/** The channel axis: it must exist, and have as many channels as there are scales where there are several. */
function readAxis(table: Table, scales: number, shape: readonly number[]): number {
  const axis = table.int32(6, 'quantized_dimension');
  if (axis < 0 || axis >= Math.max(1, shape.length)) {
    throw refusal('model.invalid', table.offsetOf(6, 'quantized_dimension'), table.field('quantized_dimension'), `${axis} is no axis of shape [${shape.join(', ')}]`);
  }
  if (scales === 1) return 0;
  if (shape[axis] !== scales) {
    throw refusal('model.invalid', table.offsetOf(6, 'quantized_dimension'), table.field('quantized_dimension'), `${scales} scales for axis ${axis} of shape [${shape.join(', ')}]`);
  }
  return axis;
}
