/* nn_dsp_depthwise.h: DEPTHWISE_CONV_2D with 3x3 windows, int8, for cores with 16-bit SIMD.
 *
 * Channel by channel: the image of one channel, less its zero point and with zeros around it, is a plane of 16-bit
 * numbers in scratch memory; there a row of a window is two words, and a window six products of two. Four channels
 * are made into planes together, because they are one word of the input.
 */
#ifndef NN_DSP_DEPTHWISE_H
#define NN_DSP_DEPTHWISE_H

#include "nn_dsp_channel.h"
#include "nn_window.h"

typedef struct nn_dsp_depthwise {
  nn_window window;        /* kernel 3x3, stride_width 1 or 2, no dilation */
  int32_t multiplier;      /* output channels an input channel */
  const int8_t *weights;   /* [output_channels][9] */
  const int32_t *start;    /* [output_channels]: the bias */
  nn_dsp_factors factors;
  int32_t input_zero_point, zero_point;
  int32_t lanes;           /* channels at a time: 4 with a multiplier of 1 and channels by fours, else 1 */
  int32_t rows;            /* of output at a time */
  int32_t plane_width;     /* even: what the windows of a row of output read, and up to 3 elements more */
} nn_dsp_depthwise;

/* The two words of a row of a window hold x0, x1 and x2, x3; those of its weights w0, w1 and w1, w2. */
NN_DSP_INLINE int32_t nn_dsp_taps(int32_t sum, uint32_t x01, uint32_t x23, uint32_t w01, uint32_t w12)
{
  return nn_smlabt(x23, w12, nn_smlad(x01, w01, sum)); /* x0 w0 + x1 w1 + x2 w2 */
}

NN_DSP_INLINE int32_t nn_dsp_next_taps(int32_t sum, uint32_t x01, uint32_t x23, uint32_t w01, uint32_t w12)
{
  return nn_smlad(x23, w12, nn_smlatb(x01, w01, sum)); /* x1 w0 + x2 w1 + x3 w2 */
}

/* Rows of one channel: plane [3 + (rows - 1) * stride_height][plane_width] -> output, its elements `step` apart. */
NN_DSP_SHARED void nn_dsp_plane(const nn_dsp_depthwise *p, const nn_dsp_channel *channel, const int8_t *weights,
                                const uint32_t *plane, int32_t rows, int8_t *output)
{
  const int32_t width = p->plane_width >> 1;
  const int32_t step = p->window.output_channels;
  const uint32_t w0 = nn_lanes(weights[0], weights[1]);
  const uint32_t v0 = nn_lanes(weights[1], weights[2]);
  const uint32_t w1 = nn_lanes(weights[3], weights[4]);
  const uint32_t v1 = nn_lanes(weights[4], weights[5]);
  const uint32_t w2 = nn_lanes(weights[6], weights[7]);
  const uint32_t v2 = nn_lanes(weights[7], weights[8]);
  const int32_t each = p->window.stride_width == 1 ? 2 : 1;
  for (; rows > 0; rows--) {
    const uint32_t *x = plane;
    for (int32_t left = p->window.output_width; left > 0; left -= each) {
      uint32_t x01;
      uint32_t x23;
      int32_t sum = channel->start;
      int32_t next = sum;
      nn_load_pair(x, &x01, &x23);
      sum = nn_dsp_taps(sum, x01, x23, w0, v0);
      next = nn_dsp_next_taps(next, x01, x23, w0, v0);
      nn_load_pair(x + width, &x01, &x23);
      sum = nn_dsp_taps(sum, x01, x23, w1, v1);
      next = nn_dsp_next_taps(next, x01, x23, w1, v1);
      nn_load_pair(x + 2 * width, &x01, &x23);
      sum = nn_dsp_taps(sum, x01, x23, w2, v2);
      next = nn_dsp_next_taps(next, x01, x23, w2, v2);
      *output = nn_dsp_code(sum, channel, p->zero_point);
      output += step;
      if (each == 2 && left > 1) {
        *output = nn_dsp_code(next, channel, p->zero_point);
        output += step;
      }
      x++;
    }
    plane += width * p->window.stride_height;
  }
}

/* `count` positions of a row of four channels, input `step` apart, into four planes of `size` bytes; offset: what to add
 * to a value, in both lanes. */
