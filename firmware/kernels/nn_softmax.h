/* nn_softmax.h: SOFTMAX of int8 codes, in fixed point.
 *
 * Value for value what TensorFlow Lite Micro computes with the gemmlowp fixed-point functions; written from their
 * definition. The exponentials of all differences of codes come as a table that the generator made by them. Qi.f is a
 * signed 32-bit value with i integer and f = 31 - i fraction bits.
 */
#ifndef NN_SOFTMAX_H
#define NN_SOFTMAX_H

#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_reciprocal.h"

typedef struct nn_softmax {
  int32_t rows;
  int32_t depth;      /* classes, 1..4095: the sum of 4095 exponentials still fits in Q12.19 */
  const int32_t *exp; /* Q0.31, by how many codes a class is below the greatest of its row */
  uint32_t count;     /* entries of exp; below them it counts as 0 */
} nn_softmax;

/* The greatest code of a row, and the sum of the exponentials in Q12.19, which is at least 1. */
static inline int32_t nn_softmax_max(const int8_t *input, int32_t depth)
{
  int32_t max = input[0];
  for (int32_t i = 1; i < depth; i++) {
    max = input[i] > max ? input[i] : max;
  }
  return max;
}

static inline uint32_t nn_softmax_sum(const nn_softmax *p, const int8_t *input, int32_t max)
{
  uint32_t sum = 0;
  for (int32_t i = 0; i < p->depth; i++) {
    const uint32_t below = (uint32_t)(max - input[i]);
    if (below < p->count) {
      sum += ((uint32_t)p->exp[below] + 2048u) >> 12;
    }
  }
  return sum;
}

/* What a row has in common: codes are scale * exp / 2^shift. */
typedef struct nn_softmax_row {
  int32_t max;
  int32_t scale;  /* Q0.31 */
  uint32_t shift; /* over 31 nothing is left of any value: 512 classes and more that are nearly equal */
} nn_softmax_row;

static inline nn_softmax_row nn_softmax_scale(const nn_softmax *p, const int8_t *input, uint32_t bits)
{
  nn_softmax_row row;
  row.max = nn_softmax_max(input, p->depth);
  uint32_t sum = nn_softmax_sum(p, input, row.max);
  row.shift = 12u + 31u - bits; /* integer bits of the sum, and from Q0.31 down to the bits of a code */
  while ((sum & 0x80000000u) == 0u) {
    sum <<= 1;
    row.shift--;
  }
  row.scale = nn_half_reciprocal((int32_t)(sum >> 1));
  return row;
}

static inline int32_t nn_softmax_code(const nn_softmax *p, const nn_softmax_row *row, int8_t input, int32_t greatest)
{
  const uint32_t below = (uint32_t)(row->max - input);
  if (below >= p->count || row->shift > 31u) {
    return 0;
  }
  /* Nothing here is negative, so that half up is half away from zero. */
  const uint32_t value = (uint32_t)nn_mul_high(row->scale, p->exp[below]) + ((uint32_t)1 << (row->shift - 1u));
  const int32_t code = (int32_t)(value >> row->shift);
  return code > greatest ? greatest : code;
}

/* input [rows][depth] -> output [rows][depth], scale 1/256, zero point -128; they may be the same buffer. */
static inline void nn_run_softmax(const nn_softmax *p, const int8_t *input, int8_t *output)
{
  for (int32_t k = 0; k < p->rows; k++) {
    const nn_softmax_row row = nn_softmax_scale(p, input, 8);
    for (int32_t i = 0; i < p->depth; i++) {
      *output++ = (int8_t)(nn_softmax_code(p, &row, *input++, 255) - 128);
    }
  }
}

/* The same with results of 16 bits: scale 1/65536, zero point -32768. */
static inline void nn_run_softmax_wide(const nn_softmax *p, const int8_t *input, int16_t *output)
{
  for (int32_t k = 0; k < p->rows; k++) {
    const nn_softmax_row row = nn_softmax_scale(p, input, 16);
    for (int32_t i = 0; i < p->depth; i++) {
      *output++ = (int16_t)(nn_softmax_code(p, &row, *input++, 65535) - 32768);
    }
  }
}

#endif
