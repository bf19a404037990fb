/* nn_window.h: a two-dimensional window that slides over an image [height][width][channels]. */
#ifndef NN_WINDOW_H
#define NN_WINDOW_H

#include <stdint.h>
#include <string.h>

#include "nn_fixed_point.h"

typedef struct nn_window {
  uint16_t batches;
  uint16_t input_height, input_width, input_channels;
  uint16_t output_height, output_width, output_channels;
  uint16_t kernel_height, kernel_width;
  uint16_t stride_height, stride_width;
  uint16_t dilation_height, dilation_width;
  uint16_t pad_top, pad_left;
} nn_window;

/* memcpy that is not a loop over bytes where it need not be. */
NN_SHARED void nn_copy(int8_t *to, const int8_t *from, int32_t bytes)
{
  if ((((uintptr_t)to | (uintptr_t)from | (uint32_t)bytes) & 7u) == 0u) {
    int32_t *t = (int32_t *)(void *)to;
    const int32_t *f = (const int32_t *)(const void *)from;
    for (; bytes > 0; bytes -= 8) {
      const int32_t first = f[0];
      const int32_t second = f[1];
      t[0] = first;
      t[1] = second;
      t += 2;
      f += 2;
    }
  } else {
    memcpy(to, from, (size_t)bytes);
  }
}

/* Copies `depth` channels from `channel` on of every tap of the window at output (row, column) to patch
 * [kernel_height][kernel_width][depth]; taps outside the image become `fill`. */
static inline void nn_gather_patch(const nn_window *w, const int8_t *image, int32_t row, int32_t column, int32_t channel,
                             int32_t depth, int8_t fill, int8_t *patch)
{
  int32_t y = row * w->stride_height - w->pad_top;
  for (int32_t ky = 0; ky < w->kernel_height; ky++) {
    int32_t x = column * w->stride_width - w->pad_left;
    for (int32_t kx = 0; kx < w->kernel_width; kx++) {
      if (y >= 0 && y < w->input_height && x >= 0 && x < w->input_width) {
        nn_copy(patch, image + (y * w->input_width + x) * w->input_channels + channel, depth);
      } else {
        memset(patch, fill, (size_t)depth);
      }
      patch += depth;
      x += w->dilation_width;
    }
    y += w->dilation_height;
  }
}

#endif
