/* nn_float_log.h: natural logarithm of float32 without libm and without double; error 0.8 units in the last place. */
#ifndef NN_FLOAT_LOG_H
#define NN_FLOAT_LOG_H

#include "nn_float_bits.h"

/* ln x; -infinity for 0, NaN for negative numbers. */
static inline float nn_float_log(float x)
{
  const uint32_t sqrt_half = 0x3F3504F3u; /* mantissas are taken from [sqrt(1/2), sqrt(2)) */
  uint32_t bits = nn_bits_of_float(x);
  if ((bits << 1) == 0u) {
    return -nn_float_of_bits(NN_FLOAT_INFINITY);
  }
  if (bits >= NN_FLOAT_INFINITY) { /* also everything negative */
    return bits == NN_FLOAT_INFINITY ? x : nn_float_of_bits(NN_FLOAT_NAN);
  }
  int32_t exponent = 0;
  if (bits < 0x00800000u) {
    bits = nn_bits_of_float(x * 33554432.0f); /* 2^25 */
    exponent = -25;
  }
  const int32_t above = (int32_t)(bits - sqrt_half);
  exponent += above >> 23;
  /* With s = t / (2 + t): log(1 + t) = t - t^2 / 2 + s (t^2 / 2 + R(s^2)). */
  const float t = nn_float_of_bits(((uint32_t)above & 0x7FFFFFu) + sqrt_half) - 1.0f;
  const float s = t / (2.0f + t);
  const float z = s * s;
  const float series = z * (0.66666776f + z * (0.39977553f + z * 0.29872122f));
  const float half = 0.5f * t * t;
  const float low = s * (half + series) + (float)exponent * 1.42860677e-6f;
  return (float)exponent * 0.693145751953125f - ((half - low) - t);
}

#endif
