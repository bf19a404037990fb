/* nn_log_softmax_float.h: LOG_SOFTMAX of float32. */
#ifndef NN_LOG_SOFTMAX_FLOAT_H
#define NN_LOG_SOFTMAX_FLOAT_H

#include <float.h>
#include <stdint.h>

#include "nn_float_exp.h"
#include "nn_float_log.h"

/* input [rows][depth] -> output [rows][depth]; they may be the same buffer. */
static inline void nn_run_log_softmax_float(int32_t rows, int32_t depth, const float *input, float *output)
{
  for (int32_t row = 0; row < rows; row++) {
    float max = -FLT_MAX;
    for (int32_t i = 0; i < depth; i++) {
      max = input[i] > max ? input[i] : max;
    }
    float sum = 0.0f;
    for (int32_t i = 0; i < depth; i++) {
      sum += nn_float_exp(input[i] - max);
    }
    const float logarithm = nn_float_log(sum);
    for (int32_t i = 0; i < depth; i++) {
      *output++ = *input++ - max - logarithm;
    }
  }
}

#endif
