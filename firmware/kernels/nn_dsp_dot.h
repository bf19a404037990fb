/* nn_dsp_dot.h: the inner loops of everything with weights, for cores with 16-bit SIMD.
 *
 * Four products of int8 cost one SXTB16 and two SMLAD, with nothing to prepare on the other side. The weights are
 * stored in pairs as the 16-bit number h = 256 w0 + w1, two pairs to a word, so that a word is four weights still. Of
 * four inputs x0..x3 two words are made: `low` has the lanes x0 and x2, and `mixed` has the lanes 256 x1 + 127 - x0 and
 * 256 x3 + 127 - x2 (it is the word of inputs itself, with bits turned over). Then
 *
 *   x0 * h + (256 x1 + 127 - x0) * w1 = 256 (x0 w0 + x1 w1) + 127 w1
 *
 * and SXTB16 of h is w1. The sum of 127 w1 is a constant of the weights, which the generator takes off the start of
 * the sum; the factor 256 comes off at the end with one shift. The generator has proved that the sum without the
 * factor is within 24 bits; until then it may wrap.
 */
#ifndef NN_DSP_DOT_H
#define NN_DSP_DOT_H

#include "nn_dsp.h"

#define NN_DSP_MIXED 0x007F007Fu

/* One column of inputs, as they are, against four rows of weights; a step of four inputs is 4 words of weights. Not
 * inline: the loop leaves no registers for anything else. */
NN_DSP_SHARED void nn_dsp_dot4x1(int32_t sums[4], const int8_t *x, const uint32_t *weights, int32_t steps)
{
#if NN_DSP_ASM
#define NN_DSP_STEP              \
  "ldr r10, [%[x]], #4\n"                 \
  "ldmia %[w]!, {r4, r5, r6, r8}\n"       \
  "sxtb16 r12, r10\n"                     \
  "eor r10, r10, #0x007F007F\n"           \
  "smlad %[a], r4, r12, %[a]\n"           \
  "smlad %[b], r5, r12, %[b]\n"           \
  "smlad %[c], r6, r12, %[c]\n"           \
  "smlad %[d], r8, r12, %[d]\n"           \
  "sxtb16 r4, r4\n"                       \
  "sxtb16 r5, r5\n"                       \
  "sxtb16 r6, r6\n"                       \
  "sxtb16 r8, r8\n"                       \
  "smlad %[a], r4, r10, %[a]\n"           \
  "smlad %[b], r5, r10, %[b]\n"           \
  "smlad %[c], r6, r10, %[c]\n"           \
  "smlad %[d], r8, r10, %[d]\n"
  int32_t a = sums[0];
  int32_t b = sums[1];
  int32_t c = sums[2];
  int32_t d = sums[3];
  __asm__ volatile(
      "subs %[n], %[n], #2\n"
      "blt 2f\n"
      "1:\n" NN_DSP_STEP NN_DSP_STEP
      "subs %[n], %[n], #2\n"
      "bge 1b\n"
      "2: adds %[n], %[n], #2\n"
      "beq 3f\n" NN_DSP_STEP
      "3:\n"
      : [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d), [x] "+r"(x), [w] "+r"(weights), [n] "+r"(steps)
      :
      : "r4", "r5", "r6", "r8", "r10", "r12", "cc", "memory");
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
#undef NN_DSP_STEP
#else
  for (; steps > 0; steps--) {
    const uint32_t word = nn_load4(x);
    for (int32_t row = 0; row < 4; row++) {
      const uint32_t pairs = *weights++;
      sums[row] = nn_smlad(nn_sxtb16(pairs), word ^ NN_DSP_MIXED, nn_smlad(pairs, nn_sxtb16(word), sums[row]));
    }
    x += 4;
  }
#endif
}

/* Byte k of a word, times x, times 256. */
NN_DSP_INLINE int32_t nn_dsp_byte_product(uint32_t word, int32_t k, int32_t x)
{
  return (int8_t)(uint8_t)(word >> (8 * k)) * x * 256;
}

/* `count` inputs, of any number, against four rows. Returns what follows these weights: [count / 4][4] words, then a word
 * with a byte for each row for each input that is left. */
NN_DSP_INLINE const uint32_t *nn_dsp_rows4(int32_t sums[4], const int8_t *x, const uint32_t *weights, int32_t count)
{
  const int32_t whole = count & ~3;
  nn_dsp_dot4x1(sums, x, weights, count >> 2);
  weights += whole;
  for (int32_t k = whole; k < count; k++) {
    for (int32_t row = 0; row < 4; row++) {
      sums[row] = nn_wrapping_add(sums[row], nn_dsp_byte_product(*weights, row, x[k]));
    }
    weights++;
  }
  return weights;
}

/* The same for one row: [count / 4] words, then one with a byte for each input that is left, if there are any. */
NN_DSP_INLINE const uint32_t *nn_dsp_row(int32_t *sum, const int8_t *x, const uint32_t *weights, int32_t count)
{
  for (; count >= 4; count -= 4) {
    const uint32_t word = nn_load4(x);
    *sum = nn_smlad(nn_sxtb16(*weights), word ^ NN_DSP_MIXED, nn_smlad(*weights, nn_sxtb16(word), *sum));
    weights++;
    x += 4;
  }
  for (int32_t k = 0; k < count; k++) {
    *sum = nn_wrapping_add(*sum, nn_dsp_byte_product(*weights, k, x[k]));
  }
  return count > 0 ? weights + 1 : weights;
}

#endif
