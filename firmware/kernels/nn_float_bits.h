/* nn_float_bits.h: float32 values and their bits. */
#ifndef NN_FLOAT_BITS_H
#define NN_FLOAT_BITS_H

#include <stdint.h>
#include <string.h>

#define NN_FLOAT_NAN 0x7FC00000u
#define NN_FLOAT_INFINITY 0x7F800000u

static inline uint32_t nn_bits_of_float(float x)
{
  uint32_t bits;
  memcpy(&bits, &x, sizeof(bits));
  return bits;
}

static inline float nn_float_of_bits(uint32_t bits)
{
  float x;
  memcpy(&x, &bits, sizeof(x));
  return x;
}

#endif
