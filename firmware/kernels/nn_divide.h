/* nn_divide.h: DIV of int8 codes, as in TensorFlow Lite Micro (kernels/internal/reference/div.h), and of int32 values.
 */
#ifndef NN_DIVIDE_H
#define NN_DIVIDE_H

#include "nn_fixed_point.h"
#include "nn_reciprocal.h"

typedef struct nn_divide {
  int32_t zero_points[2];
  int32_t multiplier;
  uint32_t left; /* 0..23: with this, no quotient is shifted to the right by more than 31 or to the left */
  int32_t zero_point;
  int32_t low;
  int32_t high;
} nn_divide;

/* Leading zeros of a value below 2^8; 32 for 0. */
static inline uint32_t nn_leading_zeros_of_byte(uint32_t x)
{
  uint32_t zeros = 32;
  for (; x != 0u; x >>= 1) {
    zeros--;
  }
  return zeros;
}

/* a / b with the factor of the layer, |a| and |b| at most 255; for b == 0 beyond every output, on the side of a. */
static inline int32_t nn_quotient(const nn_divide *p, int32_t a, int32_t b)
{
  if (a == 0) {
    return 0;
  }
  if (b == 0) {
    return a > 0 ? 0x7fffff00 : -0x7fffff00;
  }
  const int32_t numerator = b < 0 ? -a : a;
  const uint32_t divisor = (uint32_t)(b < 0 ? -b : b);
  const uint32_t zeros = nn_leading_zeros_of_byte(divisor);
  const uint32_t headroom = nn_leading_zeros_of_byte((uint32_t)(numerator < 0 ? ~numerator : numerator)) - 1u;
  const int32_t reciprocal = nn_half_reciprocal((int32_t)(divisor << (zeros - 1u)));
  const int32_t unscaled = nn_mul_high((int32_t)((uint32_t)numerator << headroom), reciprocal);
  return nn_shift_round(nn_mul_high(unscaled, p->multiplier), headroom + 31u - zeros - p->left);
}

static inline int32_t nn_divide_codes(const nn_divide *p, int32_t a, int32_t b)
{
  return nn_clamp(nn_quotient(p, a - p->zero_points[0], b - p->zero_points[1]) + p->zero_point, p->low, p->high);
}

/* Towards 0. What C leaves undefined gives what SDIV of a Cortex-M gives: x / 0 is 0, INT32_MIN / -1 is INT32_MIN. */
static inline int32_t nn_divide_int32(int32_t a, int32_t b)
{
  if (b == 0) {
    return 0;
  }
  return b == -1 ? (int32_t)(0u - (uint32_t)a) : a / b;
}

#endif
