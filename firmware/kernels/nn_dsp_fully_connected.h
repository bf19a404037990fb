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
  nn_dsp_channels channels; /* one an output, or one for all */
  const int32_t *start;    /* one for all: [outputs], 256 times the bias, input zero point folded in, less what nn_dsp_dot.h
                              adds; NULL: as these are the starts of the channels */
  int32_t zero_point;      /* of the output */
} nn_dsp_fully_connected;

/* input [batches][inputs] -> output [batches][outputs]; the two must not overlap. */
NN_DSP_SHARED void nn_dsp_run_fully_connected(const nn_dsp_fully_connected *p, const int8_t *input, int8_t *output)
{
  nn_dsp_channel channel;
  nn_dsp_unpack(&p->channels, 0, &channel);
  for (int32_t batch = 0; batch < p->batches; batch++) {
    const uint32_t *weights = p->weights;
    int32_t rows;
    for (int32_t first = 0; first < p->outputs; first += rows) {
      int32_t sums[4] = {0, 0, 0, 0};
      rows = p->outputs - first >= 4 ? 4 : 1;
      weights = rows == 4 ? nn_dsp_rows4(sums, input, weights, p->inputs) : nn_dsp_row(sums, input, weights, p->inputs);
      for (int32_t row = 0; row < rows; row++) {
        int32_t start;
        if (p->start == NULL) {
          nn_dsp_unpack(&p->channels, first + row, &channel);
          start = channel.start;
        } else {
          start = p->start[first + row];
        }
        *output++ = nn_dsp_code(nn_wrapping_add(start, sums[row]) >> 8, &channel, p->zero_point);
      }
    }
    input += p->inputs;
  }
}

#endif
