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
  nn_dsp_channels channels; /* starts are biases */
  int32_t input_zero_point, zero_point;
  int32_t lanes;           /* channels at a time: 4 with a multiplier of 1 and channels by fours, else 1 */
  int32_t rows;            /* of output at a time */
  int32_t plane_width;     /* even: what the windows of a row of output read, and up to 3 elements more */
} nn_dsp_depthwise;

/* Where one channel's planes are computed from and to; distances in bytes. */
typedef struct nn_dsp_plane {
  uint32_t first[3], second[3]; /* weights of each row of the window: w0 and w1, w1 and w2 */
  nn_dsp_channel channel;
  int32_t zero_point;           /* directly after the scale */
  int32_t rows, columns;        /* of output */
  int32_t step;                 /* from one element of the output to the next */
  int32_t pitch;                /* from one row of the plane to the next */
  int32_t advance;              /* from one row of windows to the next */
} nn_dsp_plane;

#if NN_DSP_ASM
/* Operands of the loops below. The weights stay in registers; what is needed once in an iteration comes from memory. */
#define NN_DSP_PLANE_OPERANDS                                                                                              \
  [x] "+r"(x), [y] "+r"(y), [sum] "=&r"(sum), [next] "=&r"(next), [a] "=&r"(a), [b] "=&r"(b), [end] "+m"(end), [rows] "+m"(rows) \
      : [w0] "r"(p->first[0]), [w1] "r"(p->first[1]), [w2] "r"(p->first[2]), [v0] "r"(p->second[0]), [v1] "r"(p->second[1]), \
        [v2] "r"(p->second[2]), [pitch] "r"(p->pitch), [start] "m"(p->channel.start), [multiplier] "m"(p->channel.multiplier),      \
        [scale] "m"(p->channel.scale), [step] "m"(p->step), [skip] "m"(skip), [advance] "m"(p->advance), [excess] "m"(excess)      \
      : "cc", "memory"

/* The next row of windows, if there is one. */
#define NN_DSP_NEXT_ROW             \
  "ldr %[a], %[skip]\n"             \
  "ldr %[b], %[excess]\n"           \
  "add %[x], %[x], %[a]\n"          \
  "ldr %[a], %[advance]\n"          \
  "sub %[y], %[y], %[b]\n"          \
  "ldr %[b], %[end]\n"              \
  "add %[b], %[b], %[a]\n"          \
  "str %[b], %[end]\n"              \
  "ldr %[a], %[rows]\n"             \
  "subs %[a], %[a], #1\n"           \
  "str %[a], %[rows]\n"             \
  "bne 1b\n"
#endif

/* Windows that are one element apart, two at a time: x0 to x2 and x1 to x3. */
NN_DSP_INLINE void nn_dsp_dense_windows(const nn_dsp_plane *p, const int8_t *x, int8_t *y)
{
#if NN_DSP_ASM
  const int8_t *end = x + 2 * p->columns;
  const int32_t pairs = (p->columns + 1) >> 1;
  const int32_t skip = p->advance - 4 * pairs;
  const int32_t excess = (p->columns & 1) != 0 ? p->step : 0;
  int32_t rows = p->rows;
  int32_t sum;
  int32_t next;
  uint32_t a;
  uint32_t b;
  __asm__ volatile(
      "1:\n"
      "ldr %[next], %[start]\n"
      "ldrd %[a], %[b], [%[x]], #4\n"
      "smlad %[sum], %[a], %[w0], %[next]\n"
      "smlatb %[next], %[a], %[w0], %[next]\n"
      "smlabt %[sum], %[b], %[v0], %[sum]\n"
      "smlad %[next], %[b], %[v0], %[next]\n"
      "add %[a], %[x], %[pitch]\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w1], %[sum]\n"
      "smlatb %[next], %[a], %[w1], %[next]\n"
      "smlabt %[sum], %[b], %[v1], %[sum]\n"
      "smlad %[next], %[b], %[v1], %[next]\n"
      "add %[a], %[x], %[pitch], lsl #1\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w2], %[sum]\n"
      "smlatb %[next], %[a], %[w2], %[next]\n"
      "smlabt %[sum], %[b], %[v2], %[sum]\n"
      "smlad %[next], %[b], %[v2], %[next]\n"
      "ldr %[a], %[multiplier]\n"
      "smmlar %[sum], %[sum], %[a], %[sum]\n"
      "smmlar %[next], %[next], %[a], %[next]\n"
      "ldrd %[a], %[b], %[scale]\n" /* and the zero point */
      "add %[sum], %[sum], %[sum], asr #31\n"
      "add %[next], %[next], %[next], asr #31\n"
      "smmlar %[sum], %[sum], %[a], %[b]\n"
      "smmlar %[next], %[next], %[a], %[b]\n"
      "ldr %[b], %[end]\n"
      "ssat %[sum], #8, %[sum]\n"
      "ldr %[a], %[step]\n"
      "cmp %[x], %[b]\n"
      "strb %[sum], [%[y]]\n"
      "ssat %[next], #8, %[next]\n"
      "it ls\n" /* past the end: the second one is no column */
      "strbls %[next], [%[y], %[a]]\n"
      "add %[y], %[y], %[a], lsl #1\n"
      "blo 1b\n" NN_DSP_NEXT_ROW
      : NN_DSP_PLANE_OPERANDS);
#else
  for (int32_t row = 0; row < p->rows; row++) {
    for (int32_t column = 0; column < p->columns; column++) {
      const int8_t *from = x + row * p->advance + 4 * (column >> 1);
      int32_t sum = p->channel.start;
      for (int32_t k = 0; k < 3; k++) {
        const uint32_t x01 = nn_load4(from + k * p->pitch);
        const uint32_t x23 = nn_load4(from + k * p->pitch + 4);
        sum = (column & 1) == 0 ? nn_smlabt(x23, p->second[k], nn_smlad(x01, p->first[k], sum))
                                : nn_smlad(x23, p->second[k], nn_smlatb(x01, p->first[k], sum));
      }
      *y = nn_dsp_code(sum, &p->channel, p->zero_point);
      y += p->step;
    }
  }
#endif
}

