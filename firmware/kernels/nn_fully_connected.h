/* nn_fully_connected.h: FULLY_CONNECTED, int8 in, int8 weights, int8 out. */
#ifndef NN_FULLY_CONNECTED_H
#define NN_FULLY_CONNECTED_H

#include <stdint.h>

#include "nn_dot.h"
#include "nn_fixed_point.h"

typedef struct nn_fully_connected {
  int32_t batches;           /* rows of input and output */
  int32_t inputs;            /* elements of an input row */
  int32_t outputs;           /* elements of an output row */
  const int8_t *weights;     /* [outputs][inputs] */
  const int32_t *bias;       /* [outputs]: bias - input zero point * sum of the row's weights */
  const nn_requant *requant; /* [outputs], or one for all outputs */
  int32_t requant_step;      /* 1: one an output; 0: one for all */
  int32_t zero_point;        /* of the output */
  int32_t low, high;         /* bounds of the output: int8 and the fused activation */
} nn_fully_connected;

/* The codes of `count` sums; returns the factor of the next. */
static inline const nn_requant *nn_fully_connected_codes(const nn_fully_connected *p, const nn_requant *q, const int32_t *sums, int32_t count, int8_t *output)
{
  const int32_t zero_point = p->zero_point;
  const int32_t low = p->low;
  const int32_t high = p->high;
  const int32_t step = p->requant_step;
  for (; count > 0; count--) {
    *output++ = (int8_t)nn_clamp(nn_requantise(*sums++, q) + zero_point, low, high);
    q += step;
  }
  return q;
}

/* input [batches][inputs] -> output [batches][outputs]; the two must not overlap. */
NN_SHARED void nn_run_fully_connected(const nn_fully_connected *p, const int8_t *input, int8_t *output)
{
  const int32_t inputs = p->inputs;
  for (int32_t batch = 0; batch < p->batches; batch++) {
    const int8_t *row = p->weights;
    const int32_t *bias = p->bias;
    const nn_requant *q = p->requant;
    int32_t left = p->outputs;
    for (; left >= 4; left -= 4) {
      const int8_t *const rows[4] = {row, row + inputs, row + 2 * inputs, row + 3 * inputs};
      int32_t sums[4] = {bias[0], bias[1], bias[2], bias[3]};
      nn_dot4(rows, input, inputs, sums);
      q = nn_fully_connected_codes(p, q, sums, 4, output);
      row += 4 * inputs;
      bias += 4;
      output += 4;
    }
    for (; left > 0; left--) {
      const int32_t sum = nn_dot(*bias++, row, input, inputs);
      q = nn_fully_connected_codes(p, q, &sum, 1, output);
      row += inputs;
      output++;
    }
    input += inputs;
  }
}

#endif
