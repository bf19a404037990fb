/* nn_rescale.h: codes of one tensor as those of another: QUANTIZE between integer types. */
#ifndef NN_RESCALE_H
#define NN_RESCALE_H

#include <stdint.h>

#include "nn_fixed_point.h"

typedef struct nn_rescale {
  nn_requant factor; /* input scale / output scale */
  int32_t zero_in;
  int32_t zero_out;
  int32_t low;
  int32_t high;
} nn_rescale;

/* Sums that leave int32, which only int32 codes can make, wrap. */
static inline int32_t nn_rescale_code(const nn_rescale *p, int32_t code)
{
  const int32_t value = (int32_t)((uint32_t)code - (uint32_t)p->zero_in);
  const uint32_t scaled = (uint32_t)nn_requantise(value, &p->factor);
  return nn_clamp((int32_t)(scaled + (uint32_t)p->zero_out), p->low, p->high);
}

#endif
