/* nn_softmax16.h: SOFTMAX of int16 codes by two tables, exp over [-10, 0] and 1 / (1 + x) over [0, 1], both Q0.15. */
#ifndef NN_SOFTMAX16_H
#define NN_SOFTMAX16_H

#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_lookup16.h"

typedef struct nn_softmax16 {
  int32_t rows;
  int32_t depth;             /* at most 65536 */
  nn_requant factor;         /* from a difference of codes to steps of 10 / 65535 */
  const int16_t *exp;        /* [513] */
  const int16_t *reciprocal; /* [513] */
} nn_softmax16;

static inline void nn_softmax16_row(const nn_softmax16 *p, const int16_t *input, int16_t *output)
{
  int32_t max = input[0];
  for (int32_t i = 1; i < p->depth; i++) {
    max = input[i] > max ? input[i] : max;
  }
  uint32_t sum = 0; /* Q16.15, at least nearly 1 */
  for (int32_t i = 0; i < p->depth; i++) {
    const int32_t steps = nn_requantise(input[i] - max, &p->factor);
    const int32_t value = nn_lookup16(p->exp, nn_to_int16(steps + INT16_MAX));
    output[i] = (int16_t)value;
    sum += (uint32_t)value;
  }
  uint32_t right = 30;
  while ((sum & 0x40000000u) == 0u) {
    sum <<= 1;
    right--;
  }
  /* The sum between 1 and 2 in Q1.16; the table takes what is above 1, less a half. */
  const int32_t mantissa = (int32_t)((sum + 8192u) >> 14);
  const int32_t reciprocal = nn_lookup16(p->reciprocal, nn_to_int16(mantissa - 98304));
  for (int32_t i = 0; i < p->depth; i++) {
    const int32_t code = (output[i] * reciprocal + ((int32_t)1 << (right - 1u))) >> right;
    output[i] = (int16_t)nn_clamp(code, 0, INT16_MAX);
  }
}

/* input [rows][depth] -> output [rows][depth], scale 1/32768; they may be the same buffer. */
static inline void nn_run_softmax16(const nn_softmax16 *p, const int16_t *input, int16_t *output)
{
  for (int32_t row = 0; row < p->rows; row++) {
    nn_softmax16_row(p, input, output);
    input += p->depth;
    output += p->depth;
  }
}

#endif
