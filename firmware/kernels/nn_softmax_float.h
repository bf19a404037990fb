/* nn_softmax_float.h: SOFTMAX of float32. */
#ifndef NN_SOFTMAX_FLOAT_H
#define NN_SOFTMAX_FLOAT_H

#include <float.h>
#include <stdint.h>

#include "nn_float_exp.h"

/* input [rows][depth] -> output [rows][depth]; they may be the same buffer. */
static inline void nn_run_softmax_float(int32_t rows, int32_t depth, float beta, const float *input, float *output)
{
  for (int32_t row = 0; row < rows; row++) {
    float max = -FLT_MAX;
    for (int32_t i = 0; i < depth; i++) {
      max = input[i] > max ? input[i] : max;
    }
    float sum = 0.0f;
    for (int32_t i = 0; i < depth; i++) {
      const float value = nn_float_exp((input[i] - max) * beta);
      output[i] = value;
      sum += value;
    }
    for (int32_t i = 0; i < depth; i++) {
      output[i] = output[i] / sum;
    }
    input += depth;
    output += depth;
  }
}

#endif
