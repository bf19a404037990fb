/* nn_mve_convolution.h: CONV_2D, int8, for cores with MVE (Helium). */
#ifndef NN_MVE_CONVOLUTION_H
#define NN_MVE_CONVOLUTION_H

#include <stdint.h>

#include "nn_mve_copy.h"
#include "nn_mve_rows.h"
#include "nn_window.h"

typedef struct nn_mve_pointwise {
  nn_mve_rows rows;
  nn_mve_pair *pair;
  int32_t pixels;
} nn_mve_pointwise;

/* Window of 1x1, stride 1: input [pixels][bytes of a row] -> output [pixels][channels]. */
static inline void nn_mve_run_pointwise(const nn_mve_pointwise *p, const int8_t *input, int8_t *output)
{
  const int32_t bytes = p->rows.bytes;
  const int32_t channels = p->rows.channels;
  int32_t left = p->pixels;
  for (; left > 1; left -= 2) {
    p->pair(&p->rows, input, input + bytes, output, output + channels);
    input += 2 * bytes;
    output += 2 * channels;
  }
  if (left > 0) {
    p->pair(&p->rows, input, input, output, output);
  }
}

typedef struct nn_mve_convolution {
  nn_mve_rows rows; /* a row is [kernel_height][kernel_width][input_channels] */
  nn_mve_pair *pair;
  nn_window window;
  int32_t input_zero_point;
} nn_mve_convolution;

/* First and last + 1 tap of `taps` whose place start + tap * dilation is in 0..size-1. */
typedef struct nn_mve_range {
  int32_t first, end;
} nn_mve_range;

static inline nn_mve_range nn_mve_taps_inside(int32_t start, int32_t dilation, int32_t taps, int32_t size)
{
  nn_mve_range range = {0, taps};
  while (range.first < taps && start + range.first * dilation < 0) {
    range.first++;
  }
  while (range.end > range.first && start + (range.end - 1) * dilation >= size) {
    range.end--;
  }
  return range;
}

/* What the window sees with its first tap at (y, x), as one row; what is outside the image is the zero point. */
static inline void nn_mve_patch(const nn_mve_convolution *p, const int8_t *image, int32_t y, nn_mve_range rows, int32_t x, int8_t *patch)
{
  const nn_window *w = &p->window;
  const int32_t depth = w->input_channels;
  const nn_mve_range columns = nn_mve_taps_inside(x, w->dilation_width, w->kernel_width, w->input_width);
  const int32_t count = columns.end - columns.first;
  const int32_t tall = rows.end - rows.first;
  if (tall < w->kernel_height || count < w->kernel_width) {
    nn_mve_fill(patch, p->input_zero_point, p->rows.bytes);
  }
  if (tall == 0 || count == 0) {
    return;
  }
  const int8_t *from = image + ((y + rows.first * w->dilation_height) * w->input_width + x + columns.first * w->dilation_width) * depth;
  int8_t *to = patch + (rows.first * w->kernel_width + columns.first) * depth;
  const int32_t from_step = w->dilation_height * w->input_width * depth;
  const int32_t to_step = w->kernel_width * depth;
  if (w->dilation_width == 1) {
    nn_mve_copy_rows(to, to_step, from, from_step, tall, count * depth);
  } else {
    for (int32_t column = 0; column < count; column++) {
      nn_mve_copy_rows(to + column * depth, to_step, from + column * w->dilation_width * depth, from_step, tall, depth);
    }
  }
}

/* input [batches][height][width][channels] -> output; scratch: two rows. */
static inline void nn_mve_run_convolution(const nn_mve_convolution *p, const int8_t *input, int8_t *output, int8_t *scratch)
{
  const nn_window *w = &p->window;
  const int32_t bytes = p->rows.bytes;
  const int32_t channels = p->rows.channels;
  const int32_t depth = w->input_channels;
  const int32_t run = w->kernel_width * depth;
  const int32_t step = w->dilation_height * w->input_width * depth;
  const int32_t x_end = w->input_width - w->kernel_width + 1; /* windows at x in 0..x_end-1 are inside, columns side by side */
  int32_t filled = 0;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t row = 0; row < w->output_height; row++) {
      const int32_t y = row * w->stride_height - w->pad_top;
      const nn_mve_range rows = nn_mve_taps_inside(y, w->dilation_height, w->kernel_height, w->input_height);
      const int32_t inside = rows.end - rows.first == w->kernel_height && w->dilation_width == 1 ? x_end : 0;
      int32_t x = -w->pad_left;
      for (int32_t left = w->output_width; left > 0; left--) {
        int8_t *patch = scratch + filled;
        if (x >= 0 && x < inside) {
          nn_mve_copy_rows(patch, run, input + (y * w->input_width + x) * depth, step, w->kernel_height, run);
        } else {
          nn_mve_patch(p, input, y, rows, x, patch);
        }
        x += w->stride_width;
        if (filled != 0) {
          p->pair(&p->rows, scratch, scratch + bytes, output, output + channels);
          output += 2 * channels;
        }
        filled = bytes - filled;
      }
    }
    input += w->input_height * w->input_width * depth;
  }
  if (filled != 0) {
    p->pair(&p->rows, scratch, scratch, output, output);
  }
}

#endif
