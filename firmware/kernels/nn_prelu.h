/* nn_prelu.h: PRELU of int8 and int16 codes with alpha of int8 (TensorFlow Lite Micro: kernels/internal/reference/prelu.h). */
#ifndef NN_PRELU_H
#define NN_PRELU_H

#include "nn_fixed_point.h"

typedef struct nn_prelu {
  int32_t zero_points[3]; /* of input, alpha and output */
  nn_requant identity;    /* input scale / output scale */
  nn_requant slope;       /* input scale * alpha scale / output scale */
  int32_t low;
  int32_t high;
} nn_prelu;

static inline int32_t nn_prelu_code(const nn_prelu *p, int32_t x, int32_t alpha)
{
  const int32_t value = x - p->zero_points[0];
  const int32_t scaled = value >= 0 ? nn_requantise(value, &p->identity) : nn_requantise(value * (alpha - p->zero_points[1]), &p->slope);
  return nn_clamp(scaled + p->zero_points[2], p->low, p->high);
}

#endif