/* Windows that are two elements apart, one at a time. */
NN_DSP_INLINE void nn_dsp_strided_windows(const nn_dsp_plane *p, const int8_t *x, int8_t *y)
{
#if NN_DSP_ASM
  const int8_t *end = x + 4 * p->columns;
  const int32_t skip = p->advance - 4 * p->columns;
  const int32_t excess = 0;
  int32_t rows = p->rows;
  int32_t sum;
  int32_t next;
  uint32_t a;
  uint32_t b;
  __asm__ volatile(
      "1:\n"
      "ldr %[sum], %[start]\n"
      "ldrd %[a], %[b], [%[x]], #4\n"
      "smlad %[sum], %[a], %[w0], %[sum]\n"
      "smlabt %[sum], %[b], %[v0], %[sum]\n"
      "add %[a], %[x], %[pitch]\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w1], %[sum]\n"
      "smlabt %[sum], %[b], %[v1], %[sum]\n"
      "add %[a], %[x], %[pitch], lsl #1\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w2], %[sum]\n"
      "smlabt %[sum], %[b], %[v2], %[sum]\n"
      "ldr %[next], %[multiplier]\n"
      "ldrd %[a], %[b], %[scale]\n"
      "smmlar %[sum], %[sum], %[next], %[sum]\n"
      "ldr %[next], %[step]\n"
      "add %[sum], %[sum], %[sum], asr #31\n"
      "smmlar %[sum], %[sum], %[a], %[b]\n"
      "ldr %[a], %[end]\n"
      "ssat %[sum], #8, %[sum]\n"
      "strb %[sum], [%[y]]\n"
      "add %[y], %[y], %[next]\n"
      "cmp %[x], %[a]\n"
      "bne 1b\n" NN_DSP_NEXT_ROW
      : NN_DSP_PLANE_OPERANDS);
#else
  for (int32_t row = 0; row < p->rows; row++) {
    for (int32_t column = 0; column < p->columns; column++) {
      const int8_t *from = x + row * p->advance + 4 * column;
      int32_t sum = p->channel.start;
      for (int32_t k = 0; k < 3; k++) {
        sum = nn_smlad(nn_load4(from + k * p->pitch), p->first[k], sum);
        sum = nn_smlabt(nn_load4(from + k * p->pitch + 4), p->second[k], sum);
      }
      *y = nn_dsp_code(sum, &p->channel, p->zero_point);
      y += p->step;
    }
  }
#endif
}

/* Rows of one output channel from its plane. */
NN_DSP_SHARED void nn_dsp_channel_windows(const nn_dsp_depthwise *p, int32_t channel, int32_t rows, const int8_t *plane, int8_t *output)
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

/* input [batches][height][width][channels] -> output; they may be the same memory where they have the same shape and
 * all rows are done at a time. scratch: `lanes` planes of (3 + (rows - 1) * stride_height) * plane_width int16, aligned
 * to 4 bytes. */
NN_DSP_SHARED void nn_dsp_run_depthwise(const nn_dsp_depthwise *p, const int8_t *input, int8_t *output, void *scratch)
{
  const nn_window *w = &p->window;
  const int32_t size = 2 * p->plane_width * (3 + (p->rows - 1) * w->stride_height);
  nn_dsp_zero((int8_t *)scratch, p->lanes * size >> 2); /* the columns of padding stay 0 */
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t block = 0; block < w->output_channels; block += p->lanes) {
      for (int32_t row = 0; row < w->output_height; row += p->rows) {
        const int32_t left = w->output_height - row;
        const int32_t rows = left < p->rows ? left : p->rows;
        int8_t *plane = (int8_t *)scratch;
        nn_dsp_planes(p, input + block / p->multiplier, row * w->stride_height - w->pad_top, 3 + (rows - 1) * w->stride_height, plane, size);
        for (int32_t channel = block; channel < block + p->lanes; channel++) {
          nn_dsp_channel_windows(p, channel, rows, plane, output + row * w->output_width * w->output_channels + channel);
          plane += size;
        }
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
    output += w->output_height * w->output_width * w->output_channels;
  }
}

#endif
