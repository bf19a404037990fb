/* nn_wrapping.h: int32 arithmetic that wraps, which C leaves undefined for signed numbers. */
#ifndef NN_WRAPPING_H
#define NN_WRAPPING_H

#include <stdint.h>

static inline int32_t nn_wrapping_add(int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t nn_wrapping_subtract(int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t nn_wrapping_multiply(int32_t a, int32_t b)
{
  return (int32_t)((uint32_t)a * (uint32_t)b);
}

#endif
