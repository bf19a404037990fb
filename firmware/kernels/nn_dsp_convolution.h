/* nn_dsp_convolution.h: CONV_2D, int8, for cores with 16-bit SIMD; no groups, no dilation across a row.
 *
 * Two output positions at a time: their windows are put side by side in scratch memory as nn_dsp_channel_pairs() wants them,
 * then go against all output channels, two by two.
 * The taps of a window are in the order of nn_dsp_window().
 */
#ifndef NN_DSP_CONVOLUTION_H
#define NN_DSP_CONVOLUTION_H

#include "nn_dsp_channel.h"
#include "nn_dsp_positions.h"
#include "nn_window.h"

typedef struct nn_dsp_convolution {
  nn_window window;
  const uint32_t *weights; /* [output_channels / 2][steps][2]; the second row of a last odd channel is zeros */
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

/* Inputs as they are to a column. */
NN_DSP_INLINE uint32_t *nn_dsp_spread(uint32_t *column, const int8_t *x, int32_t steps)
{
  for (; steps >= 2; steps -= 2) {
    const uint32_t word = nn_load4(x);
    const uint32_t next = nn_load4(x + 4);
    column[0] = nn_sxtb16(word);
    column[2] = word ^ NN_DSP_MIXED;
    column[4] = nn_sxtb16(next);
    column[6] = next ^ NN_DSP_MIXED;
    column += 8;
    x += 8;
  }
  if (steps > 0) {
    const uint32_t word = nn_load4(x);
    column[0] = nn_sxtb16(word);
    column[2] = word ^ NN_DSP_MIXED;
    column += 4;
  }
  return column;
}

static inline int8_t *nn_dsp_fill(int8_t *to, int32_t count, int32_t value)
{
  for (; count > 0; count--) {
    NN_DSP_KEEP_LOOP();
    *to++ = (int8_t)value;
  }
  return to;
}

/* A row of a window that is not inside the image as a whole: with the zero point where it is outside. */
NN_DSP_SHARED const int8_t *nn_dsp_border_row(const nn_dsp_convolution *p, const int8_t *image, int32_t y, int32_t x, int8_t *patch)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  const int32_t begin = x < 0 ? 0 : x;
  const int32_t beyond = x + w->kernel_width;
  const int32_t end = beyond > w->input_width ? w->input_width : beyond;
  if (y < 0 || y >= w->input_height || begin >= end) {
    nn_dsp_fill(patch, w->kernel_width * channels, p->input_zero_point);
    return patch;
  }
  const int8_t *from = image + (y * w->input_width + begin) * channels;
  int8_t *to = nn_dsp_fill(patch, (begin - x) * channels, p->input_zero_point);
  for (int32_t count = (end - begin) * channels; count > 0; count--) {
    NN_DSP_KEEP_LOOP();
    *to++ = *from++;
  }
  nn_dsp_fill(to, (beyond - end) * channels, p->input_zero_point);
  return patch;
}

/* The window at (y, x) of the input to a column: the whole words of each row, then what is left of all rows together.
 * patch: scratch of a row and of what is left, each rounded up to words. */
NN_DSP_SHARED void nn_dsp_window(const nn_dsp_convolution *p, const int8_t *image, int32_t y, int32_t x, uint32_t *column, int8_t *patch)
{
  const nn_window *w = &p->window;
  const int32_t pitch = w->input_width * w->input_channels;
  const int32_t run = w->kernel_width * w->input_channels;
  const int32_t whole = run & ~3;
  const int32_t left = run & 3;
  const int32_t inside = y >= 0 && x >= 0 && x + w->kernel_width <= w->input_width &&
                         y + (w->kernel_height - 1) * w->dilation_height < w->input_height;
  int8_t *rest = patch + ((run + 3) & ~3);
  for (int32_t row = 0; row < w->kernel_height; row++) {
    const int8_t *from = inside ? image + y * pitch + x * w->input_channels : nn_dsp_border_row(p, image, y, x, patch);
    column = nn_dsp_spread(column, from, whole >> 2);
    for (int32_t k = 0; k < left; k++) {
      NN_DSP_KEEP_LOOP();
      *rest++ = from[whole + k];
    }
    y += w->dilation_height;
  }
  if (left > 0) {
    nn_dsp_spread(column, patch + ((run + 3) & ~3), (left * w->kernel_height + 3) >> 2);
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
  const nn_dsp_windows windows = {columns, p->steps, p->zero_point};
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
            nn_dsp_positions(&windows, channels, count, weights, waiting, at);
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
      nn_dsp_positions(&windows, channels, count, weights, waiting, waiting);
    }
  }
}

#endif
