/* nn_plain.h: arithmetic on int32 and float32 elements that carry no scale. */
#ifndef NN_PLAIN_H
#define NN_PLAIN_H

#include <stdint.h>

/* int32 sums and products wrap, where C leaves them undefined. */
static inline int32_t nn_wrapping_add(int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t nn_wrapping_subtract(int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t nn_wrapping_multiply(int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a * (uint32_t)b);
}

/* NaN stays NaN, and -0 is not below 0. */
static inline float nn_clamp_float(float x, float low, float high)
{
  const float raised = x < low ? low : x;
  return high < raised ? high : raised;
}

#endif
