/* nn_sum.h: ADD and SUB of int8 or int16 codes with scales of their own.
 *
 * Both operands go to a common scale (twice the greater of the two, with 20 or 15 more bits), are added, and the sum goes to the
 * output's scale: three requantisations, as in TensorFlow Lite Micro (kernels/internal/reference/integer_ops/add.h, sub.h).
 */
#ifndef NN_SUM_H
#define NN_SUM_H

#include "nn_fixed_point.h"

typedef struct nn_sum {
  int32_t zero_points[2];
  nn_requant factors[2]; /* of the operands, at most 1/2 */
  nn_requant factor;     /* of the sum, below 1 */
  uint32_t left;         /* additional bits: 20 for int8, 15 for int16 */
  int32_t zero_point;
  int32_t low;
  int32_t high;
} nn_sum;

static inline int32_t nn_sum_operand(const nn_sum *p, int32_t k, int32_t code)
{
  return nn_requantise((int32_t)((uint32_t)(code - p->zero_points[k]) << p->left), &p->factors[k]);
}

static inline int32_t nn_sum_output(const nn_sum *p, int32_t sum)
{
  return nn_clamp(nn_requantise(sum, &p->factor) + p->zero_point, p->low, p->high);
}

static inline int32_t nn_add_codes(const nn_sum *p, int32_t a, int32_t b)
{
  return nn_sum_output(p, nn_sum_operand(p, 0, a) + nn_sum_operand(p, 1, b));
}

static inline int32_t nn_subtract_codes(const nn_sum *p, int32_t a, int32_t b)
{
  return nn_sum_output(p, nn_sum_operand(p, 0, a) - nn_sum_operand(p, 1, b));
}

#endif
