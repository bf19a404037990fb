/* nn_dsp_convolution.h: CONV_2D, int8, for cores with 16-bit SIMD; no groups, no dilation across a row.
 *
 * Two output positions at a time: their windows are put side by side in scratch memory as nn_dsp_dot2x2() wants them,
 * then go against all output channels, two by two.
 */
#ifndef NN_DSP_CONVOLUTION_H
#define NN_DSP_CONVOLUTION_H

#include "nn_dsp_channel.h"
#include "nn_dsp_dot.h"
#include "nn_window.h"

typedef struct nn_dsp_convolution {
  nn_window window;
  const uint32_t *weights; /* [output_channels / 2][steps][2]; with an odd number of channels a row of zeros follows */
  nn_dsp_channels channels;
  int32_t biases;          /* starts are 0: what the sums begin with, 256 times the bias, input zero point folded in, less
                              what nn_dsp_dot.h adds; 1: biases, from which that is computed first */
  int32_t steps;           /* of four inputs, a window */
  int32_t block;           /* even: output channels whose nn_dsp_channel there is scratch memory for */
  int32_t input_zero_point, zero_point;
} nn_dsp_convolution;

/* Channels first..first + count, weights those of the first one. */
NN_DSP_SHARED void nn_dsp_unpack_channels(const nn_dsp_convolution *p, int32_t first, int32_t count, const uint32_t *weights, nn_dsp_channel *channels)
{
  for (int32_t i = 0; i < count; i++) {
    nn_dsp_unpack(&p->channels, first + i, channels + i);
    if (p->biases != 0) {
      const uint32_t *pairs = weights + (i & ~1) * p->steps + (i & 1);
      int32_t all = 0;    /* 256 times the first weights of all pairs, plus the second ones */
      int32_t second = 0; /* the second ones */
      for (int32_t step = 0; step < p->steps; step++) {
        all = nn_smlad(*pairs, 0x00010001u, all);
        second = nn_smlad(nn_sxtb16(*pairs), 0x00010001u, second);
        pairs += 2;
      }
      channels[i].start = 256 * channels[i].start - p->input_zero_point * all - (255 * p->input_zero_point + 127) * second;
    }
  }
}

/* `count` channels at two positions. */
NN_DSP_SHARED void nn_dsp_positions(const nn_dsp_channel *channel, int32_t count, const uint32_t *columns,
                                    const uint32_t *weights, int32_t steps, int32_t zero_point, int8_t *first, int8_t *second)
{
  for (; count > 0; count -= 2) {
    const int32_t next = count > 1 ? 1 : 0; /* a last odd channel is written over its copy */
    int32_t sums[4];
    sums[0] = channel[0].start;
    sums[1] = channel[0].start;
    sums[2] = channel[1].start;
    sums[3] = channel[1].start;
    nn_dsp_dot2x2(sums, columns, weights, steps);
    second[next] = nn_dsp_code(sums[3] >> 8, channel + 1, zero_point);
    first[next] = nn_dsp_code(sums[2] >> 8, channel + 1, zero_point);
    second[0] = nn_dsp_code(sums[1] >> 8, channel, zero_point);
    first[0] = nn_dsp_code(sums[0] >> 8, channel, zero_point);
    channel += 2;
    weights += 2 * steps;
    first += 2;
    second += 2;
  }
}

/* Inputs as they are to a column. */
NN_DSP_INLINE uint32_t *nn_dsp_spread(uint32_t *column, const int8_t *x, int32_t steps)
{
  for (; steps > 0; steps--) {
    const uint32_t word = nn_load4(x);
    column[0] = nn_sxtb16(word);
    column[2] = word ^ NN_DSP_MIXED;
    column += 4;
    x += 4;
  }
  return column;
}

static inline int8_t *nn_dsp_fill(int8_t *to, int32_t count, int8_t value)
{
  for (; count > 0; count--) {
    NN_DSP_KEEP_LOOP();
    *to++ = value;
  }
  return to;
}

