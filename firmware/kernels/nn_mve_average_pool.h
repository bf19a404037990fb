/* nn_mve_average_pool.h: AVERAGE_POOL_2D int8 for cores with MVE (Cortex-M55, M85); on others it is the portable kernel.
 *
 * Sums in 16-bit lanes: for windows of at most 255 pixels.
 */
#ifndef NN_MVE_AVERAGE_POOL_H
#define NN_MVE_AVERAGE_POOL_H

#include <stdint.h>

#include "nn_average_pool.h"

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>

/* The pixels of a window, and what divides by their number: x / count = floor(x * reciprocal / 2^32) for x below 2^16. */
typedef struct nn_mve_average_division {
  int32_t half;
  uint32_t reciprocal; /* 0 for count 1 */
} nn_mve_average_division;

static inline int32x4_t nn_mve_average_quotients(int32x4_t sums, const nn_mve_average_division *by)
{
  const uint32x4_t rounded = vaddq_n_u32(vreinterpretq_u32_s32(vabsq_s32(sums)), (uint32_t)by->half);
  const int32x4_t magnitudes = vreinterpretq_s32_u32(vmulhq_u32(rounded, vdupq_n_u32(by->reciprocal)));
  return vnegq_m_s32(magnitudes, magnitudes, vcmpltq_n_s32(sums, 0));
}

static inline void nn_mve_average_store(const nn_pool *p, int16x8_t sums, const nn_mve_average_division *by, int8_t *output, mve_pred16_t lanes)
{
  int16x8_t codes = sums;
  if (by->reciprocal != 0u) {
    codes = vmovnbq_s32(codes, nn_mve_average_quotients(vmovlbq_s16(sums), by));
    codes = vmovntq_s32(codes, nn_mve_average_quotients(vmovltq_s16(sums), by));
  }
  codes = vminq_s16(vmaxq_s16(codes, vdupq_n_s16((int16_t)p->low)), vdupq_n_s16((int16_t)p->high));
  vstrbq_p_s16(output, codes, lanes);
}

static inline void nn_mve_average_window(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int8_t *output)
{
  const int32_t channels = p->window.input_channels;
  const int32_t count = at->rows * at->columns;
  const nn_mve_average_division by = {count >> 1, count == 1 ? 0u : UINT32_MAX / (uint32_t)count + 1u};
  int32_t c = 0;
  for (; c + 16 <= channels; c += 16) {
    const int8_t *x = input + c;
    int16x8_t low = vdupq_n_s16(0);
    int16x8_t high = vdupq_n_s16(0);
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        low = vaddq_s16(low, vldrbq_s16(x));
        high = vaddq_s16(high, vldrbq_s16(x + 8));
        x += channels;
      }
      x += at->gap;
    }
    nn_mve_average_store(p, low, &by, output + c, vctp16q(8));
    nn_mve_average_store(p, high, &by, output + c + 8, vctp16q(8));
  }
  for (; c < channels; c += 8) {
    const mve_pred16_t lanes = vctp16q((uint32_t)(channels - c));
    const int8_t *x = input + c;
    int16x8_t sums = vdupq_n_s16(0);
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        sums = vaddq_s16(sums, vldrbq_z_s16(x, lanes));
        x += channels;
      }
      x += at->gap;
    }
    nn_mve_average_store(p, sums, &by, output + c, lanes);
  }
}
#else
static inline void nn_mve_average_window(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int8_t *output)
{
  nn_average_window_int8(p, at, input, 0, output);
}
#endif

/* As nn_run_average_pool_int8. */
static inline void nn_run_mve_average_pool_int8(const nn_pool *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    nn_mve_average_window(p, &at, input + at.from, output);
    output += w->output_channels;
  }
}

#endif
