/* nn_add_n.h: ADD_N of int8 codes of one scale, as in TensorFlow Lite Micro (kernels/internal/reference/add_n.h).
 */
#ifndef NN_ADD_N_H
#define NN_ADD_N_H

#include "nn_fixed_point.h"

typedef struct nn_add_n {
  int32_t start; /* -(operands + 1) * their zero point: the sum starts as if there were one more operand of code 0 */
  nn_requant factor;
  int32_t zero_point;
  int32_t low;
  int32_t high;
} nn_add_n;

/* @param sum of the codes; with at most 15 operands its 2^19 fold fits in 32 bits */
static inline int32_t nn_add_n_output(const nn_add_n *p, int32_t sum)
{
  return nn_clamp(nn_requantise((sum + p->start) * ((int32_t)1 << 19), &p->factor) + p->zero_point, p->low, p->high);
}

#endif
