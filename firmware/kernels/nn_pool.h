/* nn_pool.h: where a pooling window is; what the pooling kernels share.
 *
 * Padding is not part of a window: windows are cut at the borders of the image. None is ever empty.
 */
#ifndef NN_POOL_H
#define NN_POOL_H

#include <stdint.h>

#include "nn_window.h"

/* Integer pooling. */
typedef struct nn_pool {
  nn_window window;
  int32_t low, high; /* bounds of the output: its type and the fused activation */
} nn_pool;

/* float32 pooling. */
typedef struct nn_pool_float {
  nn_window window;
  float low, high;
} nn_pool_float;

/* A window on its way over the images. */
typedef struct nn_pool_cursor {
  int32_t batch, row, column; /* of the output */
  int32_t rows, columns;      /* pixels of the window that are inside the image; rows without a gap between them are one */
  int32_t gap;                /* elements from the end of a row of them to the next */
  int32_t from;               /* element of channel 0 of the first of them */
} nn_pool_cursor;

/* Cuts one axis of a window: returns the pixels inside, *first is the first of them. */
static inline int32_t nn_pool_cut(int32_t origin, int32_t kernel, int32_t size, int32_t *first)
{
  const int32_t end = origin + kernel < size ? origin + kernel : size;
  *first = origin > 0 ? origin : 0;
  return end - *first;
}

static inline void nn_pool_place(const nn_window *w, nn_pool_cursor *at)
{
  int32_t y;
  int32_t x;
  at->rows = nn_pool_cut(at->row * w->stride_height - w->pad_top, w->kernel_height, w->input_height, &y);
  at->columns = nn_pool_cut(at->column * w->stride_width - w->pad_left, w->kernel_width, w->input_width, &x);
  at->gap = (w->input_width - at->columns) * w->input_channels;
  if (at->gap == 0) {
    at->columns *= at->rows;
    at->rows = 1;
  }
  at->from = ((at->batch * w->input_height + y) * w->input_width + x) * w->input_channels;
}

static inline nn_pool_cursor nn_pool_first(const nn_window *w)
{
  nn_pool_cursor at = {0, 0, 0, 0, 0, 0, 0};
  nn_pool_place(w, &at);
  return at;
}

/* The next position of the output in memory order; batch == batches after the last one. */
static inline void nn_pool_next(const nn_window *w, nn_pool_cursor *at)
{
  if (++at->column == w->output_width) {
    at->column = 0;
    if (++at->row == w->output_height) {
      at->row = 0;
      at->batch++;
    }
  }
  nn_pool_place(w, at);
}

static inline float nn_pool_clamp(float value, float low, float high)
{
  const float above = value < low ? low : value;
  return high < above ? high : above;
}

/* Defines NAME(const LAYER *p, const TYPE *input, TYPE *output): of each window and channel VALUE value = START, then
 * value = TAKE(value, x) for every pixel x, row by row, and FINISH(p, value, pixels) to the output. START may name p.
 *
 * input [batches][height][width][channels] -> output, the same with the output's height and width; they must not overlap. */
#define NN_POOL_RUN(NAME, LAYER, TYPE, VALUE, START, TAKE, FINISH)                                                     \
  static inline void NAME(const LAYER *p, const TYPE *input, TYPE *output)                                             \
  {                                                                                                                    \
    const nn_window *w = &p->window;                                                                                   \
    const int32_t channels = w->input_channels;                                                                        \
    for (nn_pool_cursor at = nn_pool_first(w); at.batch < w->batches; nn_pool_next(w, &at)) {                          \
      for (int32_t c = 0; c < channels; c++) {                                                                         \
        const TYPE *x = input + at.from + c;                                                                           \
        VALUE value = START;                                                                                           \
        for (int32_t row = at.rows; row > 0; row--) {                                                                  \
          for (int32_t column = at.columns; column > 0; column--) {                                                    \
            value = TAKE(value, *x);                                                                                   \
            x += channels;                                                                                             \
          }                                                                                                            \
          x += at.gap;                                                                                                 \
        }                                                                                                              \
        *output++ = FINISH(p, value, at.rows * at.columns);                                                            \
      }                                                                                                                \
    }                                                                                                                  \
  }

#endif
