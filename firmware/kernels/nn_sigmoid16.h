/* nn_sigmoid16.h: LOGISTIC and TANH of int16 tensors by the table of nn_sigmoid.h. */
#ifndef NN_SIGMOID16_H
#define NN_SIGMOID16_H

#include "nn_sigmoid.h"

/* A code in steps of 2^-12 / 3: code * multiplier / 2^shift, rounded to nearest; |code * multiplier| stays below 2^31 - 2^30 where
 * there is a shift. */
static inline int32_t nn_sigmoid_argument(int32_t code, int32_t multiplier, uint32_t shift)
{
  const int32_t half = shift == 0u ? 0 : (int32_t)1 << (shift - 1u);
  return (code * multiplier + half) >> shift;
}

/* input [elements] -> output; they may be the same buffer. */
static inline void nn_run_sigmoid16(const uint16_t *table, int32_t multiplier, uint32_t shift, int32_t elements, const int16_t *input, int16_t *output)
{
  for (int32_t i = 0; i < elements; i++) {
    output[i] = nn_sigmoid16(table, nn_sigmoid_argument(input[i], multiplier, shift));
  }
}

static inline void nn_run_tanh16(const uint16_t *table, int32_t multiplier, uint32_t shift, int32_t elements, const int16_t *input, int16_t *output)
{
  for (int32_t i = 0; i < elements; i++) {
    output[i] = nn_tanh16(table, nn_sigmoid_argument(input[i], multiplier, shift));
  }
}

#endif
