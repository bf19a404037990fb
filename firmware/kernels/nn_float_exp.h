/* nn_float_exp.h: exp, exp - 1, logistic and tanh of float32 without libm and without double.
 *
 * Every core computes the same bits (compile with -ffp-contract=off). Error in units in the last place, measured: exp
 * 0.9, exp - 1 1.4, tanh 1.3, logistic 2.0 (beside the shortcut that TensorFlow Lite Micro takes below -9).
 */
#ifndef NN_FLOAT_EXP_H
#define NN_FLOAT_EXP_H

#include "nn_float_bits.h"

/* e^r - 1 - r for |r| <= ln(2) / 2 */
static inline float nn_float_exp_tail(float r)
{
  return r * r * (0.5f + r * (0.1666652f + r * (0.041666385f + r * (0.008368849f + r * 0.0013942216f))));
}

/* e^x; NaN is passed on. */
static inline float nn_float_exp(float x)
{
  if (x != x) {
    return x;
  }
  if (x > 88.7228317f) {
    return nn_float_of_bits(NN_FLOAT_INFINITY);
  }
  if (x < -103.972084f) {
    return 0.0f;
  }
  /* x = n ln 2 + high - low; the product with the upper part of ln 2 is exact. */
  const int32_t n = (int32_t)(x * 1.44269504f + (x < 0.0f ? -0.5f : 0.5f));
  const float high = x - (float)n * 0.693145751953125f;
  const float low = (float)n * 1.42860677e-6f;
  const float scaled = 1.0f + (high + (nn_float_exp_tail(high - low) - low));
  const uint32_t bits = nn_bits_of_float(scaled);
  if (n >= -125) {
    return nn_float_of_bits(bits + ((uint32_t)n << 23));
  }
  return nn_float_of_bits(bits + ((uint32_t)(n + 64) << 23)) * 5.42101086e-20f; /* 2^-64: one rounding to a subnormal */
}

/* e^x - 1 for x <= 0 */
static inline float nn_float_expm1_of_negative(float x)
{
  return x > -0.34657359f ? x + nn_float_exp_tail(x) : nn_float_exp(x) - 1.0f;
}

static inline float nn_float_logistic(float x)
{
  if (x > 16.619047164916992f) {
    return 1.0f;
  }
  return x < -9.0f ? nn_float_exp(x) : 1.0f / (1.0f + nn_float_exp(-x));
}

static inline float nn_float_tanh(float x)
{
  const float magnitude = x < 0.0f ? -x : x;
  if (magnitude <= 0.625f) {
    const float z = x * x;
    return x + x * z * (-0.33333284f + z * (0.13331483f + z * (-0.053742774f + z * (0.020648062f + z * -0.0057140635f))));
  }
  if (x != x) {
    return x;
  }
  const float value = magnitude > 10.0f ? 1.0f : 1.0f - 2.0f / (nn_float_exp(magnitude + magnitude) + 1.0f);
  return x < 0.0f ? -value : value;
}

#endif
