/**
 * The table behind TFLM's int16 logistic and tanh: 256 values of sigmoid(i / 24) in 0.16 fixed point.
 * Source of the values: sigmoid_table_uint16 in tensorflow/lite/kernels/internal/common.h of tflite-micro, and arm_nntables.c of
 * CMSIS-NN (both Apache-2.0). 212 entries are round(65536 * sigmoid(i / 24)); the 44 below are one higher, which is why it is
 * kept as formula and exceptions. No entry is nearer than 0.001 to a tie, so every exp() gives the same table.
 */
const ONE_HIGHER: readonly number[] = [
  4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40, 41, 43, 44, 45, 46, 49, 50,
  54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
];

export const SIGMOID_TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, i) => Math.round(65536 / (1 + Math.exp(-i / 24))));
for (const i of ONE_HIGHER) SIGMOID_TABLE[i]!++;
