/* nn_mve_max_pool.h: MAX_POOL_2D int8 for cores with MVE (Cortex-M55, M85); on others it is the portable kernel. */
#ifndef NN_MVE_MAX_POOL_H
#define NN_MVE_MAX_POOL_H

#include <stdint.h>

#include "nn_max_pool.h"

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>

/* One window, input at its first pixel: sixteen channels at a time. */
static inline void nn_mve_max_window(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int8_t *output)
{
  const int32_t channels = p->window.input_channels;
  for (int32_t c = 0; c < channels; c += 16) {
    const mve_pred16_t lanes = vctp8q((uint32_t)(channels - c));
    const int8_t *x = input + c;
    int8x16_t max = vdupq_n_s8((int8_t)p->low);
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        max = vmaxq_s8(max, vldrbq_z_s8(x, lanes));
        x += channels;
      }
      x += at->gap;
    }
    vstrbq_p_s8(output + c, vminq_s8(max, vdupq_n_s8((int8_t)p->high)), lanes);
  }
}
#else
static inline void nn_mve_max_window(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int8_t *output)
{
  nn_max_window_int8(p, at, input, 0, output);
}
#endif

/* As nn_run_max_pool_int8. */
static inline void nn_run_mve_max_pool_int8(const nn_pool *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    nn_mve_max_window(p, &at, input + at.from, output);
    output += w->output_channels;
  }
}

#endif
