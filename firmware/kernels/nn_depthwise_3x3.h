/* nn_depthwise_3x3.h: DEPTHWISE_CONV_2D with a 3x3 kernel and as many outputs as inputs, int8. */
#ifndef NN_DEPTHWISE_3X3_H
#define NN_DEPTHWISE_3X3_H

#include <stdint.h>
#include <string.h>

#include "nn_channel.h"
#include "nn_window.h"

typedef struct nn_depthwise_3x3 {
  nn_window window;
  const int8_t *weights;      /* [9][channels] */
  const nn_channel *channels; /* [channels], input zero point folded into the bias */
  nn_codes codes;
  int32_t input_zero_point;
} nn_depthwise_3x3;

/* sums[c] = sum over three rows and three taps of row[tap][c] * weights[3 * row + tap][c] */
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
/* By hand: all taps by one offset that rows and weights share, everything else in the high registers. */
__attribute__((naked, noinline, unused)) static void nn_taps_3x3(
    __attribute__((unused)) const int8_t *row0, __attribute__((unused)) const int8_t *row1,
    __attribute__((unused)) const int8_t *row2, __attribute__((unused)) const int8_t *weights,
    __attribute__((unused)) int32_t channels, __attribute__((unused)) int32_t *sums)
{
#define NN_TAP(row)          \
  "add r4, r8\n\t"           \
  "ldrsb r5, [" row ", r4]\n\t" \
  "ldrsb r6, [r3, r4]\n\t"   \
  "muls r5, r6\n\t"          \
  "adds r7, r7, r5\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4, r5, r6, r7, lr}\n\t"
      "mov r4, r8\n\t"
      "mov r5, r9\n\t"
      "mov r6, r10\n\t"
      "push {r4, r5, r6}\n\t"
      "ldr r4, [sp, #32]\n\t"
      "mov r8, r4\n\t"           /* channels */
      "lsls r5, r4, #1\n\t"
      "adds r5, r5, r4\n\t"
      "subs r1, r1, r5\n\t"
      "subs r2, r2, r5\n\t"
      "subs r2, r2, r5\n\t"
      "lsls r5, r4, #3\n\t"
      "movs r6, #1\n\t"
      "subs r6, r6, r5\n\t"
      "mov r9, r6\n\t"           /* from the last tap of a channel to the first of the next */
      "ldr r5, [sp, #36]\n\t"
      "mov r10, r5\n\t"          /* sums */
      "movs r4, #0\n"
      "1:\n\t"
      "ldrsb r7, [r0, r4]\n\t"
      "ldrsb r6, [r3, r4]\n\t"
      "muls r7, r6\n\t"
      NN_TAP("r0") NN_TAP("r0")
      NN_TAP("r1") NN_TAP("r1") NN_TAP("r1")
      NN_TAP("r2") NN_TAP("r2") NN_TAP("r2")
      "add r4, r9\n\t"
      "mov r5, r10\n\t"
      "stmia r5!, {r7}\n\t"
      "mov r10, r5\n\t"
      "cmp r4, r8\n\t"
      "blo 1b\n\t"
      "pop {r4, r5, r6}\n\t"
      "mov r8, r4\n\t"
      "mov r9, r5\n\t"
      "mov r10, r6\n\t"
      "pop {r4, r5, r6, r7, pc}\n\t");
#undef NN_TAP
}
#else
NN_SHARED void nn_taps_3x3(const int8_t *row0, const int8_t *row1, const int8_t *row2, const int8_t *weights,
                           int32_t channels, int32_t *sums)
{
  const int8_t *w0 = weights;
  const int8_t *w1 = weights + 3 * channels;
  const int8_t *w2 = weights + 6 * channels;
  const int32_t next = channels;
  const int32_t after = 2 * channels;
  for (int32_t left = channels; left > 0; left--) {
    int32_t sum = row0[0] * w0[0];
    sum += row0[next] * w0[next];
    sum += row0[after] * w0[after];
    sum += row1[0] * w1[0];
    sum += row1[next] * w1[next];
    sum += row1[after] * w1[after];
    sum += row2[0] * w2[0];
    sum += row2[next] * w2[next];
    sum += row2[after] * w2[after];
    *sums++ = sum;
    row0++;
    row1++;
    row2++;
    w0++;
    w1++;
    w2++;
  }
}
#endif

/* input [batches][height][width][channels] -> output; they must not overlap.
 * sums: scratch of `channels` words; patch: scratch of 9 * channels bytes, aligned to 4. */
NN_SHARED void nn_run_depthwise_3x3(const nn_depthwise_3x3 *p, const int8_t *input, int8_t *output, int32_t *sums, int8_t *patch)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  const int32_t line = w->input_width * channels;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t row = 0; row < w->output_height; row++) {
      const int32_t y = row * w->stride_height - w->pad_top;
      for (int32_t column = 0; column < w->output_width; column++) {
        const int32_t x = column * w->stride_width - w->pad_left;
        if (y >= 0 && y + 3 <= w->input_height && x >= 0 && x + 3 <= w->input_width) {
          const int8_t *at = input + y * line + x * channels;
          nn_taps_3x3(at, at + line, at + 2 * line, p->weights, channels, sums);
        } else {
          nn_gather(w, input, row, column, 0, channels, (int8_t)p->input_zero_point, patch);
          nn_taps_3x3(patch, patch + 3 * channels, patch + 6 * channels, p->weights, channels, sums);
        }
        nn_channel_codes(p->channels, &p->codes, sums, channels, output);
        output += channels;
      }
    }
    input += w->input_height * line;
  }
}

#endif
