/* nn_dsp_average_pool.h: AVERAGE_POOL_2D int8 with 16-bit SIMD (Cortex-M4, M7, M33).
 *
 * Sums in 16-bit lanes: for windows of at most 255 pixels.
 */
#ifndef NN_DSP_AVERAGE_POOL_H
#define NN_DSP_AVERAGE_POOL_H

#include <stdint.h>

#include "nn_average_pool.h"
#include "nn_dsp.h"

/* The four channels of a word, from their sums: channels 0 and 2 in `even`, 1 and 3 in `odd`. */
static inline void nn_dsp_average_store(const nn_pool *p, uint32_t even, uint32_t odd, int32_t count, int8_t *output)
{
  output[0] = (int8_t)nn_average(p, nn_low(even), count);
  output[1] = (int8_t)nn_average(p, nn_low(odd), count);
  output[2] = (int8_t)nn_average(p, nn_high(even), count);
  output[3] = (int8_t)nn_average(p, nn_high(odd), count);
}

/* One window, input at its first pixel: eight channels at a time. */
static inline void nn_dsp_average_window(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int8_t *output)
{
  const int32_t channels = p->window.input_channels;
  const int32_t count = at->rows * at->columns;
  int32_t c = 0;
  for (; c + 8 <= channels; c += 8) {
    const int8_t *x = input + c;
    uint32_t even = 0;
    uint32_t odd = 0;
    uint32_t next_even = 0;
    uint32_t next_odd = 0;
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        const uint32_t word = nn_load4(x);
        const uint32_t next = nn_load4(x + 4);
        x += channels;
        even = nn_sxtab16(even, word);
        odd = nn_sxtab16_odd(odd, word);
        next_even = nn_sxtab16(next_even, next);
        next_odd = nn_sxtab16_odd(next_odd, next);
      }
      x += at->gap;
    }
    nn_dsp_average_store(p, even, odd, count, output + c);
    nn_dsp_average_store(p, next_even, next_odd, count, output + c + 4);
  }
  nn_average_window_int8(p, at, input, c, output);
}

/* As nn_run_average_pool_int8. */
static inline void nn_run_dsp_average_pool_int8(const nn_pool *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    nn_dsp_average_window(p, &at, input + at.from, output);
    output += w->output_channels;
  }
}

#endif
