/* nn_clamp.h: codes that stay as they are, between two bounds: rectifiers whose output has the scale of the input. */
#ifndef NN_CLAMP_H
#define NN_CLAMP_H

#include <stdint.h>

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#endif

static inline int8_t nn_clamp_code8(int8_t code, int8_t low, int8_t high)
{
  const int8_t raised = code > low ? code : low;
  return raised < high ? raised : high;
}

/* input [elements] -> output; they may be the same buffer. */
static inline void nn_run_clamp8(int8_t low, int8_t high, int32_t elements, const int8_t *input, int8_t *output)
{
#if defined(__ARM_FEATURE_MVE)
  for (; elements >= 16; elements -= 16) {
    vstrbq_s8(output, vminq_s8(vmaxq_s8(vldrbq_s8(input), vdupq_n_s8(low)), vdupq_n_s8(high)));
    input += 16;
    output += 16;
  }
#else
  for (; elements >= 4; elements -= 4) {
    output[0] = nn_clamp_code8(input[0], low, high);
    output[1] = nn_clamp_code8(input[1], low, high);
    output[2] = nn_clamp_code8(input[2], low, high);
    output[3] = nn_clamp_code8(input[3], low, high);
    input += 4;
    output += 4;
  }
#endif
  for (; elements > 0; elements--) {
    *output++ = nn_clamp_code8(*input++, low, high);
  }
}

/* input [elements] -> output; they may be the same buffer. */
static inline void nn_run_clamp16(int16_t low, int16_t high, int32_t elements, const int16_t *input, int16_t *output)
{
  for (int32_t i = 0; i < elements; i++) {
    const int16_t raised = input[i] > low ? input[i] : low;
    output[i] = raised < high ? raised : high;
  }
}

#endif
