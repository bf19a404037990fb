/* nn_dsp_positions.h: the codes of output channels at two positions, for cores with 16-bit SIMD. */
#ifndef NN_DSP_POSITIONS_H
#define NN_DSP_POSITIONS_H

#include "nn_dsp_channel.h"
#include "nn_dsp_dot.h"

/* Two windows side by side, as the loops want them: for four inputs of each the words low of the first window, low of the
 * second one, mixed of both (see nn_dsp_dot.h). */
typedef struct nn_dsp_windows {
  const uint32_t *columns; /* [steps][4] */
  int32_t steps;
  int32_t zero_point;      /* of the output */
} nn_dsp_windows;

/* `count` channels, a positive even number. Where first and second are the same, the codes of the first window remain.
 * weights: [count / 2][steps][2] words of pairs. */
NN_DSP_SHARED void nn_dsp_channel_pairs(const nn_dsp_windows *p, const nn_dsp_channel *channel, int32_t count,
                                        const uint32_t *weights, int8_t *first, int8_t *second)
{
#if NN_DSP_ASM
/* 16 products of two channels and two windows; a, b: sums of the first channel, c, d: of the second */
#define NN_DSP_STEP                 \
  "ldmia %[x]!, {r4, r5, r6, r8}\n" \
  "ldrd r10, r12, [%[w]], #8\n"     \
  "smlad %[a], r10, r4, %[a]\n"     \
  "smlad %[b], r10, r5, %[b]\n"     \
  "smlad %[c], r12, r4, %[c]\n"     \
  "smlad %[d], r12, r5, %[d]\n"     \
  "sxtb16 r10, r10\n"               \
  "sxtb16 r12, r12\n"               \
  "smlad %[a], r10, r6, %[a]\n"     \
  "smlad %[b], r10, r8, %[b]\n"     \
  "smlad %[c], r12, r6, %[c]\n"     \
  "smlad %[d], r12, r8, %[d]\n"
/* A sum to a code; m: multiplier, s: scale, r12: zero point */
#define NN_DSP_CODE(sum, m, s)                     \
  "asr " sum ", " sum ", #8\n"                     \
  "smmlar " sum ", " sum ", " m ", " sum "\n"      \
  "add " sum ", " sum ", " sum ", asr #31\n"       \
  "smmlar " sum ", " sum ", " s ", r12\n"          \
  "ssat " sum ", #8, " sum "\n"
  const uint32_t *const columns = p->columns;
  const int32_t steps = p->steps;
  const int32_t zero_point = p->zero_point;
  int32_t a;
  int32_t b;
  int32_t c;
  int32_t d;
  uint32_t x;
  uint32_t n;
  __asm__ volatile(
      "0:\n"
      "ldr r4, %[channel]\n"
      "ldr %[x], %[columns]\n"
      "ldr %[n], %[steps]\n"
      "ldr %[a], [r4]\n"
      "ldr %[c], [r4, #12]\n"
      "mov %[b], %[a]\n"
      "mov %[d], %[c]\n"
      "subs %[n], %[n], #4\n"
      "blt 2f\n"
      "1:\n" NN_DSP_STEP NN_DSP_STEP NN_DSP_STEP NN_DSP_STEP
      "subs %[n], %[n], #4\n"
      "bge 1b\n"
      "2: adds %[n], %[n], #4\n"
      "beq 4f\n"
      "3:\n" NN_DSP_STEP
      "subs %[n], %[n], #1\n"
      "bne 3b\n"
      "4:\n"
      "ldr r4, %[channel]\n"
      "ldr r12, %[zero]\n"
      "ldrd r5, r6, [r4, #4]\n"
      "ldrd r8, r10, [r4, #16]\n"
      "add r4, r4, #24\n"
      "str r4, %[channel]\n"
      "ldr %[x], %[first]\n"
      "ldr %[n], %[second]\n"
      NN_DSP_CODE("%[a]", "r5", "r6") NN_DSP_CODE("%[b]", "r5", "r6") NN_DSP_CODE("%[c]", "r8", "r10") NN_DSP_CODE("%[d]", "r8", "r10")
      "ldr r4, %[count]\n"
      "strb %[b], [%[n]], #1\n"
      "strb %[d], [%[n]], #1\n"
      "strb %[a], [%[x]], #1\n"
      "strb %[c], [%[x]], #1\n"
      "subs r4, r4, #2\n"
      "str %[x], %[first]\n"
      "str %[n], %[second]\n"
      "str r4, %[count]\n"
      "bgt 0b\n"
      : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [x] "=&r"(x), [n] "=&r"(n), [w] "+r"(weights), [channel] "+m"(channel),
        [count] "+m"(count), [first] "+m"(first), [second] "+m"(second)
      : [columns] "m"(columns), [steps] "m"(steps), [zero] "m"(zero_point)
      : "r4", "r5", "r6", "r8", "r10", "r12", "cc", "memory");
#undef NN_DSP_STEP
#undef NN_DSP_CODE
#else
  for (; count > 0; count--) {
    const uint32_t *x = p->columns;
    int32_t sums[2];
    sums[0] = channel->start;
    sums[1] = channel->start;
    for (int32_t step = 0; step < p->steps; step++) {
      const uint32_t pairs = weights[2 * step];
      sums[0] = nn_smlad(nn_sxtb16(pairs), x[2], nn_smlad(pairs, x[0], sums[0]));
      sums[1] = nn_smlad(nn_sxtb16(pairs), x[3], nn_smlad(pairs, x[1], sums[1]));
      x += 4;
    }
    *second++ = nn_dsp_code(sums[1] >> 8, channel, p->zero_point);
    *first++ = nn_dsp_code(sums[0] >> 8, channel, p->zero_point);
    channel++;
    weights += (count & 1) == 0 ? 1 : 2 * p->steps - 1; /* the second of a pair is a word further */
  }
#endif
}

/* `count` channels at two positions; the weights end with a row of zeros for an odd number of them. */
static inline void nn_dsp_positions(const nn_dsp_windows *p, const nn_dsp_channel *channel, int32_t count,
                                    const uint32_t *weights, int8_t *first, int8_t *second)
{
  const int32_t even = count & ~1;
  if (even > 0) {
    nn_dsp_channel_pairs(p, channel, even, weights, first, second);
  }
  if (even < count) {
    int8_t codes[2][2];
    nn_dsp_channel_pairs(p, channel + even, 2, weights + even * p->steps, codes[0], codes[1]);
    second[even] = codes[1][0];
    first[even] = codes[0][0];
  }
}

#endif
