/* nn_depthwise.h: DEPTHWISE_CONV_2D of any shape, int8 in, int8 weights, int8 out. */
#ifndef NN_DEPTHWISE_H
#define NN_DEPTHWISE_H

#include <stdint.h>
#include <string.h>

#include "nn_fixed_point.h"
#include "nn_window.h"

typedef struct nn_depthwise {
  nn_window window;
  int32_t multiplier;        /* output channels an input channel */
  const int8_t *weights;     /* [kernel_height][kernel_width][output_channels] */
  const int32_t *bias;       /* [output_channels], as in the model */
  const nn_requant *requant; /* [output_channels], or one for all */
  int32_t requant_step;      /* 1: one a channel; 0: one for all */
  int32_t input_zero_point;
  int32_t zero_point;        /* of the output */
  int32_t low, high;         /* bounds of the output: int8 and the fused activation */
} nn_depthwise;

/* Adds the products of one tap to the sums of all output channels. */
static inline void nn_depthwise_tap(const nn_depthwise *p, const int8_t *pixel, const int8_t *weights, int32_t *sums)
{
  const int32_t zero_point = p->input_zero_point;
  const int32_t multiplier = p->multiplier;
  const int8_t *const end = pixel + p->window.input_channels;
  if (multiplier == 1) {
    while (pixel != end) {
      *sums++ += (*pixel++ - zero_point) * *weights++;
    }
    return;
  }
  for (; pixel != end; pixel++) {
    const int32_t value = *pixel - zero_point;
    for (int32_t m = 0; m < multiplier; m++) {
      *sums++ += value * *weights++;
    }
  }
}

/* One output position: the taps inside the image, one after the other, for all channels. */
static inline void nn_depthwise_at(const nn_depthwise *p, const int8_t *image, int32_t row, int32_t column, int32_t *sums, int8_t *output)
{
  const nn_window *w = &p->window;
  const int8_t *weights = p->weights;
  memcpy(sums, p->bias, (size_t)w->output_channels * sizeof *sums);
  int32_t y = row * w->stride_height - w->pad_top;
  for (int32_t ky = 0; ky < w->kernel_height; ky++) {
    int32_t x = column * w->stride_width - w->pad_left;
    for (int32_t kx = 0; kx < w->kernel_width; kx++) {
      if (y >= 0 && y < w->input_height && x >= 0 && x < w->input_width) {
        nn_depthwise_tap(p, image + (y * w->input_width + x) * w->input_channels, weights, sums);
      }
      weights += w->output_channels;
      x += w->dilation_width;
    }
    y += w->dilation_height;
  }
  const nn_requant *q = p->requant;
  for (int32_t channel = 0; channel < w->output_channels; channel++) {
    *output++ = (int8_t)nn_clamp(nn_requantise(*sums++, q) + p->zero_point, p->low, p->high);
    q += p->requant_step;
  }
}

/* input [batches][height][width][channels] -> output; they must not overlap. sums: scratch of output_channels words */
NN_SHARED void nn_run_depthwise(const nn_depthwise *p, const int8_t *input, int8_t *output, int32_t *sums)
{
  const nn_window *w = &p->window;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t row = 0; row < w->output_height; row++) {
      for (int32_t column = 0; column < w->output_width; column++) {
        nn_depthwise_at(p, input, row, column, sums, output);
        output += w->output_channels;
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
  }
}

#endif
