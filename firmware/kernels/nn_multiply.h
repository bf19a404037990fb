/* nn_multiply.h: MUL of int8 or int16 codes: one requantisation of the product, as in TensorFlow Lite Micro
 * (kernels/internal/reference/integer_ops/mul.h).
 */
#ifndef NN_MULTIPLY_H
#define NN_MULTIPLY_H

#include "nn_fixed_point.h"
#include "nn_plain.h"

typedef struct nn_multiply {
  int32_t zero_points[2];
  nn_requant factor;
  int32_t zero_point;
  int32_t low;
  int32_t high;
} nn_multiply;

static inline int32_t nn_multiply_codes(const nn_multiply *p, int32_t a, int32_t b)
{
  const int32_t product = (a - p->zero_points[0]) * (b - p->zero_points[1]);
  return nn_clamp(nn_wrapping_add(nn_requantise(product, &p->factor), p->zero_point), p->low, p->high);
}

#endif
