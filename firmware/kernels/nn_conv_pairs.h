/* nn_conv_pairs.h: CONV_2D, int8, two output positions at a time: every weight is loaded and multiplied once for both. */
#ifndef NN_CONV_PAIRS_H
#define NN_CONV_PAIRS_H

#include <stdint.h>
#include <string.h>

#include "nn_packed_channels.h"
#include "nn_pairs.h"
#include "nn_window.h"

typedef struct nn_conv_pairs nn_conv_pairs;

/* All output channels of two positions from their pairs: nn_conv_pair or nn_conv_live_pair. */
typedef void (*nn_conv_pair_kernel)(const nn_conv_pairs *c, const nn_channel *channels, const int32_t *pairs, int8_t *p, int8_t *q);

struct nn_conv_pairs {
  nn_window window;
  uint16_t unfolded;     /* the input zero point has to be folded into the unpacked channels */
  int32_t taps;          /* kernel_height * kernel_width * input_channels */
  const int8_t *weights; /* [output channels that are not constant][taps], and up to 3 more bytes that can be read */
  nn_channels channels;  /* [output_channels] */
  nn_codes codes;
  int32_t input_zero_point;
  nn_conv_pair_kernel pair;
};

/* Where the window of one output position begins in the image; above and left of it where there is padding. */
typedef struct nn_place {
  const int8_t *image;
  int32_t y, x, column;
} nn_place;

static inline void nn_place_next(const nn_window *w, nn_place *place)
{
  place->column++;
  place->x += w->stride_width;
  if (place->column == w->output_width) {
    place->column = 0;
    place->x = -(int32_t)w->pad_left;
    place->y += w->stride_height;
  }
}

/* The channels of the pixel at (y, x), or `fill` outside the image. */
static inline const int8_t *nn_pixel(const nn_window *w, const int8_t *image, int32_t y, int32_t x, const int8_t *fill)
{
  if (y < 0 || y >= w->input_height || x < 0 || x >= w->input_width) {
    return fill;
  }
  return image + (y * w->input_width + x) * w->input_channels;
}

static inline int32_t *nn_pair_up(int32_t *pairs, const int8_t *p, const int8_t *q, int32_t n)
{
  for (int32_t i = 0; i < n; i++) {
    *pairs++ = p[i] + q[i] * 65536;
  }
  return pairs;
}

/* The patches of two positions as pairs, in the order of the weights. */
NN_SHARED void nn_gather_pairs(const nn_conv_pairs *c, const nn_place *p, const nn_place *q, const int8_t *fill, int32_t *pairs)
{
  const nn_window *w = &c->window;
  const int32_t run = w->kernel_width * w->input_channels;
  const int32_t last = (w->kernel_width - 1) * w->dilation_width;
  const int32_t whole = w->dilation_width == 1 && p->x >= 0 && q->x >= 0 && p->x + last < w->input_width && q->x + last < w->input_width;
  int32_t down = 0;
  for (int32_t ky = 0; ky < w->kernel_height; ky++) {
    const int32_t py = p->y + down;
    const int32_t qy = q->y + down;
    if (whole && py >= 0 && qy >= 0 && py < w->input_height && qy < w->input_height) {
      pairs = nn_pair_up(pairs, nn_pixel(w, p->image, py, p->x, fill), nn_pixel(w, q->image, qy, q->x, fill), run);
    } else {
      for (int32_t across = 0; across <= last; across += w->dilation_width) {
        pairs = nn_pair_up(pairs, nn_pixel(w, p->image, py, p->x + across, fill), nn_pixel(w, q->image, qy, q->x + across, fill), w->input_channels);
      }
    }
    down += w->dilation_height;
  }
  for (int32_t k = c->taps; (k & 3) != 0; k++) {
    *pairs++ = 0;
  }
}

NN_SHARED void nn_conv_pair(const nn_conv_pairs *c, const nn_channel *channel, const int32_t *pairs, int8_t *p, int8_t *q)
{
  const int32_t taps = (c->taps + 3) & ~3;
  NN_OWN_CODES(codes, &c->codes);
  const int8_t *a = c->weights;
  for (int32_t left = c->window.output_channels; left > 0; left -= 2) {
    const int8_t *b = left > 1 ? a + c->taps : a;
    nn_pair_sums sums;
    nn_pairs_dot(pairs, a, b, taps, &sums);
    *p++ = nn_channel_code(channel, codes, nn_pairs_lower(sums.whole_a, sums.upper_a, taps));
    *q++ = nn_channel_code(channel, codes, sums.upper_a);
    if (left > 1) {
      channel++;
      *p++ = nn_channel_code(channel, codes, nn_pairs_lower(sums.whole_b, sums.upper_b, taps));
      *q++ = nn_channel_code(channel, codes, sums.upper_b);
      channel++;
    }
    a = b + c->taps;
  }
}

