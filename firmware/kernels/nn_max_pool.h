/* nn_max_pool.h: MAX_POOL_2D, int8, int16 and float32. */
#ifndef NN_MAX_POOL_H
#define NN_MAX_POOL_H

#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_pool.h"

/* A window is worked off pixel by pixel, all channels of one before the next: memory is read in order, and the output holds
 * the greatest so far. input [batches][height][width][channels] -> output; they must not overlap. */
static inline void nn_run_max_pool_int8(const nn_pool *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    const int8_t *x = input + at.from;
    memset(output, p->low, (size_t)channels);
    for (int32_t row = at.rows; row > 0; row--) {
      for (int32_t column = at.columns; column > 0; column--) {
        for (int32_t c = 0; c < channels; c++) {
          const int8_t value = *x++;
          output[c] = value > output[c] ? value : output[c];
        }
      }
      x += at.gap;
    }
    if (p->high < INT8_MAX) {
      for (int32_t c = 0; c < channels; c++) {
        output[c] = (int8_t)nn_clamp(output[c], p->low, p->high);
      }
    }
    output += channels;
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
