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

static inline int32_t nn_max_of(int32_t max, int32_t x)
{
  return x > max ? x : max;
}

static inline int16_t nn_max_int16(const nn_pool *p, int32_t max, int32_t count)
{
  (void)count;
  return (int16_t)(max > p->high ? p->high : max);
}

NN_POOL_RUN(nn_run_max_pool_int16, nn_pool, int16_t, int32_t, p->low, nn_max_of, nn_max_int16)

/* What is no number is never greater. */
static inline float nn_max_of_float(float max, float x)
{
  return max < x ? x : max;
}

static inline float nn_max_float(const nn_pool_float *p, float max, int32_t count)
{
  (void)count;
  return nn_pool_clamp(max, p->low, p->high);
}

NN_POOL_RUN(nn_run_max_pool_float, nn_pool_float, float, float, -3.40282347e+38f, nn_max_of_float, nn_max_float)

#endif
