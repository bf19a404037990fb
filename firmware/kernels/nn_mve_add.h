/* nn_mve_add.h: nn_add.h in vectors of four, for cores with Helium (MVE).
 *
 * VQRDMULH(a, b) is nn_round_high(2 * a, b), so the factors here work on half of what nn_add.h multiplies: exactly, because both
 * are shifted to the left by more than one bit. VRSHL rounds ties upwards; taking 1 from negative values first makes it away from
 * zero for every shift of at least 1.
 */
#ifndef NN_MVE_ADD_H
#define NN_MVE_ADD_H

#include <arm_mve.h>

#include "nn_add.h"

static inline int32x4_t nn_mve_add_codes(const nn_add *p, int32x4_t coarse, int32x4_t fine)
{
  int32x4_t x = vaddq_n_s32(vmulq_n_s32(fine, p->fine_factor / 2), p->fine_offset / 2);
  x = vqrdmulhq_n_s32(x, p->fine_multiplier);
  x = vaddq_s32(x, vshrq_n_s32(x, 31));
  x = vrshlq_n_s32(x, -(int32_t)p->fine_right);
  x = vaddq_s32(x, vaddq_n_s32(vshlq_n_s32(coarse, 19), p->offset));
  x = vqrdmulhq_n_s32(x, p->multiplier);
  x = vaddq_n_s32(vaddq_s32(x, vshrq_n_s32(x, 31)), p->half);
  x = vshlq_r_s32(x, -(int32_t)p->right);
  return vminq_s32(vmaxq_s32(x, vdupq_n_s32(p->low)), vdupq_n_s32(p->high));
}

/* output may be either operand. */
static inline void nn_run_mve_add(const nn_add *p, const int8_t *coarse, const int8_t *fine, int8_t *output)
{
  int32_t left = p->count;
  for (; left >= 4; left -= 4) {
    vstrbq_s32(output, nn_mve_add_codes(p, vldrbq_s32(coarse), vldrbq_s32(fine)));
    coarse += 4;
    fine += 4;
    output += 4;
  }
  if (left > 0) {
    const mve_pred16_t rest = vctp32q((uint32_t)left);
    vstrbq_p_s32(output, nn_mve_add_codes(p, vldrbq_z_s32(coarse, rest), vldrbq_z_s32(fine, rest)), rest);
  }
}

#endif
