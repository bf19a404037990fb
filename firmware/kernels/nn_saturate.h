/* nn_saturate.h: shifts to the left that stop at the ends of int32. */
#ifndef NN_SATURATE_H
#define NN_SATURATE_H

#include <stdint.h>

/* x * 2^n, n in 0..31 */
static inline int32_t nn_saturating_left(int32_t x, uint32_t n)
{
  const int32_t most = INT32_MAX >> n;
  if (x > most) {
    return INT32_MAX;
  }
  return x < -most - 1 ? INT32_MIN : (int32_t)((uint32_t)x << n);
}

#endif
