/* nn_compare.h: what TensorFlow Lite Micro compares instead of int8 codes (kernels/internal/reference/comparisons.h): their values in
 * 256ths, rounded to whole numbers. Codes of a fine scale may share one.
 */
#ifndef NN_COMPARE_H
#define NN_COMPARE_H

#include "nn_fixed_point.h"

typedef struct nn_compare {
  int32_t zero_points[2];
  nn_requant factors[2]; /* the scales of the operands, below 1 */
} nn_compare;

static inline int32_t nn_compare_value(const nn_compare *p, int32_t k, int32_t code)
{
  return nn_requantise((code - p->zero_points[k]) * 256, &p->factors[k]);
}

#endif
