/* naive_copy.h: a block of up to four dimensions moved from one tensor into another: TRANSPOSE, CONCATENATION, PAD, RESHAPE. */
#ifndef NAIVE_COPY_H
#define NAIVE_COPY_H

#include <stdint.h>

typedef struct naive_block {
  int32_t sizes[4];
  int32_t from, in_steps[4];
  int32_t to, out_steps[4];
} naive_block;

static inline void naive_run_copy(const naive_block *b, const int8_t *input, int8_t *output)
{
  for (int32_t i = 0; i < b->sizes[0]; i++) {
    for (int32_t j = 0; j < b->sizes[1]; j++) {
      for (int32_t k = 0; k < b->sizes[2]; k++) {
        for (int32_t l = 0; l < b->sizes[3]; l++) {
          const int32_t in = b->from + i * b->in_steps[0] + j * b->in_steps[1] + k * b->in_steps[2] + l * b->in_steps[3];
          const int32_t out = b->to + i * b->out_steps[0] + j * b->out_steps[1] + k * b->out_steps[2] + l * b->out_steps[3];
          output[out] = input[in];
        }
      }
    }
  }
}

#endif
