/* nn_dsp_depthwise.h: DEPTHWISE_CONV_2D, int8, for cores with 16-bit SIMD; no dilation across a row.
 *
 * Channel by channel: the image of one channel, less its zero point and with zeros around it, is a plane of 16-bit
 * numbers in scratch memory; there two taps of a row of a window are a word, and one multiplication. Four channels are
 * made into planes together, because they are one word of the input.
 */
#ifndef NN_DSP_DEPTHWISE_H
#define NN_DSP_DEPTHWISE_H

#include "nn_dsp_plane.h"
#include "nn_window.h"

typedef struct nn_dsp_depthwise {
  nn_window window;
  int32_t multiplier;      /* output channels an input channel */
  const int8_t *weights;   /* [output_channels][kernel_height][kernel_width] */
  nn_dsp_channels channels; /* starts are biases */
  int32_t input_zero_point, zero_point;
  int32_t lanes;           /* channels at a time: 4 with a multiplier of 1 and channels by fours, else 1 */
  int32_t rows;            /* of output at a time */
  int32_t plane_width;     /* even: what the windows of a row of output read, and up to 3 elements more */
} nn_dsp_depthwise;

/* Rows of one output channel from its plane: windows 3x3, one or two columns apart, no dilation. */
NN_DSP_SHARED void nn_dsp_windows_3x3(const nn_dsp_depthwise *p, int32_t channel, int32_t rows, const int8_t *plane, int8_t *output)
{
  const int8_t *weights = p->weights + 9 * channel;
  nn_dsp_plane each;
  for (int32_t row = 0; row < 3; row++) {
    const int32_t middle = weights[1];
    each.first[row] = nn_lanes(weights[0], middle);
    each.second[row] = nn_lanes(middle, weights[2]);
    weights += 3;
  }
  nn_dsp_unpack(&p->channels, channel, &each.channel);
  each.zero_point = p->zero_point;
  each.rows = rows;
  each.columns = p->window.output_width;
  each.step = p->window.output_channels;
  each.pitch = 2 * p->plane_width;
  each.advance = each.pitch * p->window.stride_height;
  if (p->window.stride_width == 1) {
    nn_dsp_dense_windows(&each, plane, output);
  } else {
    nn_dsp_strided_windows(&each, plane, output);
  }
}

/* The same for any windows. pairs: scratch of kernel_height * (kernel_width + 1) / 2 words. */
NN_DSP_SHARED void nn_dsp_windows_any(const nn_dsp_depthwise *p, int32_t channel, int32_t rows, const int8_t *plane, int8_t *output, uint32_t *pairs)
{
  const nn_window *w = &p->window;
  const int32_t each = (w->kernel_width + 1) >> 1;
  const int8_t *weights = p->weights + w->kernel_height * w->kernel_width * channel;
  nn_dsp_channel unpacked;
  nn_dsp_unpack(&p->channels, channel, &unpacked);
  for (int32_t row = 0; row < w->kernel_height; row++) {
    for (int32_t k = 0; k < each; k++) {
      pairs[row * each + k] = nn_lanes(weights[2 * k], 2 * k + 1 < w->kernel_width ? weights[2 * k + 1] : 0);
    }
    weights += w->kernel_width;
  }
  for (; rows > 0; rows--) {
    const int8_t *from = plane;
    for (int32_t left = w->output_width; left > 0; left--) {
      const uint32_t *pair = pairs;
      const int8_t *x = from;
      int32_t sum = unpacked.start;
      for (int32_t row = w->kernel_height; row > 0; row--) {
        for (int32_t k = 0; k < each; k++) {
          sum = nn_smlad(nn_load4(x + 4 * k), *pair++, sum);
        }
        x += 2 * p->plane_width * w->dilation_height;
      }
      *output = nn_dsp_code(sum, &unpacked, p->zero_point);
      output += w->output_channels;
      from += 2 * w->stride_width;
    }
    plane += 2 * p->plane_width * w->stride_height;
  }
}

NN_DSP_INLINE void nn_dsp_zero(int8_t *to, int32_t words)
{
  for (; words > 0; words--) {
    NN_DSP_KEEP_LOOP();
    nn_store4(to, 0);
    to += 4;
  }
}

NN_DSP_INLINE void nn_dsp_put(int8_t *to, uint32_t low_lane)
{
  const uint16_t value = (uint16_t)low_lane;
  memcpy(to, &value, sizeof value);
}

