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

#endif
