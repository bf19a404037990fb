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

static inline int8_t nn_fully_connected_finish(const nn_fully_connected *p, int32_t sum, const nn_requant *q)
{
  return (int8_t)nn_clamp(nn_requantise(sum, q) + p->zero_point, p->low, p->high);
}

/* input [batches][inputs] -> output [batches][outputs]; the two must not overlap. */
static inline void nn_run_fully_connected(const nn_fully_connected *p, const int8_t *input, int8_t *output)
{
  for (int32_t batch = 0; batch < p->batches; batch++) {
    const int8_t *row = p->weights;
    const int32_t *bias = p->bias;
    const nn_requant *q = p->requant;
    int32_t left = p->outputs;
    for (; left >= 2; left -= 2) {
      int32_t sums[2];
      sums[0] = bias[0];
      sums[1] = bias[1];
      nn_dot2(sums, row, row + p->inputs, input, p->inputs);
      output[0] = nn_fully_connected_finish(p, sums[0], q);
      output[1] = nn_fully_connected_finish(p, sums[1], q + p->requant_step);
      q += 2 * p->requant_step;
      row += 2 * p->inputs;
      bias += 2;
      output += 2;
    }
    if (left > 0) {
      *output++ = nn_fully_connected_finish(p, nn_dot(*bias, row, input, p->inputs), q);
    }
    input += p->inputs;
  }
}

#endif
