/* nn_l2_pool.h: L2_POOL_2D, float32: the root of the mean square of a window. */
#ifndef NN_L2_POOL_H
#define NN_L2_POOL_H

#include <stdint.h>

#include "nn_pool.h"
#include "nn_sqrt.h"

/* input [batches][height][width][channels] -> output; they must not overlap. Row by row is the order of the sums. */
static inline void nn_run_l2_pool_float(const nn_pool_float *p, const float *input, float *output)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    for (int32_t c = 0; c < channels; c++) {
      const float *x = input + at.from + c;
      float sum = 0.0f;
      for (int32_t row = at.rows; row > 0; row--) {
        for (int32_t column = at.columns; column > 0; column--) {
          const float square = *x * *x;
          sum += square;
          x += channels;
        }
        x += at.gap;
      }
      *output++ = nn_pool_clamp(nn_sqrt(sum / (float)(at.rows * at.columns)), p->low, p->high);
    }
  }
}

#endif
