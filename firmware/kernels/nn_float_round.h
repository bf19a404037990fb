/* nn_float_round.h: floor, ceil and round half to even of float32 without libm. */
#ifndef NN_FLOAT_ROUND_H
#define NN_FLOAT_ROUND_H

#include <stdint.h>

/* Whether x has a fraction, or could have: from 2^23 on all are whole, and NaN is passed on. */
static inline int32_t nn_float_has_fraction(float x)
{
  return x > -8388608.0f && x < 8388608.0f && x != (float)(int32_t)x ? 1 : 0;
}

static inline float nn_float_floor(float x)
{
  if (nn_float_has_fraction(x) == 0) {
    return x;
  }
  const float whole = (float)(int32_t)x;
  return whole > x ? whole - 1.0f : whole;
}

static inline float nn_float_ceil(float x)
{
  return -nn_float_floor(-x); /* so that -0.5 becomes -0 */
}

static inline float nn_float_round(float x)
{
  const float whole = nn_float_floor(x);
  const float rest = x - whole;
  const int32_t is_tie_to_even = rest == 0.5f && ((int32_t)whole & 1) == 0 ? 1 : 0;
  return rest < 0.5f || is_tie_to_even != 0 ? whole : whole + 1.0f;
}

#endif
