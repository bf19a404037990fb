/* nn_log_softmax.h: LOG_SOFTMAX: int8 in fixed point, value for value that of TensorFlow Lite Micro; and float32.
 *
 * Written from the definition of its fixed-point logarithm. Qi.f as in nn_softmax.h.
 */
#ifndef NN_LOG_SOFTMAX_H
#define NN_LOG_SOFTMAX_H

#include "nn_saturate.h"
#include "nn_softmax.h"

typedef struct nn_log_softmax {
  nn_softmax softmax;
  int32_t multiplier; /* with left: input scale, from a difference of codes to Q5.26 */
  uint32_t left;
  int32_t least;      /* minus the number of differences that stay in Q5.26 */
  nn_requant reverse; /* from Q5.26 to a difference of codes */
} nn_log_softmax;

/* The number of zeros above the first one; x > 0. */
static inline uint32_t nn_leading_zeros(int32_t x)
{
  uint32_t zeros = 0;
  for (uint32_t rest = (uint32_t)x; (rest & 0x80000000u) == 0u; rest <<= 1) {
    zeros++;
  }
  return zeros;
}

/* 1 / (1 + x) for x in [0, 1): Q0.31 */
static inline int32_t nn_reciprocal_of_one_plus(int32_t x)
{
  return nn_half_reciprocal((int32_t)(((uint32_t)x + 0x80000000u) >> 1));
}

/* ln x for x >= 1: Q12.19 -> Q5.26. With a power of two and, from two ways to take it, the mantissa nearer to
 * 2^(-1/4), around which a quotient is the logarithm. Sums are in Q6.25. */
static inline int32_t nn_logarithm(int32_t x)
{
  const int32_t root_half = 1518500250;
  const int32_t center = 1805811301; /* 2^(-1/4) */
  const int32_t quarter = (int32_t)1 << 23;
  const uint32_t zeros = nn_leading_zeros(x);
  const int32_t whole_mantissa = nn_saturating_left(nn_mul_high(nn_saturating_left(x, zeros - 1u), root_half), 1);
  const int32_t whole_power = (12 - (int32_t)zeros) * ((int32_t)1 << 25) + quarter;
  const uint32_t headroom = nn_leading_zeros(nn_mul_high(x, root_half)) - 1u;
  const int32_t half_mantissa = nn_saturating_left(x, headroom);
  const int32_t half_power = (12 - (int32_t)headroom) * ((int32_t)1 << 25) - quarter;
  const int32_t mantissa = whole_mantissa < half_mantissa ? whole_mantissa : half_mantissa;
  const int32_t power = whole_power > half_power ? whole_power : half_power;

  const int32_t p = (int32_t)(((uint32_t)mantissa + (uint32_t)center + 1u) >> 1);
  const int32_t q = (mantissa - center) * 2;
  const int32_t square = nn_mul_high(q, q);
  const int32_t numerator = nn_mul_high(q, mantissa) + nn_mul_high(nn_mul_high(q, square), 117049297);
  const int32_t denominator = nn_mul_high(p, 1057819769 + q + nn_mul_high(127690142, square)) + nn_mul_high(638450708, q);
  const int32_t fraction = nn_mul_high(nn_shift_round(numerator, 6), nn_reciprocal_of_one_plus(denominator));
  return nn_saturating_left(nn_mul_high(power, 1488522236) + fraction, 1);
}

/* input [rows][depth] -> output [rows][depth], scale 1/16, zero point 127; they may be the same buffer. */
static inline void nn_run_log_softmax(const nn_log_softmax *p, const int8_t *input, int8_t *output)
{
  const int32_t depth = p->softmax.depth;
  for (int32_t row = 0; row < p->softmax.rows; row++) {
    const int32_t max = nn_softmax_max(input, depth);
    const int32_t logarithm = nn_logarithm((int32_t)nn_softmax_sum(&p->softmax, input, max));
    /* Below this the result would leave Q5.26. */
    const int32_t bound = nn_requantise(logarithm + INT32_MIN, &p->reverse);
    const int32_t least = bound > p->least ? bound : p->least;
    for (int32_t i = 0; i < depth; i++) {
      const int32_t difference = *input++ - max;
      int32_t code = INT8_MIN;
      if (difference > least) {
        const int32_t scaled = nn_mul_high((int32_t)((uint32_t)difference << p->left), p->multiplier);
        code = nn_clamp(nn_shift_round(scaled - logarithm, 22) + 127, INT8_MIN, INT8_MAX);
      }
      *output++ = (int8_t)code;
    }
  }
}

#endif
