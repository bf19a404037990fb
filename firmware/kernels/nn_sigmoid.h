/* nn_sigmoid.h: logistic and tanh of 16-bit values by one table of 256 entries, interpolated.
 *
 * The table holds about 65536 * sigmoid(i / 24), i = 0..255 (the generator writes it beside the weights). The values
 * are those of TensorFlow Lite Micro; written from their definition. Results are Q0.15.
 */
#ifndef NN_SIGMOID_H
#define NN_SIGMOID_H

#include <stdint.h>

/* Entry i of the table with `bits` fraction bits interpolated, times 2^bits; past the end the value `end`. */
static inline int32_t nn_sigmoid_lookup(const uint16_t *table, uint32_t u, uint32_t bits, uint32_t end)
{
  const uint32_t i = u >> bits;
  if (i >= 255u) {
    return (int32_t)(end << bits);
  }
  const uint32_t rest = u & (((uint32_t)1 << bits) - 1u);
  const uint32_t rise = (uint32_t)table[i + 1u] - (uint32_t)table[i]; /* the table never falls */
  return (int32_t)(((uint32_t)table[i] << bits) + rest * rise);
}

/* logistic(v / (3 * 2^12)) */
static inline int16_t nn_sigmoid16(const uint16_t *table, int32_t v)
{
  if (v >= 0) {
    return (int16_t)((nn_sigmoid_lookup(table, (uint32_t)v, 9, 0x7FFFu << 1) + 512) >> 10);
  }
  return (int16_t)((((int32_t)1 << 25) - nn_sigmoid_lookup(table, (uint32_t)-v, 9, 0x7FFFu << 1) + 511) >> 10);
}

/* tanh(v / (3 * 2^12)) */
static inline int16_t nn_tanh16(const uint16_t *table, int32_t v)
{
  const int32_t half = (int32_t)1 << 23;
  if (v >= 0) {
    return (int16_t)((nn_sigmoid_lookup(table, (uint32_t)v, 8, 0xFFFFu) - half + 128) >> 8);
  }
  return (int16_t)((half - nn_sigmoid_lookup(table, (uint32_t)-v, 8, 0xFFFFu) + 127) >> 8);
}

#endif
