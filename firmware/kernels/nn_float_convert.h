/* nn_float_convert.h: float32 to integers, defined for every value: what does not fit saturates, NaN becomes 0. */
#ifndef NN_FLOAT_CONVERT_H
#define NN_FLOAT_CONVERT_H

#include <stdint.h>

/* Cut towards zero. */
static inline int32_t nn_float_to_int32(float x)
{
  if (x >= 2147483648.0f) {
    return INT32_MAX;
  }
  if (x < -2147483648.0f) {
    return INT32_MIN;
  }
  return x != x ? 0 : (int32_t)x;
}

static inline uint32_t nn_float_to_uint32(float x)
{
  if (x >= 4294967296.0f) {
    return UINT32_MAX;
  }
  return x > 0.0f ? (uint32_t)x : 0u;
}

/* round(x / scale) + zero, ties away from zero, between low and high; |low - zero| and |high - zero| at most 2^24. */
static inline int32_t nn_float_to_code(float x, float scale, int32_t zero, int32_t low, int32_t high)
{
  const float steps = x / scale;
  if (steps >= (float)(high - zero)) {
    return high;
  }
  if (steps <= (float)(low - zero)) {
    return low;
  }
  int32_t whole = nn_float_to_int32(steps);
  const float rest = steps - (float)whole;
  if (rest >= 0.5f) {
    whole++;
  } else if (rest <= -0.5f) {
    whole--;
  }
  return whole + zero;
}

#endif
