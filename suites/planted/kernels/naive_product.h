/* naive_product.h: CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED as one loop nest over whole tensors.
 *
 * Where a value lies in a tensor is said by one stride for each index, so that a wrong layout is a wrong stride.
 */
#ifndef NAIVE_PRODUCT_H
#define NAIVE_PRODUCT_H

#include "naive_arithmetic.h"

typedef enum naive_accumulator { NAIVE_32_BITS, NAIVE_16_BITS_SATURATING, NAIVE_16_BITS_WRAPPING } naive_accumulator;

typedef struct naive_product {
  int32_t batches;
  int32_t in_rows, in_columns;
  int32_t out_rows, out_columns, out_channels;
  int32_t kernel_rows, kernel_columns;
  int32_t depth;              /* input channels that one output looks at */
  int32_t outputs_per_group;  /* neighbouring output channels that look at the same ones */
  int32_t stride_rows, stride_columns;
  int32_t dilation_rows, dilation_columns;
  int32_t pad_rows, pad_columns;
  int32_t in_steps[4];        /* elements from one batch, row, column, channel of the input to the next */
  int32_t out_steps[4];
  int32_t weight_steps[4];    /* output channel, row, column, input channel */
  int32_t input_zero_point;
  int32_t weights_zero_point;
  int32_t output_zero_point;
  int32_t outside;            /* what a tap outside the image counts: its code minus the zero point, so 0 */
  int32_t mirrored;           /* the kernel is applied from its other end */
  int32_t low, high;
  naive_rounding rounding;
  naive_accumulator accumulator;
  const int8_t *weights;
  const int32_t *bias;
  const naive_factor *factors; /* one a channel */
} naive_product;

static inline int32_t naive_accumulate(int32_t sum, int32_t term, naive_accumulator accumulator)
{
  const int32_t next = (int32_t)((uint32_t)sum + (uint32_t)term);
  switch (accumulator) {
  case NAIVE_16_BITS_SATURATING:
    return naive_clamp(next, INT16_MIN, INT16_MAX);
  case NAIVE_16_BITS_WRAPPING:
    return (int32_t)(int16_t)(uint16_t)next;
  case NAIVE_32_BITS:
  default:
    return next;
  }
}

/* Products of one output. */
static inline int32_t naive_sum(const naive_product *p, const int8_t *input, int32_t batch, int32_t row, int32_t column, int32_t channel)
{
  const int32_t first_channel = channel / p->outputs_per_group * p->depth;
  int32_t sum = 0;
  for (int32_t ky = 0; ky < p->kernel_rows; ky++) {
    for (int32_t kx = 0; kx < p->kernel_columns; kx++) {
      const int32_t y = row * p->stride_rows - p->pad_rows + ky * p->dilation_rows;
      const int32_t x = column * p->stride_columns - p->pad_columns + kx * p->dilation_columns;
      const int32_t wy = p->mirrored ? p->kernel_rows - 1 - ky : ky;
      const int32_t wx = p->mirrored ? p->kernel_columns - 1 - kx : kx;
      const int is_inside = y >= 0 && y < p->in_rows && x >= 0 && x < p->in_columns;
      for (int32_t i = 0; i < p->depth; i++) {
        const int32_t at = batch * p->in_steps[0] + y * p->in_steps[1] + x * p->in_steps[2] + (first_channel + i) * p->in_steps[3];
        const int32_t value = is_inside ? input[at] - p->input_zero_point : p->outside;
        const int32_t weight = p->weights[channel * p->weight_steps[0] + wy * p->weight_steps[1] + wx * p->weight_steps[2] + i * p->weight_steps[3]] - p->weights_zero_point;
        sum = naive_accumulate(sum, value * weight, p->accumulator);
      }
    }
  }
  return naive_accumulate(sum, p->bias[channel], p->accumulator);
}

static inline void naive_run_product(const naive_product *p, const int8_t *input, int8_t *output)
{
  for (int32_t batch = 0; batch < p->batches; batch++) {
    for (int32_t row = 0; row < p->out_rows; row++) {
      for (int32_t column = 0; column < p->out_columns; column++) {
        for (int32_t channel = 0; channel < p->out_channels; channel++) {
          const int32_t sum = naive_sum(p, input, batch, row, column, channel);
          const int32_t code = naive_requantise(sum, &p->factors[channel], p->rounding) + p->output_zero_point;
          const int32_t at = batch * p->out_steps[0] + row * p->out_steps[1] + column * p->out_steps[2] + channel * p->out_steps[3];
          output[at] = (int8_t)naive_clamp(code, p->low, p->high);
        }
      }
    }
  }
}

#endif
