/* nn_average_pool.h: AVERAGE_POOL_2D, int8, int16 and float32.
 *
 * Integers: sum of the codes over their number, rounded to nearest, ties away from zero. The generator has proved that no sum
 * leaves int32.
 */
#ifndef NN_AVERAGE_POOL_H
#define NN_AVERAGE_POOL_H

#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_pool.h"

static inline int32_t nn_average(const nn_pool *p, int32_t sum, int32_t count)
{
  const int32_t half = count >> 1;
  return nn_clamp((sum > 0 ? sum + half : sum - half) / count, p->low, p->high);
}

/* Channels from c on of one window, input at its first pixel. Four channels at a time, so that a pixel's address is made once for
 * four loads. */
static inline void nn_average_window_int8(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int32_t c, int8_t *output)
{
  const int32_t channels = p->window.input_channels;
  const int32_t count = at->rows * at->columns;
  for (; c + 4 <= channels; c += 4) {
    const int8_t *x = input + c;
    int32_t s0 = 0;
    int32_t s1 = 0;
    int32_t s2 = 0;
    int32_t s3 = 0;
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        s0 += x[0];
        s1 += x[1];
        s2 += x[2];
        s3 += x[3];
        x += channels;
      }
      x += at->gap;
    }
    output[c] = (int8_t)nn_average(p, s0, count);
    output[c + 1] = (int8_t)nn_average(p, s1, count);
    output[c + 2] = (int8_t)nn_average(p, s2, count);
    output[c + 3] = (int8_t)nn_average(p, s3, count);
  }
  for (; c < channels; c++) {
    const int8_t *x = input + c;
    int32_t sum = 0;
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        sum += *x;
        x += channels;
      }
      x += at->gap;
    }
    output[c] = (int8_t)nn_average(p, sum, count);
  }
}

/* input [batches][height][width][channels] -> output, the same with the output's height and width; they must not overlap. */
static inline void nn_run_average_pool_int8(const nn_pool *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    nn_average_window_int8(p, &at, input + at.from, 0, output);
    output += w->output_channels;
  }
}

static inline int32_t nn_average_add(int32_t sum, int32_t x)
{
  return sum + x;
}

static inline int16_t nn_average_int16(const nn_pool *p, int32_t sum, int32_t count)
{
  return (int16_t)nn_average(p, sum, count);
}

NN_POOL_RUN(nn_run_average_pool_int16, nn_pool, int16_t, int32_t, 0, nn_average_add, nn_average_int16)

static inline float nn_average_add_float(float sum, float x)
{
  return sum + x;
}

static inline float nn_average_float(const nn_pool_float *p, float sum, int32_t count)
{
  return nn_pool_clamp(sum / (float)count, p->low, p->high);
}

NN_POOL_RUN(nn_run_average_pool_float, nn_pool_float, float, float, 0.0f, nn_average_add_float, nn_average_float)

#endif
