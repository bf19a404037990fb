/* nn_pairs.h: dot products of two int8 vectors at once with the multiplier of a 32-bit core.
 *
 * A pair (p, q) of int8 values is the word p + 65536 q. Times a weight it is w p + 65536 w q: two products in one
 * multiplication. The sum of two such products (a chunk) stays apart as long as the lower half stays in 16 bits, which
 * the generator has proved for every chunk of weights; 32768 on top makes the lower half positive, so that the upper
 * half is exact. Per chunk the upper half is added to one sum and the whole word (modulo 2^32) to another; from both
 * the lower sum follows.
 */
#ifndef NN_PAIRS_H
#define NN_PAIRS_H

#include <stdint.h>

#define NN_CHUNK_BIAS 32768

/* Two rows of weights against the same pairs. */
typedef struct nn_pair_sums {
  uint32_t whole_a;
  int32_t upper_a;
  uint32_t whole_b;
  int32_t upper_b;
} nn_pair_sums;

/* taps: a multiple of 4, > 0; a and b [taps], of which those over the pairs' zeros may be anything that can be read. */
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
/* By hand, because compilers keep none of the four sums in the high registers (2.2 times the instructions). */
__attribute__((naked, noinline, unused)) static void nn_pairs_dot(
    __attribute__((unused)) const int32_t *pairs, __attribute__((unused)) const int8_t *a,
    __attribute__((unused)) const int8_t *b, __attribute__((unused)) int32_t taps,
    __attribute__((unused)) nn_pair_sums *sums)
{
#define NN_PAIRS_CHUNK             \
  "ldmia r0!, {r4, r5}\n\t"        \
  "ldrsb r6, [r1, r3]\n\t"         \
  "muls r6, r4\n\t"                \
  "ldrsb r7, [r2, r3]\n\t"         \
  "muls r7, r4\n\t"                \
  "adds r3, #1\n\t"                \
  "add r6, r12\n\t"                \
  "add r7, r12\n\t"                \
  "ldrsb r4, [r1, r3]\n\t"         \
  "muls r4, r5\n\t"                \
  "adds r6, r6, r4\n\t"            \
  "ldrsb r4, [r2, r3]\n\t"         \
  "muls r4, r5\n\t"                \
  "adds r7, r7, r4\n\t"            \
  "adds r3, #1\n\t"                \
  "add r8, r6\n\t"                 \
  "asrs r6, r6, #16\n\t"           \
  "add r9, r6\n\t"                 \
  "add r10, r7\n\t"                \
  "asrs r7, r7, #16\n\t"           \
  "add r11, r7\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4, r5, r6, r7, lr}\n\t"
      "mov r4, r8\n\t"
      "mov r5, r9\n\t"
      "mov r6, r10\n\t"
      "mov r7, r11\n\t"
      "push {r4, r5, r6, r7}\n\t"
      "mov lr, r3\n\t"
      "movs r3, #128\n\t"
      "lsls r3, r3, #8\n\t"
      "mov r12, r3\n\t"
      "movs r3, #0\n\t"
      "mov r8, r3\n\t"
      "mov r9, r3\n\t"
      "mov r10, r3\n\t"
      "mov r11, r3\n"
      "1:\n\t"
      NN_PAIRS_CHUNK
      NN_PAIRS_CHUNK
      "cmp r3, lr\n\t"
      "blo 1b\n\t"
      "ldr r0, [sp, #36]\n\t"
      "mov r4, r8\n\t"
      "mov r5, r9\n\t"
      "mov r6, r10\n\t"
      "mov r7, r11\n\t"
      "stmia r0!, {r4, r5, r6, r7}\n\t"
      "pop {r4, r5, r6, r7}\n\t"
      "mov r8, r4\n\t"
      "mov r9, r5\n\t"
      "mov r10, r6\n\t"
      "mov r11, r7\n\t"
      "pop {r4, r5, r6, r7, pc}\n\t");
#undef NN_PAIRS_CHUNK
}
#elif defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 2
__attribute__((naked, noinline, unused)) static void nn_pairs_dot(
    __attribute__((unused)) const int32_t *pairs, __attribute__((unused)) const int8_t *a,
    __attribute__((unused)) const int8_t *b, __attribute__((unused)) int32_t taps,
    __attribute__((unused)) nn_pair_sums *sums)
{
#define NN_PAIRS_CHUNK             \
  "ldmia r0!, {r4, r5}\n\t"        \
  "ldrsb r7, [r1], #1\n\t"         \
  "mla r7, r4, r7, r6\n\t"         \
  "ldrsb r8, [r1], #1\n\t"         \
  "mla r7, r5, r8, r7\n\t"         \
  "ldrsb r8, [r2], #1\n\t"         \
  "mla r8, r4, r8, r6\n\t"         \
  "ldrsb r4, [r2], #1\n\t"         \
  "mla r8, r5, r4, r8\n\t"         \
  "add r9, r9, r7\n\t"             \
  "add r10, r10, r7, asr #16\n\t"  \
  "add r11, r11, r8\n\t"           \
  "add r12, r12, r8, asr #16\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4, r5, r6, r7, r8, r9, r10, r11, lr}\n\t"
      "add r3, r0, r3, lsl #2\n\t"
      "mov r6, #32768\n\t"
      "movs r7, #0\n\t"
      "mov r9, r7\n\t"
      "mov r10, r7\n\t"
      "mov r11, r7\n\t"
      "mov r12, r7\n"
      "1:\n\t"
      NN_PAIRS_CHUNK
      NN_PAIRS_CHUNK
      "cmp r0, r3\n\t"
      "bne 1b\n\t"
      "ldr r0, [sp, #36]\n\t"
      "stmia r0, {r9, r10, r11, r12}\n\t"
      "pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}\n\t");
#undef NN_PAIRS_CHUNK
}
#else
static inline void nn_pairs_dot(const int32_t *pairs, const int8_t *a, const int8_t *b, int32_t taps, nn_pair_sums *sums)
{
  nn_pair_sums s = {0, 0, 0, 0};
  for (; taps > 0; taps -= 2) {
    int32_t chunk = pairs[0] * a[0] + NN_CHUNK_BIAS;
    chunk += pairs[1] * a[1];
    s.whole_a += (uint32_t)chunk;
    s.upper_a += chunk >> 16;
    chunk = pairs[0] * b[0] + NN_CHUNK_BIAS;
    chunk += pairs[1] * b[1];
    s.whole_b += (uint32_t)chunk;
    s.upper_b += chunk >> 16;
    pairs += 2;
    a += 2;
    b += 2;
  }
  *sums = s;
}
#endif

/* The lower sum of `taps` products. */
static inline int32_t nn_pairs_lower(uint32_t whole, int32_t upper, int32_t taps)
{
  return (int32_t)(whole - ((uint32_t)upper << 16) - (uint32_t)taps * (NN_CHUNK_BIAS / 2));
}

#endif
