/* nn_squared_difference.h: SQUARED_DIFFERENCE of int8 or int16 codes, as in TensorFlow Lite Micro
 * (micro/kernels/squared_difference.cc): both operands to a common scale, the square of their difference to the output's.
 */
#ifndef NN_SQUARED_DIFFERENCE_H
#define NN_SQUARED_DIFFERENCE_H

#include "nn_fixed_point.h"
#include "nn_plain.h"

typedef struct nn_squared_difference {
  int32_t zero_points[2];
  nn_requant factors[2]; /* of the operands, at most 1/2: the square of the difference fits in 31 bits */
  nn_requant factor;     /* of the square */
  uint32_t left;         /* additional bits of the operands: 7 for int8, 0 for int16 */
  int32_t zero_point;
  int32_t low;
  int32_t high;
} nn_squared_difference;

static inline int32_t nn_squared_difference_codes(const nn_squared_difference *p, int32_t a, int32_t b)
{
  const int32_t scaled_a = nn_requantise((int32_t)((uint32_t)(a - p->zero_points[0]) << p->left), &p->factors[0]);
  const int32_t scaled_b = nn_requantise((int32_t)((uint32_t)(b - p->zero_points[1]) << p->left), &p->factors[1]);
  const int32_t difference = scaled_a - scaled_b;
  return nn_clamp(nn_wrapping_add(nn_requantise(difference * difference, &p->factor), p->zero_point), p->low, p->high);
}

#endif
