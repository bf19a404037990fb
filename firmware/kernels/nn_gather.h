/* nn_gather.h: GATHER and GATHER_ND. A slice that lies outside the input gives zeros: nothing outside is read.
 * Sizes are in bytes; unit is 1, 2 or 4, as in nn_strided_copy.h.
 */
#ifndef NN_GATHER_H
#define NN_GATHER_H

#include <stdint.h>

#include "nn_fill.h"
#include "nn_strided_copy.h"

typedef struct nn_gather {
  int32_t batches; /* of input, indices and output */
  int32_t outer;   /* rows of a batch of the input */
  int32_t length;  /* of the axis that the indices go along */
  int32_t picks;   /* indices of a batch */
  int32_t slice;   /* bytes behind one index */
  int32_t unit;
} nn_gather;

static inline void nn_gather_slice(const uint8_t *from, uint8_t *to, int32_t bytes, int32_t unit)
{
  if (from != 0) {
    nn_copy_short_run(from, to, bytes, unit);
  } else {
    nn_fill(to, bytes, 0u, unit);
  }
}

/* input [batches][outer][length][slice], indices [batches][picks] -> output [batches][outer][picks][slice] */
NN_SHARED void nn_run_gather(const nn_gather *p, const void *input, const int32_t *indices, void *output)
{
  const uint8_t *from = (const uint8_t *)input;
  uint8_t *to = (uint8_t *)output;
  for (int32_t batch = 0; batch < p->batches; batch++) {
    for (int32_t row = 0; row < p->outer; row++) {
      for (int32_t pick = 0; pick < p->picks; pick++) {
        const int32_t index = indices[pick];
        const int inside = index >= 0 && index < p->length;
        nn_gather_slice(inside ? from + index * p->slice : (const uint8_t *)0, to, p->slice, p->unit);
        to += p->slice;
      }
      from += p->length * p->slice;
    }
    indices += p->picks;
  }
}

typedef struct nn_gather_nd {
  const int32_t *strides; /* elements from one index to the next, one for each index of a row */
  int32_t depth;          /* indices in a row */
  int32_t rows;
  int32_t last;  /* place of the last slice, elements */
  int32_t bytes; /* of an element */
  int32_t slice; /* bytes behind one row of indices */
  int32_t unit;
} nn_gather_nd;

/* indices [rows][depth] -> output [rows][slice]. An index beyond its dimension goes on in the next row. */
NN_SHARED void nn_run_gather_nd(const nn_gather_nd *p, const void *input, const int32_t *indices, void *output)
{
  const uint8_t *from = (const uint8_t *)input;
  uint8_t *to = (uint8_t *)output;
  for (int32_t row = 0; row < p->rows; row++) {
    uint32_t place = 0;
    for (int32_t k = 0; k < p->depth; k++) {
      place += (uint32_t)indices[k] * (uint32_t)p->strides[k];
    }
    nn_gather_slice(place <= (uint32_t)p->last ? from + place * (uint32_t)p->bytes : (const uint8_t *)0, to, p->slice, p->unit);
    indices += p->depth;
    to += p->slice;
  }
}

#endif