/* `count` positions of a row, `step` bytes apart, less the zero point: four channels into four planes of `size` bytes. */
NN_DSP_INLINE void nn_dsp_spread_lanes(const int8_t *input, int32_t step, int32_t count, int32_t zero_point, int8_t *plane, int32_t size)
{
  const uint32_t offset = nn_lanes(-zero_point, -zero_point);
  for (; count > 0; count -= 2) {
    const uint32_t a = nn_load4(input);
    const uint32_t a02 = nn_sxtab16(offset, a);
    const uint32_t a13 = nn_sxtab16_odd(offset, a);
    if (count == 1) {
      nn_dsp_put(plane, a02);
      nn_dsp_put(plane + size, a13);
      nn_dsp_put(plane + 2 * size, a02 >> 16);
      nn_dsp_put(plane + 3 * size, a13 >> 16);
      break;
    }
    const uint32_t b = nn_load4(input + step);
    const uint32_t b02 = nn_sxtab16(offset, b);
    const uint32_t b13 = nn_sxtab16_odd(offset, b);
    nn_store4(plane, nn_both_low(a02, b02));
    nn_store4(plane + size, nn_both_low(a13, b13));
    nn_store4(plane + 2 * size, nn_both_high(a02, b02));
    nn_store4(plane + 3 * size, nn_both_high(a13, b13));
    input += 2 * step;
    plane += 4;
  }
}

/* The same for one channel. */
NN_DSP_INLINE void nn_dsp_spread_lane(const int8_t *input, int32_t step, int32_t count, int32_t zero_point, int8_t *plane)
{
  for (; count > 0; count--) {
    nn_dsp_put(plane, (uint32_t)(*input - zero_point));
    input += step;
    plane += 2;
  }
}

/* `count` rows of the input from y on, of the channels from `input` on, into the planes; size: bytes of a plane. */
NN_DSP_SHARED void nn_dsp_planes(const nn_dsp_depthwise *p, const int8_t *input, int32_t y, int32_t count, int8_t *plane, int32_t size)
{
  const int32_t height = p->window.input_height;
  const int32_t width = p->window.input_width;
  const int32_t step = p->window.input_channels;
  const int32_t before = p->window.pad_left;
  const int32_t columns = width + before < p->plane_width ? width : p->plane_width - before;
  for (; count > 0; count--) {
    if (y < 0 || y >= height) {
      for (int32_t lane = 0; lane < p->lanes; lane++) {
        nn_dsp_zero(plane + lane * size, p->plane_width >> 1);
      }
    } else if (p->lanes == 4) {
      nn_dsp_spread_lanes(input + y * width * step, step, columns, p->input_zero_point, plane + 2 * before, size);
    } else {
      nn_dsp_spread_lane(input + y * width * step, step, columns, p->input_zero_point, plane + 2 * before);
    }
    plane += 2 * p->plane_width;
    y++;
  }
}

/* Rows of a plane for so many rows of windows. */
NN_DSP_INLINE int32_t nn_dsp_plane_rows(const nn_window *w, int32_t rows)
{
  return (rows - 1) * w->stride_height + (w->kernel_height - 1) * w->dilation_height + 1;
}

NN_DSP_INLINE void nn_dsp_depthwise_planes(const nn_dsp_depthwise *p, const int8_t *input, int8_t *output, int8_t *scratch, int small)
{
  const nn_window *w = &p->window;
  const int32_t size = 2 * p->plane_width * nn_dsp_plane_rows(w, p->rows);
  uint32_t *pairs = (uint32_t *)(void *)(scratch + p->lanes * size);
  nn_dsp_zero(scratch, p->lanes * size >> 2); /* the columns of padding stay 0 */
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t block = 0; block < w->output_channels; block += p->lanes) {
      for (int32_t row = 0; row < w->output_height; row += p->rows) {
        const int32_t left = w->output_height - row;
        const int32_t rows = left < p->rows ? left : p->rows;
        const int8_t *plane = scratch;
        int8_t *to = output + row * w->output_width * w->output_channels + block;
        nn_dsp_planes(p, input + block / p->multiplier, row * w->stride_height - w->pad_top, nn_dsp_plane_rows(w, rows), scratch, size);
        for (int32_t lane = 0; lane < p->lanes; lane++) {
          if (small) {
            nn_dsp_windows_3x3(p, block + lane, rows, plane, to + lane);
          } else {
            nn_dsp_windows_any(p, block + lane, rows, plane, to + lane, pairs);
          }
          plane += size;
        }
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
    output += w->output_height * w->output_width * w->output_channels;
  }
}

/* Windows 3x3, one or two columns apart, no dilation. input [batches][height][width][channels] -> output; they may be the
 * same memory where they have the same shape and all rows are done at a time. scratch: `lanes` planes [plane_rows(rows)]
 * [plane_width] int16, aligned to 4 bytes. */
NN_DSP_SHARED void nn_dsp_run_depthwise_3x3(const nn_dsp_depthwise *p, const int8_t *input, int8_t *output, int8_t *scratch)
{
  nn_dsp_depthwise_planes(p, input, output, scratch, 1);
}

/* Any windows without dilation across a row; after the planes kernel_height * (kernel_width + 1) / 2 words of scratch. */
NN_DSP_SHARED void nn_dsp_run_depthwise(const nn_dsp_depthwise *p, const int8_t *input, int8_t *output, int8_t *scratch)
{
  nn_dsp_depthwise_planes(p, input, output, scratch, 0);
}

#endif
