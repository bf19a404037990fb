/* nn_softmax.h: SOFTMAX, int8 in, int8 out (scale 1/256, zero point -128), in fixed point, without libm.
 *
 * Value for value what TensorFlow Lite Micro computes with the gemmlowp fixed-point functions; written from their
 * definition. Qi.f is a signed 32-bit value with i integer and f = 31 - i fraction bits.
 */
#ifndef NN_SOFTMAX_H
#define NN_SOFTMAX_H

#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_reciprocal.h"

typedef struct nn_softmax {
  int32_t rows;
  int32_t depth;      /* classes, 1..4095: the sum of 4095 exponentials still fits in Q12.19 */
  int32_t multiplier; /* with left: beta * input scale, from a difference of codes to Q5.26 */
  uint32_t left;
  int32_t diff_min;   /* differences below count as exp() = 0 */
} nn_softmax;

/* exp(a) for a <= 0: Q5.26 -> Q0.31. Taylor series of degree 4 around -1/8 for the part in [-1/4, 0), then one factor
 * e^-(2^k), k = -2..4, for each bit of the rest. */
static inline int32_t nn_exp_of_negative(int32_t a)
{
  static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const int32_t quarter = (int32_t)1 << 24;
  const int32_t exp_minus_eighth = 1895147668;
  const int32_t third = 715827883;
  if (a == 0) {
    return INT32_MAX;
  }
  const int32_t part = (a & (quarter - 1)) - quarter;
  const int32_t y = part * 32 + ((int32_t)1 << 28); /* Q0.31, offset by 1/8 */
  const int32_t y2 = nn_mul_high(y, y);
  const int32_t y3 = nn_mul_high(y2, y);
  const int32_t y4 = nn_mul_high(y2, y2);
  const int32_t tail = nn_shift_round(nn_mul_high(nn_shift_round(y4, 2) + y3, third) + y2, 1);
  int32_t result = exp_minus_eighth + nn_mul_high(exp_minus_eighth, y + tail);
  const uint32_t rest = (uint32_t)(part - a);
  for (uint32_t k = 0; k < 7; k++) {
    if ((rest >> (24u + k)) & 1u) {
      result = nn_mul_high(result, factors[k]);
    }
  }
  return result;
}

static inline int32_t nn_softmax_exp(const nn_softmax *p, int32_t diff)
{
  return nn_exp_of_negative(nn_mul_high((int32_t)((uint32_t)diff << p->left), p->multiplier));
}

static inline void nn_softmax_row(const nn_softmax *p, const int8_t *input, int8_t *output)
{
  int32_t max = input[0];
  for (int32_t i = 1; i < p->depth; i++) {
    max = input[i] > max ? input[i] : max;
  }
  uint32_t sum = 0; /* Q12.19, at least 1.0 */
  for (int32_t i = 0; i < p->depth; i++) {
    const int32_t diff = input[i] - max;
    if (diff >= p->diff_min) {
      sum += (uint32_t)nn_shift_round(nn_softmax_exp(p, diff), 12);
    }
  }
  uint32_t shift = 12u + 23u; /* integer bits of the sum, and from Q0.31 down to 8 bits */
  while ((sum & 0x80000000u) == 0u) {
    sum <<= 1;
    shift--;
  }
  const int32_t scale = nn_half_reciprocal((int32_t)(sum >> 1));
  for (int32_t i = 0; i < p->depth; i++) {
    const int32_t diff = input[i] - max;
    int32_t code = 0;
    if (diff >= p->diff_min && shift <= 31u) { /* a greater shift (512 classes and more) leaves nothing of any value */
      code = nn_shift_round(nn_mul_high(scale, nn_softmax_exp(p, diff)), shift);
    }
    output[i] = (int8_t)nn_clamp(code - 128, INT8_MIN, INT8_MAX);
  }
}

/* input [rows][depth] -> output [rows][depth]; they may be the same buffer. */
static inline void nn_run_softmax(const nn_softmax *p, const int8_t *input, int8_t *output)
{
  for (int32_t row = 0; row < p->rows; row++) {
    nn_softmax_row(p, input, output);
    input += p->depth;
    output += p->depth;
  }
}

#endif
