/* nn_rescale16.h: functions of one int16 code that are straight on both sides of zero: RELU, ABS, LEAKY_RELU. */
#ifndef NN_RESCALE16_H
#define NN_RESCALE16_H

#include <stdint.h>

#include "nn_fixed_point.h"

typedef struct nn_rescale16 {
  int32_t elements;
  int32_t zero_in;
  int32_t zero_out;
  int32_t low;
  int32_t high;
  nn_requant positive;
  nn_requant negative; /* also of 0 */
  uint8_t turns;       /* 1: negative values are rescaled as positive ones; 2: their results change sign */
} nn_rescale16;

/* input [elements] -> output; they may be the same buffer. */
static inline void nn_run_rescale16(const nn_rescale16 *p, const int16_t *input, int16_t *output)
{
  for (int32_t i = 0; i < p->elements; i++) {
    const int32_t value = input[i] - p->zero_in;
    int32_t scaled;
    if (value > 0) {
      scaled = nn_requantise(value, &p->positive);
    } else {
      scaled = nn_requantise(p->turns == 1u ? -value : value, &p->negative);
      scaled = p->turns == 2u ? -scaled : scaled;
    }
    output[i] = (int16_t)nn_clamp(scaled + p->zero_out, p->low, p->high);
  }
}

#endif
