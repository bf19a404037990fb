/* nn_dsp_max_pool.h: MAX_POOL_2D int8 with four comparisons in one instruction (Cortex-M4, M7, M33). */
#ifndef NN_DSP_MAX_POOL_H
#define NN_DSP_MAX_POOL_H

#include <stdint.h>

#include "nn_dsp.h"
#include "nn_max_pool.h"

/* Byte by byte the greater of two. */
static inline uint32_t nn_dsp_max4(uint32_t a, uint32_t b)
{
#if NN_DSP_ASM
  uint32_t max;
  __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(max) : "r"(a), "r"(b) : "cc");
  return max;
#else
  uint32_t max = 0;
  for (uint32_t at = 0; at < 32u; at += 8u) {
    const int8_t x = (int8_t)(uint8_t)(a >> at);
    const int8_t y = (int8_t)(uint8_t)(b >> at);
    max |= (uint32_t)(uint8_t)(x > y ? x : y) << at;
  }
  return max;
#endif
}

/* Byte by byte the smaller of two: of the complements the greater. */
static inline uint32_t nn_dsp_min4(uint32_t a, uint32_t b)
{
  return ~nn_dsp_max4(~a, ~b);
}

/* One window, input at its first pixel: eight channels at a time. */
static inline void nn_dsp_max_window(const nn_pool *p, const nn_pool_cursor *at, const int8_t *input, int8_t *output)
{
  const int32_t channels = p->window.input_channels;
  const uint32_t low = ((uint32_t)p->low & 0xFFu) * 0x01010101u;
  const uint32_t high = ((uint32_t)p->high & 0xFFu) * 0x01010101u;
  int32_t c = 0;
  for (; c + 8 <= channels; c += 8) {
    const int8_t *x = input + c;
    uint32_t max = low;
    uint32_t next = low;
    for (int32_t row = at->rows; row > 0; row--) {
      for (int32_t column = at->columns; column > 0; column--) {
        max = nn_dsp_max4(max, nn_load4(x));
        next = nn_dsp_max4(next, nn_load4(x + 4));
        x += channels;
      }
      x += at->gap;
    }
    nn_store4(output + c, nn_dsp_min4(max, high));
    nn_store4(output + c + 4, nn_dsp_min4(next, high));
  }
  nn_max_window_int8(p, at, input, c, output);
}

/* As nn_run_max_pool_int8. */
static inline void nn_run_dsp_max_pool_int8(const nn_pool *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {
    nn_dsp_max_window(p, &at, input + at.from, output);
    output += w->output_channels;
  }
}

#endif
