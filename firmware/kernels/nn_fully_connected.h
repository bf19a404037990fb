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

/* input [batches][inputs] -> output [batches][outputs]; the two must not overlap. */
NN_SHARED void nn_run_fully_connected(const nn_fully_connected *p, const int8_t *input, int8_t *output)
{
  for (int32_t batch = 0; batch < p->batches; batch++) {
    const int8_t *row = p->weights;
    const nn_requant *q = p->requant;
    for (int32_t done = 0; done < p->outputs; done += 4) {
      const int32_t count = p->outputs - done < 4 ? p->outputs - done : 4;
      const int8_t *rows[4];
      int32_t sums[4];
      for (int32_t k = 0; k < 4; k++) {
        const int32_t at = k < count ? k : 0; /* a row too many is computed again rather than one too far read */
        rows[k] = row + at * p->inputs;
        sums[k] = p->bias[done + at];
      }
      nn_dot4(rows, input, p->inputs, sums);
      for (int32_t k = 0; k < count; k++) {
        *output++ = (int8_t)nn_clamp(nn_requantise(sums[k], q) + p->zero_point, p->low, p->high);
        q += p->requant_step;
      }
      row += 4 * p->inputs;
    }
    input += p->inputs;
  }
}

#endif