NN_DSP_INLINE void nn_dsp_lanes4(const int8_t *input, int32_t step, int32_t count, uint32_t offset, int8_t *plane, int32_t size)
{
  for (; count > 1; count -= 2) {
    const uint32_t a = nn_load4(input);
    const uint32_t b = nn_load4(input + step);
    const uint32_t a02 = nn_sxtab16(offset, a);
    const uint32_t b02 = nn_sxtab16(offset, b);
    const uint32_t a13 = nn_sxtab16_odd(offset, a);
    const uint32_t b13 = nn_sxtab16_odd(offset, b);
    nn_store4(plane, (a02 & 0xFFFFu) | b02 << 16);
    nn_store4(plane + size, (a13 & 0xFFFFu) | b13 << 16);
    nn_store4(plane + 2 * size, a02 >> 16 | (b02 & 0xFFFF0000u));
    nn_store4(plane + 3 * size, a13 >> 16 | (b13 & 0xFFFF0000u));
    input += 2 * step;
    plane += 4;
  }
  if (count > 0) {
    const uint32_t a = nn_load4(input);
    const uint32_t a02 = nn_sxtab16(offset, a);
    const uint32_t a13 = nn_sxtab16_odd(offset, a);
    const uint16_t values[4] = {(uint16_t)a02, (uint16_t)a13, (uint16_t)(a02 >> 16), (uint16_t)(a13 >> 16)};
    for (int32_t lane = 0; lane < 4; lane++) {
      memcpy(plane + lane * size, values + lane, 2);
    }
  }
}

NN_DSP_INLINE void nn_dsp_lane(const int8_t *input, int32_t step, int32_t count, int32_t offset, int8_t *plane)
{
  for (; count > 0; count--) {
    const int16_t value = (int16_t)(*input + offset);
    memcpy(plane, &value, 2);
    input += step;
    plane += 2;
  }
}

/* Input rows y..y + count of the channels from `input` on into the planes; size: bytes of a plane. */
NN_DSP_SHARED void nn_dsp_planes(const nn_dsp_depthwise *p, const int8_t *input, int32_t y, int32_t count, int8_t *plane, int32_t size)
{
  const nn_window *w = &p->window;
  const int32_t reach = 2 * p->plane_width - 2 * w->pad_left;
  const int32_t columns = 2 * w->input_width < reach ? w->input_width : reach >> 1;
  for (; count > 0; count--) {
    if (y < 0 || y >= w->input_height) {
      for (int32_t lane = 0; lane < p->lanes; lane++) {
        memset(plane + lane * size, 0, (size_t)p->plane_width * 2u);
      }
    } else {
      const int8_t *row = input + y * w->input_width * w->input_channels;
      if (p->lanes == 4) {
        nn_dsp_lanes4(row, w->input_channels, columns, nn_lanes(-p->input_zero_point, -p->input_zero_point), plane + 2 * w->pad_left, size);
      } else {
        nn_dsp_lane(row, w->input_channels, columns, -p->input_zero_point, plane + 2 * w->pad_left);
      }
    }
    plane += 2 * p->plane_width;
    y++;
  }
}

/* input [batches][height][width][channels] -> output; they may be the same memory where they have the same shape and
 * all rows are done at a time. scratch: `lanes` planes of (3 + (rows - 1) * stride_height) * plane_width int16, aligned
 * to 4 bytes. */
NN_DSP_SHARED void nn_dsp_run_depthwise(const nn_dsp_depthwise *p, const int8_t *input, int8_t *output, void *scratch)
{
  const nn_window *w = &p->window;
  const int32_t size = 2 * p->plane_width * (3 + (p->rows - 1) * w->stride_height);
  memset(scratch, 0, (size_t)(p->lanes * size)); /* the columns of padding stay 0 */
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t block = 0; block < w->output_channels; block += p->lanes) {
      for (int32_t row = 0; row < w->output_height; row += p->rows) {
        const int32_t left = w->output_height - row;
        const int32_t rows = left < p->rows ? left : p->rows;
        int8_t *plane = (int8_t *)scratch;
        nn_dsp_planes(p, input + block / p->multiplier, row * w->stride_height - w->pad_top, 3 + (rows - 1) * w->stride_height, plane, size);
        for (int32_t channel = block; channel < block + p->lanes; channel++) {
          nn_dsp_channel unpacked;
          unpacked.start = p->start[channel];
          nn_dsp_unpack(&p->factors, channel, &unpacked);
          nn_dsp_plane(p, &unpacked, p->weights + 9 * channel, (const uint32_t *)(const void *)plane, rows,
                       output + row * w->output_width * w->output_channels + channel);
          plane += size;
        }
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
    output += w->output_height * w->output_width * w->output_channels;
  }
}

#endif
