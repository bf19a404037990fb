/* nn_clamp.h: codes that stay as they are, between two bounds: rectifiers whose output has the scale of the input. */
#ifndef NN_CLAMP_H
#define NN_CLAMP_H

#include <stdint.h>

/* input [elements] -> output; they may be the same buffer. */
static inline void nn_run_clamp8(int8_t low, int8_t high, int32_t elements, const int8_t *input, int8_t *output)
{
  for (int32_t i = 0; i < elements; i++) {
    const int8_t raised = input[i] > low ? input[i] : low;
    output[i] = raised < high ? raised : high;
  }
}

/* The same of int16. */
static inline void nn_run_clamp16(int16_t low, int16_t high, int32_t elements, const int16_t *input, int16_t *output)
{
  for (int32_t i = 0; i < elements; i++) {
    const int16_t raised = input[i] > low ? input[i] : low;
    output[i] = raised < high ? raised : high;
  }
}

#endif
