/* nn_mve_channels.h: output channels that are packed in flash: unpacked once a layer, into what the kernels for MVE (Helium) read. */
#ifndef NN_MVE_CHANNELS_H
#define NN_MVE_CHANNELS_H

#include <arm_mve.h>
#include <stdint.h>

#include "nn_mve_copy.h"
#include "nn_mve_rows.h"

/* A channel has a word and the rest of its start in 8 or 16 bits. A factor is m / 2^31 / 2^n, and a quotient of scales that
 * differs from channel to channel only by n and by the 24-bit mantissa of the scale of the weights, of which the highest bit is 1. */
typedef struct nn_mve_channels {
  const uint32_t *words; /* 23 bits of mantissa, `n_bits` bits of n less `n_least`, the lowest bits of the start of the sum */
  const int8_t *bytes;   /* its other bits, signed; 0: they are in */
  const int16_t *halves;
  uint32_t high, low;    /* input scale / output scale, scaled to [2^63, 2^64) */
  int32_t n_bits, n_least;
  int32_t zero_point;    /* of the input, where it still has to be folded into the starts; else 0 */
} nn_mve_channels;

/* Groups of four channels, to words start * 256 - n (8 bits) and multipliers: `run` groups of words, `between` words that stay as
 * they are, the multipliers of these groups, and so on. Where the words go there are the sums of the channels' weights. */
NN_SHARED void nn_mve_unpack(const nn_mve_channels *channels, int32_t groups, int32_t *to, int32_t run, int32_t between)
{
  const nn_mve_channels p = *channels; /* which no store can change */
  const uint32_t *from = p.words;
  const int8_t *bytes = p.bytes;
  const int16_t *halves = p.halves;
  const uint32x4_t quotient_high = vdupq_n_u32(p.high);
  const uint32x4_t quotient_low = vdupq_n_u32(p.low);
  const int32_t fold = -256 * p.zero_point;
  const int32_t shifts = 256 - p.n_least;
  const int32_t step = 4 * run + between;
  int32_t left = run;
  for (; groups > 0; groups--) {
    const uint32x4_t words = vld1q_u32(from);
    from += 4;
    int32x4_t start;
    if (bytes != 0) {
      start = vldrbq_s32(bytes);
      bytes += 4;
    } else {
      start = vldrhq_s32(halves);
      halves += 4;
    }
    const uint32x4_t n = vshlq_r_u32(vshlq_r_u32(words, 9 - p.n_bits), p.n_bits - 32);
    const uint32x4_t low = vshlq_r_u32(vshrq_n_u32(words, 23), -p.n_bits);
    start = vorrq_s32(vshlq_r_s32(start, 9 - p.n_bits), vreinterpretq_s32_u32(low));
    start = vaddq_n_s32(vsubq_s32(vshlq_n_s32(start, 8), vreinterpretq_s32_u32(n)), shifts);
    vst1q_s32(to, vmlaq_n_s32(start, vld1q_s32(to), fold));
    /* The 88 bits of mantissa * quotient, from the highest 1 on rounded to 31 bits. */
    const uint32x4_t mantissa = vorrq_u32(vshlq_n_u32(words, 8), vdupq_n_u32(0x80000000u));
    const uint32x4_t high = vmulhq_u32(mantissa, quotient_high);
    const uint32x4_t half = vhaddq_u32(vmulq_n_u32(mantissa, p.high), vmulhq_u32(mantissa, quotient_low));
    const uint32x4_t longer = vaddq_u32(high, vshrq_n_u32(half, 31));
    const uint32x4_t shorter = vaddq_u32(high, vrshrq_n_u32(half, 31));
    const mve_pred16_t is_long = vcmpltq_n_s32(vreinterpretq_s32_u32(longer), 0);
    vst1q_s32(to + step, vreinterpretq_s32_u32(vrshrq_m_n_u32(shorter, longer, 1, is_long)));
    to += 4;
    if (--left == 0) {
      to += step;
      left = run;
    }
  }
}