/* The next channel from `k` on that is not constant, or output_channels; writes the codes of those before it. */
static inline int32_t nn_conv_next_live(const nn_conv_pairs *c, const nn_channel *channels, int32_t k, int8_t *p, int8_t *q)
{
  for (; k < c->window.output_channels && channels[k].multiplier == 0; k++) {
    p[k] = q[k] = (int8_t)channels[k].bias_shift;
  }
  return k;
}

/* The same where channels with multiplier 0 are constant and have no weights. */
NN_SHARED void nn_conv_live_pair(const nn_conv_pairs *c, const nn_channel *channels, const int32_t *pairs, int8_t *p, int8_t *q)
{
  const int32_t taps = (c->taps + 3) & ~3;
  const int32_t count = c->window.output_channels;
  const int8_t *a = c->weights;
  int32_t k = nn_conv_next_live(c, channels, 0, p, q);
  while (k < count) {
    const int32_t next = nn_conv_next_live(c, channels, k + 1, p, q);
    const int8_t *b = next < count ? a + c->taps : a;
    nn_pair_sums sums;
    nn_pairs_dot(pairs, a, b, taps, &sums);
    p[k] = nn_channel_code(&channels[k], &c->codes, nn_pairs_lower(sums.whole_a, sums.upper_a, taps));
    q[k] = nn_channel_code(&channels[k], &c->codes, sums.upper_a);
    k = next;
    if (next < count) {
      p[k] = nn_channel_code(&channels[k], &c->codes, nn_pairs_lower(sums.whole_b, sums.upper_b, taps));
      q[k] = nn_channel_code(&channels[k], &c->codes, sums.upper_b);
      k = nn_conv_next_live(c, channels, k + 1, p, q);
    }
    a = b + c->taps;
  }
}

/* Folds the input zero point into the biases of all channels. */
NN_SHARED void nn_conv_pairs_fold(const nn_conv_pairs *c, nn_channel *channels)
{
  const int8_t *w = c->weights;
  for (int32_t left = c->window.output_channels; left > 0; left--) {
    if (channels->multiplier != 0) {
      const int8_t *const end = w + c->taps;
      int32_t sum = 0;
      while (w != end) {
        sum += *w++;
      }
      channels->bias_shift -= 32 * c->input_zero_point * sum;
    }
    channels++;
  }
}

/* input [batches][height][width][channels] -> output; they must not overlap, but for a 1x1 window that goes over every
 * pixel and has no more outputs than inputs the output may be where the input is: a pixel is read before it is written.
 * scratch: taps rounded up to 4 words, 8 * output_channels bytes if they are packed, input_channels bytes. */
NN_SHARED void nn_run_conv_pairs(const nn_conv_pairs *c, const int8_t *input, int8_t *output, int8_t *scratch)
{
  const nn_window *w = &c->window;
  const int32_t positions = w->output_height * w->output_width;
  int32_t *const pairs = (int32_t *)(void *)scratch;
  int8_t *fill = scratch + 4 * ((c->taps + 3) & ~3);
  const nn_channel *channels = c->channels.plain;
  if (channels == NULL) {
    nn_channel *const unpacked = (nn_channel *)(void *)fill;
    nn_unpack_channels(&c->channels, w->output_channels, unpacked);
    if (c->unfolded != 0) {
      nn_conv_pairs_fold(c, unpacked);
    }
    channels = unpacked;
    fill = (int8_t *)(unpacked + w->output_channels);
  }
  memset(fill, c->input_zero_point, w->input_channels);
  for (int32_t batch = 0; batch < w->batches; batch++) {
    nn_place p = {input, -(int32_t)w->pad_top, -(int32_t)w->pad_left, 0};
    for (int32_t left = positions; left > 0; left -= 2) {
      nn_place q = p;
      if (left > 1) {
        nn_place_next(w, &q);
      }
      nn_gather_pairs(c, &p, &q, fill, pairs);
      c->pair(c, channels, pairs, output, left > 1 ? output + w->output_channels : output);
      output += left > 1 ? 2 * w->output_channels : w->output_channels;
      p = q;
      nn_place_next(w, &p);
    }
    input += w->input_height * w->input_width * w->input_channels;
  }
}

#endif
