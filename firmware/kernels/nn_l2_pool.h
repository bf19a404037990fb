/* nn_l2_pool.h: L2_POOL_2D, float32: the root of the mean square of a window. */
#ifndef NN_L2_POOL_H
#define NN_L2_POOL_H

#include <stdint.h>

#include "nn_pool.h"
#include "nn_sqrt.h"

static inline float nn_l2_pool_add(float sum, float x)
{
  const float square = x * x;
  return sum + square;
}

static inline float nn_l2_pool_root(const nn_pool_float *p, float sum, int32_t count)
{
  return nn_pool_clamp(nn_sqrt(sum / (float)count), p->low, p->high);
}

NN_POOL_RUN(nn_run_l2_pool_float, nn_pool_float, float, float, 0.0f, nn_l2_pool_add, nn_l2_pool_root)

#endif