/* To `sums`: of each of four rows as they are interleaved. */
static inline void nn_mve_group_sums(const int8_t *weights, int32_t bytes, int32_t *sums)
{
  __asm__ volatile(
      "movs r0, #0\n\t"
      "movs r2, #0\n\t"
      "movs r4, #0\n\t"
      "movs r6, #0\n\t"
      "cmp %[rest], #0\n\t"
      "beq 1f\n\t"
      "vctp.8 %[rest]\n\t"
      "vldrb.u8 q0, [%[w]]\n\t"
      "add %[w], %[w], %[rest]\n\t"
      "vldrb.u8 q1, [%[w]]\n\t"
      "add %[w], %[w], %[rest]\n\t"
      "vldrb.u8 q2, [%[w]]\n\t"
      "add %[w], %[w], %[rest]\n\t"
      "vldrb.u8 q3, [%[w]]\n\t"
      "add %[w], %[w], %[rest]\n\t"
      "vpstttt\n\t"
      "vaddvat.s8 r0, q0\n\t"
      "vaddvat.s8 r2, q1\n\t"
      "vaddvat.s8 r4, q2\n\t"
      "vaddvat.s8 r6, q3\n\t"
      "1:\n\t"
      "wls lr, %[blocks], 3f\n\t"
      "2:\n\t"
      "vldrb.u8 q0, [%[w]], #64\n\t"
      "vldrb.u8 q1, [%[w], #-48]\n\t"
      "vaddva.s8 r0, q0\n\t"
      "vldrb.u8 q0, [%[w], #-32]\n\t"
      "vaddva.s8 r2, q1\n\t"
      "vldrb.u8 q1, [%[w], #-16]\n\t"
      "vaddva.s8 r4, q0\n\t"
      "vaddva.s8 r6, q1\n\t"
      "le lr, 2b\n\t"
      "3:\n\t"
      "stm %[sums], {r0, r2, r4, r6}\n\t"
      : [w] "+r"(weights)
      : [sums] "r"(sums), [blocks] "r"(bytes >> 4), [rest] "r"(bytes & 15)
      : "r0", "r2", "r4", "r6", "lr", "q0", "q1", "q2", "q3", "p0", "cc", "memory");
}

/* To the factors of rows, in the memory that rows->factors points to. The channels are packed in whole groups of four. */
NN_SHARED void nn_mve_unpack_rows(const nn_mve_channels *p, const nn_mve_rows *rows, int32_t *factors)
{
  const int32_t bytes = rows->bytes;
  const int32_t groups = (rows->channels + 3) >> 2;
  const int8_t *weights = rows->weights;
  if (p->zero_point != 0) {
    int32_t *sums = factors;
    for (int32_t left = rows->channels >> 2; left > 0; left--) {
      nn_mve_group_sums(weights, bytes, sums);
      weights += 4 * bytes;
      sums += 8;
    }
    for (int32_t left = rows->channels & 3; left > 0; left--) {
      int32_t sum = 0;
      for (int32_t k = 0; k < bytes; k++) {
        sum += *weights++;
      }
      *sums++ = sum;
    }
  }
  nn_mve_unpack(p, groups, factors, 1, 0);
  if ((rows->channels & 3) != 0) { /* rows that are left over have bias, shift and multiplier one by one */
    int32_t *one = factors + 8 * groups - 8;
    const int32_t four[8] = {one[0], one[1], one[2], one[3], one[4], one[5], one[6], one[7]};
    for (int32_t i = 0; i < (rows->channels & 3); i++) {
      *one++ = four[i] >> 8;
      *one++ = (int8_t)four[i];
      *one++ = four[i + 4];
    }
  }
}

/* To nn_mve_depthwise.blocks (nn_mve_depthwise.h), which has the weights [blocks][9][16] in it. */
NN_SHARED void nn_mve_unpack_blocks(const nn_mve_channels *p, const int8_t *weights, int32_t blocks, int32_t *to)
{
  int32_t *block = to;
  for (int32_t left = blocks; left > 0; left--) {
    int16x8_t even = vdupq_n_s16(0);
    int16x8_t odd = vdupq_n_s16(0);
    int8_t *copy = (int8_t *)(block + 16);
    for (int32_t tap = 0; tap < 9; tap++) {
      const int8x16_t row = vldrbq_s8(weights);
      vstrbq_s8(copy, row);
      even = vaddq_s16(even, vmovlbq_s8(row));
      odd = vaddq_s16(odd, vmovltq_s8(row));
      weights += 16;
      copy += 16;
    }
    vst1q_s32(block, vmovlbq_s16(even));
    vst1q_s32(block + 4, vmovltq_s16(even));
    vst1q_s32(block + 8, vmovlbq_s16(odd));
    vst1q_s32(block + 12, vmovltq_s16(odd));
    block += 68;
  }
  nn_mve_unpack(p, 4 * blocks, to, 4, 36);
}

#endif
