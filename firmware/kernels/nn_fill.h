/* nn_fill.h: constants: whole tensors, and the borders around a tensor that is padded. */
#ifndef NN_FILL_H
#define NN_FILL_H

#include <stdint.h>

#include "nn_strided_copy.h"

/* The element as often as it fits into 32 bits, lowest address first. bytes: a multiple of unit (1, 2 or 4), to which output is aligned. */
NN_SHARED void nn_fill(void *output, int32_t bytes, uint32_t pattern, int32_t unit)
{
  if (unit == 4) {
    uint32_t *to = (uint32_t *)output;
    for (int32_t i = 0; i < bytes >> 2; i++) {
      to[i] = pattern;
    }
  } else if (unit == 2) {
    uint16_t *to = (uint16_t *)output;
    for (int32_t i = 0; i < bytes >> 1; i++) {
      to[i] = (uint16_t)pattern;
    }
  } else {
    uint8_t *to = (uint8_t *)output;
    for (int32_t i = 0; i < bytes; i++) {
      to[i] = (uint8_t)pattern;
    }
  }
}

typedef struct nn_pad {
  nn_strided_copy copy; /* the runs ascend in the output */
  int32_t first;        /* bytes before the first run */
  int32_t bytes;        /* of the whole output */
} nn_pad;

/* Copies the runs and fills all that lies before, between and after them. */
NN_SHARED void nn_run_pad(const nn_pad *p, uint32_t pattern, const void *input, void *output)
{
  const nn_strided_copy *copy = &p->copy;
  const nn_axis *inner = &copy->axes[copy->rank - 1];
  const uint8_t *from = (const uint8_t *)input;
  uint8_t *to = (uint8_t *)output;
  int32_t at[NN_AXES] = {0};
  int32_t f = 0;
  int32_t t = p->first;
  int32_t done = 0;
  do {
    int32_t run_from = f;
    int32_t run_to = t;
    for (int32_t i = 0; i < inner->count; i++) {
      nn_fill(to + done, run_to - done, pattern, copy->unit);
      nn_copy_run(from + run_from, to + run_to, copy->run, copy->unit);
      done = run_to + copy->run;
      run_from += inner->from;
      run_to += inner->to;
    }
  } while (nn_next_index(copy, at, &f, &t));
  nn_fill(to + done, p->bytes - done, pattern, copy->unit);
}

#endif
