/* nn_plain.h: arithmetic on int32 and float32 elements that carry no scale. */
#ifndef NN_PLAIN_H
#define NN_PLAIN_H

#include <stdint.h>

#include "nn_wrapping.h"

/* NaN stays NaN, and -0 is not below 0. */
static inline float nn_clamp_float(float x, float low, float high)
{
  const float raised = x < low ? low : x;
  return high < raised ? high : raised;
}

#endif
