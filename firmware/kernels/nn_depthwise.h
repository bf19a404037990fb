/* nn_depthwise.h: DEPTHWISE_CONV_2D of any shape, int8 in, int8 weights, int8 out. */
#ifndef NN_DEPTHWISE_H
#define NN_DEPTHWISE_H

#include <stdint.h>

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

/* Sum of one output channel at one output position over the taps inside the image. */
static inline int32_t nn_depthwise_sum(const nn_depthwise *p, const int8_t *image, int32_t row, int32_t column, int32_t channel)
{
  const nn_window *w = &p->window;
  int32_t sum = p->bias[channel];
  for (int32_t ky = 0; ky < w->kernel_height; ky++) {
    const int32_t y = row * w->stride_height - w->pad_top + ky * w->dilation_height;
    if (y < 0 || y >= w->input_height) {
      continue;
    }
    for (int32_t kx = 0; kx < w->kernel_width; kx++) {
      const int32_t x = column * w->stride_width - w->pad_left + kx * w->dilation_width;
      if (x >= 0 && x < w->input_width) {
        const int32_t value = image[(y * w->input_width + x) * w->input_channels + channel / p->multiplier];
        sum += (value - p->input_zero_point) * p->weights[(ky * w->kernel_width + kx) * w->output_channels + channel];
      }
    }
  }
  return sum;
}

/* input [batches][height][width][channels] -> output; they must not overlap. */
static inline void nn_run_depthwise(const nn_depthwise *p, const int8_t *input, int8_t *output)
{
  const nn_window *w = &p->window;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t row = 0; row < w->output_height; row++) {
      for (int32_t column = 0; column < w->output_width; column++) {
        for (int32_t channel = 0; channel < w->output_channels; channel++) {
          const int32_t sum = nn_depthwise_sum(p, input, row, column, channel);
          *output++ = (int8_t)nn_clamp(nn_requantise(sum, p->requant + channel * p->requant_step) + p->zero_point, p->low, p->high);
        }
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
  }
}

#endif
