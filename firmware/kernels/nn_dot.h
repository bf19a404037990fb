/* nn_dot.h: dot products of int8 rows, the inner loop of everything fully connected.
 *
 * The callers have folded the input's zero point into the bias, so that these loops are multiply and add only.
 * The generator has proved that no partial sum leaves int32.
 */
#ifndef NN_DOT_H
#define NN_DOT_H

#include <stdint.h>

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
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
/* By hand: four pointers, x and its offset fill the low registers, which are all that can load; the sums are in the high ones. */
__attribute__((naked, noinline, unused)) static void nn_dot4(
    __attribute__((unused)) const int8_t *const rows[4], __attribute__((unused)) const int8_t *x,
    __attribute__((unused)) int32_t n, __attribute__((unused)) int32_t sums[4])
{
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
      "push {r4, r5, r6, r7, lr}\n\t"
      "mov r4, r8\n\t"
      "mov r5, r9\n\t"
      "mov r6, r10\n\t"
      "mov r7, r11\n\t"
      "push {r3, r4, r5, r6, r7}\n\t"
      "ldmia r3!, {r4, r5, r6, r7}\n\t"
      "mov r8, r4\n\t"
      "mov r9, r5\n\t"
      "mov r10, r6\n\t"
      "mov r11, r7\n\t"
      "ldmia r0!, {r4, r5, r6, r7}\n\t"
      "adds r0, r4, r2\n\t"
      "adds r3, r6, r2\n\t"
      "adds r4, r7, r2\n\t"
      "adds r1, r1, r2\n\t"
      "movs r6, r5\n\t"
      "negs r5, r2\n\t"
      "adds r2, r6, r2\n\t"
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
      "pop {r0}\n\t"
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
#undef NN_DOT4_STEP
}
#elif defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 2
__attribute__((naked, noinline, unused)) static void nn_dot4(
    __attribute__((unused)) const int8_t *const rows[4], __attribute__((unused)) const int8_t *x,
    __attribute__((unused)) int32_t n, __attribute__((unused)) int32_t sums[4])
{
#define NN_DOT4_STEP         \
  "ldrsb r8, [r1], #1\n\t"   \
  "ldrsb r9, [r0], #1\n\t"   \
  "mla r4, r8, r9, r4\n\t"   \
  "ldrsb r9, [r10], #1\n\t"  \
  "mla r5, r8, r9, r5\n\t"   \
  "ldrsb r9, [r11], #1\n\t"  \
  "mla r6, r8, r9, r6\n\t"   \
  "ldrsb r9, [r12], #1\n\t"  \
  "mla r7, r8, r9, r7\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4, r5, r6, r7, r8, r9, r10, r11, lr}\n\t"
      "ldmia r3, {r4, r5, r6, r7}\n\t"
      "ldmia r0, {r0, r10, r11, r12}\n\t"
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
      "stmia r3, {r4, r5, r6, r7}\n\t"
      "pop {r4, r5, r6, r7, r8, r9, r10, r11, pc}\n\t");
#undef NN_DOT4_STEP
}
#else
static inline void nn_dot4(const int8_t *const rows[4], const int8_t *x, int32_t n, int32_t sums[4])
{
  for (int32_t k = 0; k < 4; k++) {
    sums[k] = nn_dot(sums[k], rows[k], x, n);
  }
}
#endif

#endif
