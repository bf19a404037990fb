/* nn_reciprocal.h: reciprocals in fixed point, value for value those of TensorFlow Lite Micro (gemmlowp).
 */
#ifndef NN_RECIPROCAL_H
#define NN_RECIPROCAL_H

#include "nn_fixed_point.h"

/* 1 / d for d in [1/2, 1): Q0.31 -> half of it in Q0.31. Three Newton steps in Q2.29 from 48/17 - 32/17 d. */
static inline int32_t nn_half_reciprocal(int32_t d)
{
  int32_t z = 1515870810 + nn_mul_high(d, -1010580540);
  for (int32_t step = 0; step < 3; step++) {
    const int32_t error = ((int32_t)1 << 29) - nn_mul_high(d, z);
    z += nn_mul_high(z, error) * 4;
  }
  return z >= ((int32_t)1 << 30) ? INT32_MAX : z * 2;
}

#endif
