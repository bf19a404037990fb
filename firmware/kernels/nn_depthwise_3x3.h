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
NN_SHARED void nn_taps_3x3(const int8_t *row0, const int8_t *row1, const int8_t *row2, const int8_t *weights,
                           int32_t channels, int32_t *sums)
{
#if NN_ASM_THUMB == 1
  /* All taps by one offset that rows and weights share, everything else in the high registers. */
  register const int8_t *upper __asm__("r0") = row0;
  register const int8_t *middle __asm__("r1") = row1 - 3 * channels;
  register const int8_t *lower __asm__("r2") = row2 - 6 * channels;
  register const int8_t *by __asm__("r3") = weights;
  register int32_t at __asm__("r4") = 0;
  register int32_t step __asm__("r8") = channels;
  register int32_t back __asm__("r9") = 1 - 8 * channels; /* from the last tap of a channel to the first of the next */
  register int32_t *to __asm__("r10") = sums;
#define NN_TAP(row)             \
  "add r4, r8\n\t"              \
  "ldrsb r5, [" row ", r4]\n\t" \
  "ldrsb r6, [r3, r4]\n\t"      \
  "muls r5, r6\n\t"             \
  "adds r7, r7, r5\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "mov r12, r7\n" /* perhaps the frame pointer */
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
      "mov r7, r12\n\t"
      : "+r"(at), "+r"(upper), "+r"(middle), "+r"(lower), "+r"(by), "+r"(to), "+r"(step), "+r"(back)
      :
      : "r5", "r6", "r12", "cc", "memory");
#undef NN_TAP
#elif NN_ASM_THUMB == 2
  register const int8_t *upper __asm__("r0") = row0;
  register const int8_t *middle __asm__("r1") = row1;
  register const int8_t *lower __asm__("r2") = row2;
  register const int8_t *by0 __asm__("r3") = weights;
  register const int8_t *by1 __asm__("r4") = weights + 3 * channels;
  register const int8_t *by2 __asm__("r5") = weights + 6 * channels;
  register int32_t next __asm__("r8") = channels - 1; /* the first tap of a row moves its pointer on */
  register int32_t after __asm__("r9") = 2 * channels - 1;
  register int32_t left __asm__("r10") = channels;
  register int32_t *to __asm__("r11") = sums;
#define NN_TAPS(row, by)               \
  "ldrsb r6, [" row "], #1\n\t"        \
  "ldrsb lr, [" by "], #1\n\t"         \
  "mla r12, r6, lr, r12\n\t"           \
  "ldrsb r6, [" row ", r8]\n\t"        \
  "ldrsb lr, [" by ", r8]\n\t"         \
  "mla r12, r6, lr, r12\n\t"           \
  "ldrsb r6, [" row ", r9]\n\t"        \
  "ldrsb lr, [" by ", r9]\n\t"         \
  "mla r12, r6, lr, r12\n\t"
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n\t"
      "mov r12, #0\n\t"
      NN_TAPS("r0", "r3")
      NN_TAPS("r1", "r4")
      NN_TAPS("r2", "r5")
      "subs r10, r10, #1\n\t"
      "str r12, [r11], #4\n\t"
      "bne 1b\n\t"
      : "+r"(upper), "+r"(middle), "+r"(lower), "+r"(by0), "+r"(by1), "+r"(by2), "+r"(left), "+r"(to)
      : "r"(next), "r"(after)
      : "r6", "r12", "lr", "cc", "memory");
#undef NN_TAPS
#else
  for (int32_t c = 0; c < channels; c++) {
    int32_t sum = 0;
    for (int32_t tap = 0; tap < 3; tap++) {
      const int32_t at = tap * channels + c;
      sum += row0[at] * weights[at];
      sum += row1[at] * weights[at + 3 * channels];
      sum += row2[at] * weights[at + 6 * channels];
    }
    *sums++ = sum;
  }
#endif
}

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
          nn_gather_patch(w, input, row, column, 0, channels, (int8_t)p->input_zero_point, patch);
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
