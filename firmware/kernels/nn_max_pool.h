/* nn_max_pool.h: MAX_POOL_2D, int8, int16 and float32. */
#ifndef NN_MAX_POOL_H
#define NN_MAX_POOL_H

#include <stdint.h>

#include "nn_pool.h"

/* Channels from c on of one window, input at its first pixel. Four channels at a time, so that a pixel's address is made once for
 * four loads. */
static inline void nn_max_window_int8(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int32_t c, int8_t *output)
{
  const int32_t channels = p->window.input_channels;
  for (; c + 4 <= channels; c += 4) {
    const int8_t *x = input + c;
    int32_t m0 = p->low;
    int32_t m1 = m0;
    int32_t m2 = m0;
    int32_t m3 = m0;
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        m0 = x[0] > m0 ? x[0] : m0;
        m1 = x[1] > m1 ? x[1] : m1;
        m2 = x[2] > m2 ? x[2] : m2;
        m3 = x[3] > m3 ? x[3] : m3;
        x += channels;
      }
      x += at->gap;
    }
    output[c] = (int8_t)(m0 > p->high ? p->high : m0);
    output[c + 1] = (int8_t)(m1 > p->high ? p->high : m1);
    output[c + 2] = (int8_t)(m2 > p->high ? p->high : m2);
    output[c + 3] = (int8_t)(m3 > p->high ? p->high : m3);
  }
  for (; c < channels; c++) {
    const int8_t *x = input + c;
    int32_t max = p->low;
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        max = *x > max ? *x : max;
        x += channels;
      }
      x += at->gap;
    }
    output[c] = (int8_t)(max > p->high ? p->high : max);
  }
}

/* input [batches][height][width][channels] -> output, the same with the output's height and width; they must not overlap. */
static inline void nn_run_max_pool_int8(const nn_pool *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    nn_max_window_int8(p, &at, input + at.from, 0, output);
    output += w->output_channels;
  }
}

/* As nn_run_max_pool_int8. */
static inline void nn_run_max_pool_int16(const nn_pool *p, const int16_t *input, int16_t *output)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    for (int32_t c = 0; c < channels; c++) {
      const int16_t *x = input + at.from + c;
      int32_t max = p->low;
      for (int32_t row = at.rows; row > 0; row--) {
        for (int32_t column = at.columns; column > 0; column--) {
          max = *x > max ? *x : max;
          x += channels;
        }
        x += at.gap;
      }
      *output++ = (int16_t)(max > p->high ? p->high : max);
    }
  }
}

/* As nn_run_max_pool_int8. What is no number is never greater. */
static inline void nn_run_max_pool_float(const nn_pool_float *p, const float *input, float *output)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    for (int32_t c = 0; c < channels; c++) {
      const float *x = input + at.from + c;
      float max = -3.40282347e+38f;
      for (int32_t row = at.rows; row > 0; row--) {
        for (int32_t column = at.columns; column > 0; column--) {
          max = max < *x ? *x : max;
          x += channels;
        }
        x += at.gap;
      }
      *output++ = nn_pool_clamp(max, p->low, p->high);
    }
  }
}

#endif
