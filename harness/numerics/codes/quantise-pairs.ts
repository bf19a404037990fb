import type { DType } from '../../model/graph.ts';

/** Least and greatest code of the types that have some. */
export const CODE_RANGES: Readonly<Partial<Record<DType, readonly [least: number, greatest: number]>>> = {
  int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767], int32: [-(2 ** 31), 2 ** 31 - 1],
};

const TARGETS: Readonly<Partial<Record<DType, readonly DType[]>>> = {
  float32: ['int8', 'int16'], int8: ['int8', 'uint8', 'int16', 'int32'], uint8: ['int8'], int16: ['int8', 'int16', 'int32'], int32: ['int8', 'int16'],
};

/** Whether TFLM has a QUANTIZE from one type to the other. (TFLM micro/kernels/quantize_common.cc) */
export const isQuantisePair = (from: DType, to: DType): boolean => TARGETS[from]?.includes(to) === true;

/** All of them, for messages. */
export const QUANTISE_PAIRS: string = Object.entries(TARGETS).map(([from, to]) => `${from} to ${to.join(', ')}`).join('; ');
