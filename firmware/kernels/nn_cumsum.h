/* nn_cumsum.h: CUMSUM of int8 and float along one axis, [outer][length][inner].
 *
 * int8: value for value what TensorFlow Lite Micro computes: sums with 19 fraction bits that wrap, and that start at minus the
 * zero point of the input.
 */
#ifndef NN_CUMSUM_H
#define NN_CUMSUM_H

#include <stdint.h>

#include "nn_fixed_point.h"

typedef struct nn_cumsum {
  int32_t outer;
  int32_t length;
  int32_t inner;
  int32_t reverse;   /* 1: from the last element to the first */
  int32_t exclusive; /* 1: the sum of the elements before each one, without itself */
} nn_cumsum;

typedef struct nn_cumsum_codes {
  int32_t input_zero_point;
  int32_t output_zero_point;
  nn_requant output; /* from a sum to codes; no left shift */
} nn_cumsum_codes;

/* Elements before the first one of a row (the row and the column of the other axes), in the order of the sum. */
static inline int32_t nn_cumsum_first(const nn_cumsum *p, int32_t row, int32_t column)
{
  return row * p->length * p->inner + column + (p->reverse ? (p->length - 1) * p->inner : 0);
}

NN_SHARED void nn_run_cumsum(const nn_cumsum *p, const nn_cumsum_codes *q, const int8_t *input, int8_t *output)
{
  const int32_t step = p->reverse ? -p->inner : p->inner;
  for (int32_t row = 0; row < p->outer; row++) {
    for (int32_t column = 0; column < p->inner; column++) {
      int32_t at = nn_cumsum_first(p, row, column);
      uint32_t sum = (uint32_t)-q->input_zero_point << 19;
      for (int32_t i = 0; i < p->length; i++) {
        const uint32_t next = sum + ((uint32_t)(input[at] - q->input_zero_point) << 19);
        const int32_t shown = nn_requantise((int32_t)(p->exclusive ? sum : next), &q->output);
        output[at] = (int8_t)nn_clamp(shown + q->output_zero_point, INT8_MIN, INT8_MAX);
        sum = next;
        at += step;
      }
    }
  }
}

NN_SHARED void nn_run_cumsum_float(const nn_cumsum *p, const float *input, float *output)
{
  const int32_t step = p->reverse ? -p->inner : p->inner;
  for (int32_t row = 0; row < p->outer; row++) {
    for (int32_t column = 0; column < p->inner; column++) {
      int32_t at = nn_cumsum_first(p, row, column);
      float sum = 0.0f;
      for (int32_t i = 0; i < p->length; i++) {
        const float next = sum + input[at];
        output[at] = p->exclusive ? sum : next;
        sum = next;
        at += step;
      }
    }
  }
}

#endif
