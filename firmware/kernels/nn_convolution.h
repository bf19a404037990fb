/* nn_convolution.h: CONV_2D of any shape, int8 in, int8 weights, int8 out. */
#ifndef NN_CONVOLUTION_H
#define NN_CONVOLUTION_H

#include <stdint.h>

#include "nn_dot.h"
#include "nn_fixed_point.h"
#include "nn_window.h"

typedef struct nn_convolution {
  nn_window window;
  int32_t groups;
  const int8_t *weights;     /* [output_channels][kernel_height][kernel_width][input_channels / groups] */
  const int32_t *bias;       /* [output_channels]: bias - input zero point * sum of the channel's weights */
  const nn_requant *requant; /* [output_channels], or one for all */
  int32_t requant_step;      /* 1: one a channel; 0: one for all */
  int32_t input_zero_point;
  int32_t zero_point;        /* of the output */
  int32_t low, high;         /* bounds of the output: int8 and the fused activation */
} nn_convolution;

/* One output position. patch: scratch of kernel_height * kernel_width * input_channels / groups bytes. */
static inline void nn_convolution_at(const nn_convolution *p, const int8_t *image, int32_t row, int32_t column,
                                     int8_t *output, int8_t *patch)
{
  const int32_t depth = p->window.input_channels / p->groups;
  const int32_t taps = p->window.kernel_height * p->window.kernel_width * depth;
  const int32_t each = p->window.output_channels / p->groups;
  const int8_t *weights = p->weights;
  const int32_t *bias = p->bias;
  const nn_requant *q = p->requant;
  for (int32_t group = 0; group < p->groups; group++) {
    /* Padding is filled with the zero point, which is what the folded bias takes away again. */
    nn_gather_patch(&p->window, image, row, column, group * depth, depth, (int8_t)p->input_zero_point, patch);
    for (int32_t k = 0; k < each; k++) {
      const int32_t sum = nn_dot(*bias++, weights, patch, taps);
      *output++ = (int8_t)nn_clamp(nn_requantise(sum, q) + p->zero_point, p->low, p->high);
      weights += taps;
      q += p->requant_step;
    }
  }
}

/* input [batches][height][width][channels] -> output; they must not overlap. */
NN_SHARED void nn_run_convolution(const nn_convolution *p, const int8_t *input, int8_t *output, int8_t *patch)
{
  const nn_window *w = &p->window;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t row = 0; row < w->output_height; row++) {
      for (int32_t column = 0; column < w->output_width; column++) {
        nn_convolution_at(p, input, row, column, output, patch);
        output += w->output_channels;
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
  }
}

#endif
