/* nn_dsp_fully_connected.h: FULLY_CONNECTED, int8, for cores with 16-bit SIMD: four outputs at a time. */
#ifndef NN_DSP_FULLY_CONNECTED_H
#define NN_DSP_FULLY_CONNECTED_H

#include "nn_dsp_channel.h"
#include "nn_dsp_dot.h"

typedef struct nn_dsp_fully_connected {
  int32_t batches;         /* rows of input and output */
  int32_t inputs;          /* elements of an input row */
  int32_t outputs;         /* elements of an output row */
  const uint32_t *weights; /* four outputs: [inputs / 4][4] for nn_dsp_dot4x1(), then for each input that is left a word of one byte an output;
                              each output after the last four: [inputs / 4], then a word of one byte an input that is left */
  const int32_t *start;    /* [outputs]: 256 times the bias, input zero point folded in, less what nn_dsp_dot.h adds */
  nn_dsp_factors factors;
  int32_t zero_point;      /* of the output */
} nn_dsp_fully_connected;

/* Byte k of a word, times x, times 256. */
NN_DSP_INLINE int32_t nn_dsp_byte_product(uint32_t word, int32_t k, int32_t x)
{
  return (int8_t)(uint8_t)(word >> (8 * k)) * x * 256;
}

/* The sums of `rows` outputs, 4 or 1; returns the weights of the next ones. */
NN_DSP_INLINE const uint32_t *nn_dsp_sums(const nn_dsp_fully_connected *p, const int8_t *x, const uint32_t *weights, int32_t rows, int32_t sums[4])
{
  const int32_t steps = p->inputs >> 2;
  const int32_t left = p->inputs & 3;
  if (rows == 4) {
    nn_dsp_dot4x1(sums, x, weights, steps);
    weights += 4 * steps;
  } else {
    for (int32_t step = 0; step < steps; step++) {
      const uint32_t word = nn_load4(x + 4 * step);
      sums[0] = nn_smlad(nn_sxtb16(*weights), word ^ NN_DSP_MIXED, nn_smlad(*weights, nn_sxtb16(word), sums[0]));
      weights++;
    }
  }
  x += 4 * steps;
  for (int32_t k = 0; k < left; k++) {
    if (rows == 4) {
      for (int32_t row = 0; row < 4; row++) {
        sums[row] = nn_wrapping_add(sums[row], nn_dsp_byte_product(*weights, row, x[k]));
      }
      weights++;
    } else {
      sums[0] = nn_wrapping_add(sums[0], nn_dsp_byte_product(*weights, k, x[k]));
    }
  }
  return rows == 4 || left == 0 ? weights : weights + 1;
}

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
      weights = nn_dsp_sums(p, input, weights, rows, sums);
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
