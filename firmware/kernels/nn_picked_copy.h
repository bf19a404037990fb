/* nn_picked_copy.h: output[i][j]... = input[a[i]][b[j]]... with tables of indices: mirrored borders, nearest pixels. */
#ifndef NN_PICKED_COPY_H
#define NN_PICKED_COPY_H

#include <stdint.h>

#include "nn_strided_copy.h"

typedef struct nn_picked_axis {
  const uint16_t *source; /* [count] index of the input */
  int32_t count;
  int32_t from; /* bytes from one index of the input to the next */
} nn_picked_axis;

typedef struct nn_picked_copy {
  const nn_picked_axis *axes; /* outermost first */
  int32_t rank;               /* 1..NN_AXES */
  int32_t run;                /* bytes that lie together on both sides */
  int32_t unit;               /* 1, 2 or 4, as in nn_strided_copy */
} nn_picked_copy;

NN_SHARED void nn_run_picked_copy(const nn_picked_copy *p, const void *input, void *output)
{
  const uint8_t *from = (const uint8_t *)input;
  uint8_t *to = (uint8_t *)output;
  int32_t at[NN_AXES] = {0};
  const nn_picked_axis *inner = &p->axes[p->rank - 1];
  int32_t k;
  do {
    int32_t row = 0;
    for (k = 0; k < p->rank - 1; k++) {
      row += p->axes[k].source[at[k]] * p->axes[k].from;
    }
    for (int32_t i = 0; i < inner->count; i++) {
      nn_copy_short_run(from + (row + inner->source[i] * inner->from), to, p->run, p->unit);
      to += p->run;
    }
    for (k = p->rank - 2; k >= 0; k--) {
      at[k]++;
      if (at[k] < p->axes[k].count) {
        break;
      }
      at[k] = 0;
    }
  } while (k >= 0);
}

#endif
