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

/* Output factors as they are in flash, 4 bytes each: m is a quotient of scales that differs from channel to channel
 * only by the 24-bit mantissa of the scale of the weights. */
typedef struct nn_dsp_factors {
  const uint32_t *packed; /* bits 0..22 the mantissa without its leading 1, 23..27 n, 28: m has one bit more */
  int32_t step;           /* 1: one a channel; 0: one for all */
  uint32_t high, low;     /* input scale / output scale, scaled to [2^63, 2^64) */
} nn_dsp_factors;

static inline void nn_dsp_unpack(const nn_dsp_factors *f, int32_t index, nn_dsp_channel *channel)
{
  const uint32_t packed = f->packed[index * f->step];
  const uint32_t mantissa = (packed & 0x7FFFFFu) | 0x800000u;
  const uint32_t drop = 23u + (packed >> 28);
  const uint64_t product = (uint64_t)mantissa * f->high + (((uint64_t)mantissa * f->low) >> 32);
  const uint32_t twice = (uint32_t)(((product >> drop) + 1u) >> 1) << 1;
  channel->multiplier = (int32_t)twice;
  channel->scale = (int32_t)((uint32_t)1 << (32u - ((packed >> 23) & 31u)));
}

/* Channels first..first + count. */
NN_DSP_SHARED void nn_dsp_unpack_channels(const nn_dsp_factors *f, const int32_t *start, int32_t first, int32_t count,
                                          nn_dsp_channel *channels)
{
  for (int32_t i = 0; i < count; i++) {
    channels[i].start = start[first + i];
    nn_dsp_unpack(f, first + i, channels + i);
  }
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
