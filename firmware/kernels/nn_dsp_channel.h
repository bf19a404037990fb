/* nn_dsp_channel.h: from the sum of an output channel to its code, for cores with 16-bit SIMD. */
#ifndef NN_DSP_CHANNEL_H
#define NN_DSP_CHANNEL_H

#include "nn_dsp.h"

/* What a channel needs in registers. */
typedef struct nn_dsp_channel {
  int32_t start;      /* of its sum */
  int32_t multiplier; /* 2 m - 2^32 for a factor m / 2^31 / 2^n */
  int32_t scale;      /* 2^(32 - n), n in 2..31 */
} nn_dsp_channel;

/* Output channels as they are in flash, `size` bytes each: 23 bits of mantissa, `n_bits` bits of n less `n_least`, then the
 * start, signed. A factor is a quotient of scales that differs from channel to channel only by n and by the 24-bit
 * mantissa of the scale of the weights, of which the highest bit is 1. */
typedef struct nn_dsp_channels {
  const uint8_t *packed;
  uint32_t high, low;    /* input scale / output scale, scaled to [2^63, 2^64) */
  uint8_t size;          /* 5..8 */
  uint8_t n_bits, n_least;
} nn_dsp_channels;

static inline void nn_dsp_unpack(const nn_dsp_channels *p, int32_t index, nn_dsp_channel *channel)
{
  const uint8_t *bytes = p->packed + p->size * index;
  const uint32_t factor = nn_load4(bytes);
  const int32_t rest = (int32_t)nn_load4(bytes + p->size - 4) >> (64 - 8 * p->size); /* what follows the first 32 bits */
  const uint32_t n = p->n_least + ((factor >> 23) & (((uint32_t)1 << p->n_bits) - 1u));
  channel->start = (int32_t)((uint32_t)rest << (9 - p->n_bits) | factor >> 23 >> p->n_bits);
  const uint32_t mantissa = (factor & 0x7FFFFFu) | 0x800000u;
  const uint64_t product = (uint64_t)mantissa * p->high + (((uint64_t)mantissa * p->low) >> 32);
  const uint32_t m = ((uint32_t)(product >> (23u + (uint32_t)(product >> 55))) + 1u) >> 1; /* 2^30..2^31 */
  channel->multiplier = (int32_t)(m << 1);
  channel->scale = (int32_t)((uint32_t)1 << (32u - n));
}

/* The code of a sum: x m / 2^31 rounded to nearest (ties up), then / 2^n rounded to nearest (ties away from zero), plus
 * the zero point, as TensorFlow Lite Micro rounds. Each rounding is one SMMLAR. */
NN_DSP_INLINE int8_t nn_dsp_code(int32_t sum, const nn_dsp_channel *channel, int32_t zero_point)
{
  const int32_t product = nn_smmlar(sum, channel->multiplier, sum);
  return (int8_t)nn_to_int8(nn_smmlar(nn_wrapping_add(product, product >> 31), channel->scale, zero_point));
}

/* Fused activations that the saturation to int8 does not do by itself: limits the codes of a layer. */
static inline void nn_dsp_limit(int8_t *codes, int32_t count, int32_t low, int32_t high)
{
  for (int32_t i = 0; i < count; i++) {
    const int32_t code = codes[i];
    codes[i] = (int8_t)(code < low ? low : code > high ? high : code);
  }
}

#endif
