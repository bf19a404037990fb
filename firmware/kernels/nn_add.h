/* nn_add.h: ADD of int8 codes, operands of equal shape.
 *
 * Bit for bit the three requantisations of nn_sum.h, with what their factors have in common made use of:
 * - The factor of the operand with the greater scale (coarse) is exactly 1/2, so its rescaled value is its code shifted to the left.
 * - A high multiply of something shifted to the left by 20 is nn_round_high() of it shifted by 21.
 * - For n >= 1, x / 2^n with ties away from zero is (x + 2^(n - 1) - (x < 0)) >> n, and anything that is to be added to the result can
 *   be added before the shift.
 */
#ifndef NN_ADD_H
#define NN_ADD_H

#include "nn_fixed_point.h"
#include "nn_round_high.h"

typedef struct nn_add {
  int32_t count;
  int32_t fine_factor;     /* 2^21 (2^22 where fine_right stands for 0) */
  int32_t fine_offset;     /* -zero point * fine_factor */
  int32_t fine_multiplier;
  int32_t fine_half;       /* 2^(fine_right - 1) */
  uint32_t fine_right;     /* 1..31 */
  int32_t offset;          /* -zero point of the coarse operand * 2^19 */
  int32_t multiplier;
  int32_t half;            /* 2^(right - 1) + output zero point * 2^right */
  uint32_t right;          /* 1..22 */
  int32_t low;
  int32_t high;
} nn_add;

static inline int32_t nn_add_code(const nn_add *p, int32_t coarse, int32_t fine)
{
  const int32_t scaled = nn_round_high(fine * p->fine_factor + p->fine_offset, p->fine_multiplier);
  const int32_t sum = coarse * ((int32_t)1 << 19) + p->offset + ((scaled + (scaled >> 31) + p->fine_half) >> p->fine_right);
  const int32_t result = nn_round_high(sum * 2, p->multiplier);
  return nn_clamp((result + (result >> 31) + p->half) >> p->right, p->low, p->high);
}

/* output may be either operand. */
static inline void nn_run_add(const nn_add *p, const int8_t *coarse, const int8_t *fine, int8_t *output)
{
  for (int32_t i = 0; i < p->count; i++) {
    output[i] = (int8_t)nn_add_code(p, coarse[i], fine[i]);
  }
}

#endif
