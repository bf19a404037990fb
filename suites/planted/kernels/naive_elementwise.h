/* naive_elementwise.h: ADD, SUB and MUL of two int8 tensors of one shape. */
#ifndef NAIVE_ELEMENTWISE_H
#define NAIVE_ELEMENTWISE_H

#include "naive_arithmetic.h"

typedef enum naive_operation { NAIVE_ADD, NAIVE_SUB, NAIVE_MUL } naive_operation;

typedef struct naive_elementwise {
  naive_operation operation;
  int32_t elements;
  int32_t zero_point[2];
  int32_t output_zero_point;
  naive_factor factor[3]; /* of the operands and of the sum; MUL uses the third alone */
  int32_t low, high;
  naive_rounding rounding;
} naive_elementwise;

static inline void naive_run_elementwise(const naive_elementwise *e, const int8_t *a, const int8_t *b, int8_t *output)
{
  for (int32_t i = 0; i < e->elements; i++) {
    const int32_t first = a[i] - e->zero_point[0];
    const int32_t second = b[i] - e->zero_point[1];
    int32_t value = first * second;
    if (e->operation != NAIVE_MUL) {
      const int32_t fine_first = naive_requantise(first * (1 << 20), &e->factor[0], e->rounding);
      const int32_t fine_second = naive_requantise(second * (1 << 20), &e->factor[1], e->rounding);
      value = e->operation == NAIVE_ADD ? fine_first + fine_second : fine_first - fine_second;
    }
    output[i] = (int8_t)naive_clamp(naive_requantise(value, &e->factor[2], e->rounding) + e->output_zero_point, e->low, e->high);
  }
}

#endif