static inline int8_t *nn_dsp_copy(int8_t *to, const int8_t *from, int32_t count)
{
  for (; count >= 4; count -= 4) {
    NN_DSP_KEEP_LOOP();
    nn_store4(to, nn_load4(from));
    to += 4;
    from += 4;
  }
  for (; count > 0; count--) {
    NN_DSP_KEEP_LOOP();
    *to++ = *from++;
  }
  return to;
}

/* The window at (y, x) of the input to a column. patch: scratch of a window, or of a row of one that is whole words. */
NN_DSP_SHARED void nn_dsp_window(const nn_dsp_convolution *p, const int8_t *image, int32_t y, int32_t x, uint32_t *column, int8_t *patch)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  const int32_t run = w->kernel_width * channels;
  const int32_t before = x < 0 ? (-x < w->kernel_width ? -x : w->kernel_width) : 0;
  const int32_t beyond = x + w->kernel_width - w->input_width;
  const int32_t after = beyond > 0 ? (beyond < w->kernel_width ? beyond : w->kernel_width) : 0;
  const int32_t inside = w->kernel_width - before - after > 0 ? w->kernel_width - before - after : 0;
  const int8_t fill = (int8_t)p->input_zero_point;
  int8_t *at = patch;
  for (int32_t rows = w->kernel_height; rows > 0; rows--) {
    const int8_t *row = at;
    if (y < 0 || y >= w->input_height || inside == 0) {
      at = nn_dsp_fill(at, run, fill);
    } else {
      row = image + (y * w->input_width + x + before) * channels;
      if (inside < w->kernel_width || (run & 3) != 0) {
        at = nn_dsp_fill(at, before * channels, fill);
        at = nn_dsp_copy(at, row, inside * channels);
        at = nn_dsp_fill(at, after * channels, fill);
        row = at - run;
      }
    }
    if ((run & 3) == 0) {
      column = nn_dsp_spread(column, row, run >> 2);
      at = patch;
    }
    y += w->dilation_height;
  }
  if ((run & 3) != 0) {
    nn_dsp_spread(column, patch, p->steps);
  }
}

/* input [batches][height][width][channels] -> output; they may be the same memory where the window is 1x1, its stride 1,
 * all channels are one block and there are no more of them than in the input.
 * scratch: `block` nn_dsp_channel, 4 * steps words, then the patch; aligned to 4 bytes. */
NN_DSP_SHARED void nn_dsp_run_convolution(const nn_dsp_convolution *p, const int8_t *input, int8_t *output, void *scratch)
{
  const nn_window *w = &p->window;
  nn_dsp_channel *channels = (nn_dsp_channel *)scratch;
  uint32_t *columns = (uint32_t *)(void *)(channels + p->block);
  int8_t *patch = (int8_t *)(columns + 4 * p->steps);
  for (int32_t block = 0; block < w->output_channels; block += p->block) {
    const int32_t left = w->output_channels - block;
    const int32_t count = left < p->block ? left : p->block;
    const uint32_t *weights = p->weights + block * p->steps;
    const int8_t *image = input;
    int8_t *at = output + block;
    int8_t *waiting = NULL; /* the position whose window is in column 0 */
    nn_dsp_unpack_channels(p, block, count, weights, channels);
    for (int32_t batch = 0; batch < w->batches; batch++) {
      int32_t y = -w->pad_top;
      for (int32_t row = 0; row < w->output_height; row++) {
        int32_t x = -w->pad_left;
        for (int32_t column = 0; column < w->output_width; column++) {
          nn_dsp_window(p, image, y, x, columns + (waiting == NULL ? 0 : 1), patch);
          if (waiting == NULL) {
            waiting = at;
          } else {
            nn_dsp_positions(channels, count, columns, weights, p->steps, p->zero_point, waiting, at);
            waiting = NULL;
          }
          at += w->output_channels;
          x += w->stride_width;
        }
        y += w->stride_height;
      }
      image += w->input_height * w->input_width * w->input_channels;
    }
    if (waiting != NULL) { /* the other column is of an older position, and overwritten at once */
      nn_dsp_positions(channels, count, columns, weights, p->steps, p->zero_point, waiting, waiting);
    }
  }
}

#endif
