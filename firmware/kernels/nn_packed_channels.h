/* nn_packed_channels.h: output channels as they are in flash: factor and first value of the sum in 5 to 8 bytes. */
#ifndef NN_PACKED_CHANNELS_H
#define NN_PACKED_CHANNELS_H

#include <stddef.h>
#include <stdint.h>

#include "nn_channel.h"

/* `size` bytes each: 23 bits of mantissa, `n_bits` bits of n less `n_least`, then the start of the sum, signed. A factor
 * is m / 2^31 / 2^n, and a quotient of scales that differs from channel to channel only by n and by the 24-bit mantissa
 * of the scale of the weights, of which the highest bit is 1. */
typedef struct nn_packed_channels {
  const uint8_t *packed;
  uint32_t high, low; /* input scale / output scale, scaled to [2^63, 2^64) */
  uint8_t size;
  uint8_t n_bits, n_least;
} nn_packed_channels;

static inline uint32_t nn_word_of_bytes(const uint8_t *bytes)
{
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static inline void nn_unpack_channel(const nn_packed_channels *p, const uint8_t *bytes, nn_channel *channel)
{
  const uint32_t factor = nn_word_of_bytes(bytes);
  const int32_t rest = (int32_t)nn_word_of_bytes(bytes + p->size - 4) >> (64 - 8 * p->size); /* what follows the first 32 bits */
  const uint32_t n = p->n_least + ((factor >> 23) & (((uint32_t)1 << p->n_bits) - 1u));
  const uint32_t start = (uint32_t)rest << (9 - p->n_bits) | factor >> 23 >> p->n_bits;
  const uint32_t mantissa = (factor & 0x7FFFFFu) | 0x800000u;
  const uint64_t product = (uint64_t)mantissa * p->high + (((uint64_t)mantissa * p->low) >> 32);
  const uint32_t upper = (uint32_t)(product >> 32);
  const uint32_t carry = upper >> 23;
  channel->multiplier = (int32_t)(((upper << (9u - carry) | (uint32_t)product >> (23u + carry)) + 1u) >> 1);
  channel->bias_shift = (int32_t)(32u * start + n - 1u);
}

/* The channels of a layer. */
typedef struct nn_channels {
  const nn_channel *plain;   /* as they are; NULL: they have to be unpacked */
  nn_packed_channels packed;
  const uint8_t *constant;   /* NULL, or where channels have the same code for every input: a bit a channel, 1 for the
                                others, which alone are packed; then the codes */
} nn_channels;

/* Constant channels become { 0, code }. */
NN_SHARED void nn_unpack_channels(const nn_channels *channels, int32_t count, nn_channel *to)
{
  const nn_packed_channels *p = &channels->packed;
  const uint8_t *bytes = p->packed;
  const uint8_t *live = channels->constant;
  const uint8_t *code = live == NULL ? NULL : live + (count + 7) / 8;
  for (int32_t i = 0; i < count; i++) {
    if (live == NULL || ((live[i >> 3] >> (i & 7)) & 1) != 0) {
      nn_unpack_channel(p, bytes, to);
      bytes += p->size;
    } else {
      to->multiplier = 0;
      to->bias_shift = (int8_t)*code++;
    }
    to++;
  }
}

#endif
