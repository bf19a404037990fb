/* nn_lut8.h: a function of int8 codes as a table of its 256 results, for everything that looks at one code at a time. */
#ifndef NN_LUT8_H
#define NN_LUT8_H

#include <stdint.h>

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#endif

/* table[(uint8_t)code], so 0 .. 127 before -128 .. -1. input [elements] -> output; they may be the same buffer. */
static inline void nn_run_lut8(const int8_t table[256], int32_t elements, const int8_t *input, int8_t *output)
{
#if defined(__ARM_FEATURE_MVE)
  for (; elements >= 16; elements -= 16) {
    vstrbq_s8(output, vldrbq_gather_offset_s8(table, vreinterpretq_u8_s8(vldrbq_s8(input))));
    input += 16;
    output += 16;
  }
#else
  for (; elements >= 4; elements -= 4) {
    output[0] = table[(uint8_t)input[0]];
    output[1] = table[(uint8_t)input[1]];
    output[2] = table[(uint8_t)input[2]];
    output[3] = table[(uint8_t)input[3]];
    input += 4;
    output += 4;
  }
#endif
  for (; elements > 0; elements--) {
    *output++ = table[(uint8_t)*input++];
  }
}

#endif
