/* nn_dsp_fully_connected.h: FULLY_CONNECTED, int8, for cores with 16-bit SIMD: four outputs at a time. */
#ifndef NN_DSP_FULLY_CONNECTED_H
#define NN_DSP_FULLY_CONNECTED_H

#include "nn_dsp_channel.h"
#include "nn_dsp_dot.h"

typedef struct nn_dsp_fully_connected {
  int32_t batches;         /* rows of input and output */
  int32_t inputs;          /* elements of an input row */
  int32_t outputs;         /* elements of an output row */
  const uint32_t *weights; /* output after output, four of them together as nn_dsp_rows4() takes them, those left as nn_dsp_row() */
  const int32_t *start;    /* [outputs]: 256 times the bias, input zero point folded in, less what nn_dsp_dot.h adds */
  nn_dsp_factors factors;
  int32_t zero_point;      /* of the output */
} nn_dsp_fully_connected;

/* input [batches][inputs] -> output [batches][outputs]; the two must not overlap. */
NN_DSP_SHARED void nn_dsp_run_fully_connected(const nn_dsp_fully_connected *p, const int8_t *input, int8_t *output)
{
  nn_dsp_channel channel;
  nn_dsp_unpack(&p->factors, 0, &channel);
  for (int32_t batch = 0; batch < p->batches; batch++) {
    const uint32_t *weights = p->weights;
    int32_t rows;
    for (int32_t first = 0; first < p->outputs; first += rows) {
      int32_t sums[4];
      rows = p->outputs - first >= 4 ? 4 : 1;
      for (int32_t row = 0; row < rows; row++) {
        sums[row] = p->start[first + row];
      }
      weights = rows == 4 ? nn_dsp_rows4(sums, input, weights, p->inputs) : nn_dsp_row(sums, input, weights, p->inputs);
      for (int32_t row = 0; row < rows; row++) {
        if (p->factors.step != 0) {
          nn_dsp_unpack(&p->factors, first + row, &channel);
        }
        *output++ = nn_dsp_code(sums[row] >> 8, &channel, p->zero_point);
      }
    }
    input += p->inputs;
  }
}

#endif
