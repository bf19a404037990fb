/* nn_dot.h: dot products of int8 rows, the inner loop of everything fully connected.
 *
 * The callers have folded the input's zero point into the bias, so that these loops are multiply and add only.
 * The generator has proved that no partial sum leaves int32.
 */
#ifndef NN_DOT_H
#define NN_DOT_H

#include <stdint.h>

#include "nn_fixed_point.h"

/* start + sum over k < n of row[k] * x[k] */
static inline int32_t nn_dot(int32_t start, const int8_t *row, const int8_t *x, int32_t n)
{
  int32_t sum = start;
  for (; n >= 4; n -= 4) {
    sum += row[0] * x[0];
    sum += row[1] * x[1];
    sum += row[2] * x[2];
    sum += row[3] * x[3];
    row += 4;
    x += 4;
  }
  for (; n > 0; n--) {
    sum += *row++ * *x++;
  }
  return sum;
}

/* Two rows against the same x, so that every x is loaded once: sums[0] += a . x, sums[1] += b . x */
static inline void nn_dot2(int32_t sums[2], const int8_t *a, const int8_t *b, const int8_t *x, int32_t n)
{
  int32_t sum_a = sums[0];
  int32_t sum_b = sums[1];
  for (; n >= 4; n -= 4) {
    const int32_t x0 = x[0];
    const int32_t x1 = x[1];
    const int32_t x2 = x[2];
    const int32_t x3 = x[3];
    sum_a += a[0] * x0;
    sum_b += b[0] * x0;
    sum_a += a[1] * x1;
    sum_b += b[1] * x1;
    sum_a += a[2] * x2;
    sum_b += b[2] * x2;
    sum_a += a[3] * x3;
    sum_b += b[3] * x3;
    a += 4;
    b += 4;
    x += 4;
  }
  for (; n > 0; n--) {
    const int32_t x0 = *x++;
    sum_a += *a++ * x0;
    sum_b += *b++ * x0;
  }
  sums[0] = sum_a;
  sums[1] = sum_b;
}

/* Four rows against the same x: sums[k] += rows[k] . x; n > 0 */
NN_SHARED void nn_dot4(const int8_t *const rows[4], const int8_t *x, int32_t n, int32_t sums[4])
{
#if NN_ASM_THUMB == 1
  /* Four rows, x and its offset fill the low registers, which are all that can load; the sums are in the high ones. */
  register const int8_t *row0 __asm__("r0") = rows[0] + n;
  register const int8_t *from __asm__("r1") = x + n;
  register const int8_t *row1 __asm__("r2") = rows[1] + n;
  register const int8_t *row2 __asm__("r3") = rows[2] + n;
  register const int8_t *row3 __asm__("r4") = rows[3] + n;
  register int32_t k __asm__("r5") = -n;
  register int32_t sum0 __asm__("r8") = sums[0];
  register int32_t sum1 __asm__("r9") = sums[1];
  register int32_t sum2 __asm__("r10") = sums[2];
  register int32_t sum3 __asm__("r11") = sums[3];
#define NN_DOT4_STEP         \
  "ldrsb r6, [r1, r5]\n\t"   \
  "ldrsb r7, [r0, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r8, r7\n\t"           \
  "ldrsb r7, [r2, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r9, r7\n\t"           \
  "ldrsb r7, [r3, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r10, r7\n\t"          \
  "ldrsb r7, [r4, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r11, r7\n\t"          \
  "adds r5, #1\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "mov r12, r7\n\t" /* perhaps the frame pointer */
      "b 2f\n"
      "1:\n\t"
      NN_DOT4_STEP
      "2:\n\t"
      "lsls r6, r5, #30\n\t"
      "bne 1b\n\t"
      "cmp r5, #0\n\t"
      "beq 4f\n"
      "3:\n\t"
      NN_DOT4_STEP
      NN_DOT4_STEP
      NN_DOT4_STEP
      NN_DOT4_STEP
      "bne 3b\n"
      "4:\n\t"
      "mov r7, r12\n\t"
      : "+r"(k), "+r"(row0), "+r"(row1), "+r"(row2), "+r"(row3), "+r"(from), "+r"(sum0), "+r"(sum1), "+r"(sum2), "+r"(sum3)
      :
      : "r6", "r12", "cc", "memory");
#undef NN_DOT4_STEP
#elif NN_ASM_THUMB == 2
  register const int8_t *row0 __asm__("r0") = rows[0];
  register const int8_t *from __asm__("r1") = x;
  register int32_t left __asm__("r2") = n;
  register const int8_t *row1 __asm__("r10") = rows[1];
  register const int8_t *row2 __asm__("r11") = rows[2];
  register const int8_t *row3 __asm__("r12") = rows[3];
  register int32_t sum0 __asm__("r4") = sums[0];
  register int32_t sum1 __asm__("r5") = sums[1];
  register int32_t sum2 __asm__("r6") = sums[2];
  register int32_t sum3 __asm__("lr") = sums[3];
#define NN_DOT4_STEP         \
  "ldrsb r8, [r1], #1\n\t"   \
  "ldrsb r9, [r0], #1\n\t"   \
  "mla r4, r8, r9, r4\n\t"   \
  "ldrsb r9, [r10], #1\n\t"  \
  "mla r5, r8, r9, r5\n\t"   \
  "ldrsb r9, [r11], #1\n\t"  \
  "mla r6, r8, r9, r6\n\t"   \
  "ldrsb r9, [r12], #1\n\t"  \
  "mla lr, r8, r9, lr\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "b 2f\n"
      "1:\n\t"
      "subs r2, r2, #1\n\t"
      NN_DOT4_STEP
      "2:\n\t"
      "tst r2, #3\n\t"
      "bne 1b\n\t"
      "cmp r2, #0\n\t"
      "beq 4f\n"
      "3:\n\t"
      "subs r2, r2, #4\n\t"
      NN_DOT4_STEP
      NN_DOT4_STEP
      NN_DOT4_STEP
      NN_DOT4_STEP
      "bne 3b\n"
      "4:\n\t"
      : "+r"(row0), "+r"(from), "+r"(left), "+r"(row1), "+r"(row2), "+r"(row3), "+r"(sum0), "+r"(sum1), "+r"(sum2), "+r"(sum3)
      :
      : "r8", "r9", "cc", "memory");
#undef NN_DOT4_STEP
#else
  const int32_t sum0 = nn_dot(sums[0], rows[0], x, n);
  const int32_t sum1 = nn_dot(sums[1], rows[1], x, n);
  const int32_t sum2 = nn_dot(sums[2], rows[2], x, n);
  const int32_t sum3 = nn_dot(sums[3], rows[3], x, n);
#endif
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
}

#endif
