/* nn_depthwise_3x3.h: DEPTHWISE_CONV_2D with a 3x3 kernel and as many outputs as inputs, int8. */
#ifndef NN_DEPTHWISE_3X3_H
#define NN_DEPTHWISE_3X3_H

#include <stdint.h>
#include <string.h>

#include "nn_packed_channels.h"
#include "nn_window.h"

typedef struct nn_depthwise_3x3 {
  nn_window window;
  uint16_t unfolded;     /* the input zero point has to be folded into the unpacked channels */
  const int8_t *weights; /* [9][channels] */
  nn_channels channels;  /* [channels], none left out */
  nn_codes codes;
  int32_t input_zero_point;
  int32_t delay; /* in place: positions that windows reach back to; else 0 */
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

/* Folds the input zero point into the biases of all channels: what a window full of it adds to their sums.
 * sums: scratch of a word each; patch: of 9 bytes each. */
NN_SHARED void nn_depthwise_3x3_fold(const nn_depthwise_3x3 *p, nn_channel *channels, int32_t *sums, int8_t *patch)
{
  const int32_t count = p->window.input_channels;
  memset(patch, p->input_zero_point, (size_t)(9 * count));
  nn_taps_3x3(patch, patch + 3 * count, patch + 6 * count, p->weights, count, sums);
  for (int32_t c = 0; c < count; c++) {
    channels[c].bias_shift -= 32 * sums[c];
  }
}

/* sums[channels] of the output at (row, column) */
static inline void nn_depthwise_3x3_at(const nn_depthwise_3x3 *p, const int8_t *input, int32_t row, int32_t column, int32_t *sums, int8_t *patch)
{
  const nn_window *w = &p->window;
  const int32_t channels = w->input_channels;
  const int32_t line = w->input_width * channels;
  const int32_t y = row * w->stride_height - w->pad_top;
  const int32_t x = column * w->stride_width - w->pad_left;
  if (y >= 0 && y + 3 <= w->input_height && x >= 0 && x + 3 <= w->input_width) {
    const int8_t *at = input + y * line + x * channels;
    nn_taps_3x3(at, at + line, at + 2 * line, p->weights, channels, sums);
  } else {
    nn_gather_patch(w, input, row, column, 0, channels, (int8_t)p->input_zero_point, patch);
    nn_taps_3x3(patch, patch + 3 * channels, patch + 6 * channels, p->weights, channels, sums);
  }
}

/* input [batches][height][width][channels] -> output; they must not overlap, but with a delay the output may be where the
 * input is. Codes then wait in a ring of `delay` pixels until no window needs the inputs in their place.
 * The delay is at most the outputs of a batch.
 * scratch: (4 + 9 + delay) * channels bytes, and 8 * channels more if they are packed. */
NN_SHARED void nn_run_depthwise_3x3(const nn_depthwise_3x3 *p, const int8_t *input, int8_t *output, int8_t *scratch)
{
  const nn_window *w = &p->window;
  const int32_t count = w->input_channels;
  int32_t *const sums = (int32_t *)(void *)scratch;
  int8_t *patch = (int8_t *)(sums + count);
  const nn_channel *channels = p->channels.plain;
  if (channels == NULL) {
    nn_channel *const unpacked = (nn_channel *)(void *)patch;
    nn_unpack_channels(&p->channels, count, unpacked);
    patch = (int8_t *)(unpacked + count);
    if (p->unfolded != 0) {
      nn_depthwise_3x3_fold(p, unpacked, sums, patch);
    }
    channels = unpacked;
  }
  int8_t *const ring = patch + 9 * count;
  int8_t *const end = ring + p->delay * count;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    int8_t *slot = ring;
    int32_t waiting = 0;
    for (int32_t row = 0; row < w->output_height; row++) {
      for (int32_t column = 0; column < w->output_width; column++) {
        nn_depthwise_3x3_at(p, input, row, column, sums, patch);
        if (waiting < p->delay) {
          waiting++;
        } else {
          nn_copy(output, slot, p->delay > 0 ? count : 0);
          output += count;
        }
        nn_channel_codes(channels, &p->codes, sums, count, p->delay > 0 ? slot : output - count);
        slot = slot + count < end ? slot + count : ring;
      }
    }
    for (; waiting > 0; waiting--) {
      nn_copy(output, slot, count);
      output += count;
      slot = slot + count < end ? slot + count : ring;
    }
    input += w->input_height * w->input_width * count;
  }
}

#endif
