/* nn_arg_extreme.h: ARG_MAX and ARG_MIN, [outer][length][inner] -> [outer][inner]; the first of equal elements. */
#ifndef NN_ARG_EXTREME_H
#define NN_ARG_EXTREME_H

#include <stdint.h>

#include "nn_fixed_point.h"

typedef struct nn_arg_extreme {
  int32_t outer;
  int32_t length;
  int32_t inner;
} nn_arg_extreme;

/* flip: 0 for the greatest, -1 for the least element (complements are in reverse order). */
NN_SHARED void nn_run_arg_extreme(const nn_arg_extreme *p, int32_t flip, const int8_t *input, int32_t *output)
{
  for (int32_t row = 0; row < p->outer; row++) {
    for (int32_t column = 0; column < p->inner; column++) {
      int32_t best = -129;
      int32_t at = 0;
      const int8_t *from = input + column;
      for (int32_t i = 0; i < p->length; i++) {
        const int32_t value = *from ^ flip;
        if (value > best) {
          best = value;
          at = i;
        }
        from += p->inner;
      }
      *output++ = at;
    }
    input += p->length * p->inner;
  }
}

/* As above. A NaN that comes first stays the best, any other never becomes it: comparisons with it are false. */
NN_SHARED void nn_run_arg_extreme_float(const nn_arg_extreme *p, int32_t flip, const float *input, int32_t *output)
{
  for (int32_t row = 0; row < p->outer; row++) {
    for (int32_t column = 0; column < p->inner; column++) {
      const float *from = input + column;
      float best = from[0];
      int32_t at = 0;
      for (int32_t i = 1; i < p->length; i++) {
        const float value = from[i * p->inner];
        if (flip == 0 ? value > best : value < best) {
          best = value;
          at = i;
        }
      }
      *output++ = at;
    }
    input += p->length * p->inner;
  }
}

#endif
