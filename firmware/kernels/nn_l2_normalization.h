/* nn_l2_normalization.h: L2_NORMALIZATION: rows divided by the root of the sum of their squares.
 *
 * int8 is value for value what TensorFlow Lite Micro computes in fixed point; results have scale 1/128.
 */
#ifndef NN_L2_NORMALIZATION_H
#define NN_L2_NORMALIZATION_H

#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_saturate.h"
#include "nn_sqrt.h"

/* 1 / sqrt(x) for x >= 0, times 2^7: five Newton steps in Q3.28, from 1. 0 counts as 1. */
static inline nn_requant nn_inverse_root_times_128(int32_t x)
{
  nn_requant result = {INT32_MAX, 7, 0};
  if (x <= 1) {
    return result;
  }
  int32_t power = 7 - 11;
  for (; x >= ((int32_t)1 << 29); x /= 4) {
    power--;
  }
  for (; x < ((int32_t)1 << 27); x *= 4) {
    power++;
  }
  const int32_t half = nn_shift_round(x >> 1, 1);
  int32_t y = (int32_t)1 << 28;
  for (int32_t step = 0; step < 5; step++) {
    const int32_t cube = nn_saturating_left(nn_mul_high(nn_mul_high(y, y), y), 6);
    y = nn_saturating_left(nn_mul_high((int32_t)3 << 27, y) - nn_mul_high(half, cube), 3);
  }
  result.multiplier = nn_mul_high(y, 1518500250); /* sqrt(1/2) */
  if (power > 7) { /* from the smallest sums TensorFlow Lite Micro shifts the multiplier instead */
    result.multiplier = (int32_t)((uint32_t)result.multiplier << (uint32_t)(power - 7));
    power = 7;
  }
  result.left = (uint8_t)(power > 0 ? power : 0);
  result.right = (uint8_t)(power < 0 ? -power : 0);
  return result;
}

/* input [rows][depth] -> output [rows][depth]; they may be the same buffer. */
static inline void nn_run_l2_normalization(int32_t rows, int32_t depth, int32_t zero_point, const int8_t *input, int8_t *output)
{
  for (int32_t row = 0; row < rows; row++) {
    int32_t sum = 0;
    for (int32_t i = 0; i < depth; i++) {
      const int32_t value = input[i] - zero_point;
      sum += value * value;
    }
    const nn_requant factor = nn_inverse_root_times_128(sum);
    for (int32_t i = 0; i < depth; i++) {
      *output++ = (int8_t)nn_clamp(nn_requantise(*input++ - zero_point, &factor), INT8_MIN, INT8_MAX);
    }
  }
}

static inline void nn_run_l2_normalization_float(int32_t rows, int32_t depth, const float *input, float *output)
{
  for (int32_t row = 0; row < rows; row++) {
    float sum = 0.0f;
    for (int32_t i = 0; i < depth; i++) {
      sum += input[i] * input[i];
    }
    const float root = nn_sqrt(sum);
    const float norm = root < 1e-6f ? 1e-6f : root;
    for (int32_t i = 0; i < depth; i++) {
      *output++ = *input++ / norm;
    }
  }
}

#endif
