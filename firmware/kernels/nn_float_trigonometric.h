/* nn_float_trigonometric.h: sine and cosine of float32 for every argument, without libm and without double.
 *
 * The argument is reduced in integers with as many bits of 2 / pi as it needs, so that large ones are as exact as small
 * ones: error 1.5 units in the last place.
 */
#ifndef NN_FLOAT_TRIGONOMETRIC_H
#define NN_FLOAT_TRIGONOMETRIC_H

#include "nn_float_bits.h"

/* fraction / 2^64 * pi / 2 for fraction > 0, rounded to 24 bits. */
static inline float nn_float_angle(uint64_t fraction)
{
  uint32_t exponent = 127u + 23u - 24u; /* of a result in [2^23, 2^24) / 2^24 */
  while ((fraction >> 63) == 0u) {
    fraction <<= 1;
    exponent--;
  }
  const uint64_t product = (fraction >> 32) * 0xC90FDAA2u; /* times pi / 2 with 31 bits after the point */
  uint32_t shift = 39u;
  if ((product >> 63) != 0u) {
    shift = 40u;
    exponent++;
  }
  const uint32_t rounded = (uint32_t)((product + ((uint64_t)1 << (shift - 1u))) >> shift); /* 2^23 .. 2^24 */
  return nn_float_of_bits(rounded - 0x800000u + (exponent << 23));
}

/* magnitude = *quadrant * pi / 2 + result, *quadrant modulo 4 */
static inline float nn_float_reduce(float magnitude, uint32_t *quadrant)
{
  /* 2 / pi in binary, after 32 zeros. */
  static const uint32_t two_over_pi[8] = {
    0, 0xA2F9836Eu, 0x4E441529u, 0xFC2757D1u, 0xF534DDC0u, 0xDB629599u, 0x3C439041u, 0xFE5163ABu,
  };
  *quadrant = 0;
  if (magnitude <= 0.785398185f) {
    return magnitude;
  }
  /* 96 bits of 2^exponent * 2 / pi, the first of weight 2: what is above adds whole turns only. */
  const uint32_t bits = nn_bits_of_float(magnitude);
  const uint32_t start = (bits >> 23) - 150u + 30u;
  const uint32_t mantissa = (bits & 0x7FFFFFu) | 0x800000u;
  const uint32_t *from = two_over_pi + (start >> 5);
  uint64_t product = 0;
  uint32_t words[3];
  for (int32_t k = 2; k >= 0; k--) {
    const uint64_t pair = ((uint64_t)from[k] << 32) | from[k + 1];
    product = (product >> 32) + (uint64_t)(uint32_t)(pair >> (32u - (start & 31u))) * mantissa;
    words[k] = (uint32_t)product;
  }
  const uint64_t turns = ((uint64_t)words[0] << 32) | words[1];
  const uint64_t fraction = turns << 2;
  *quadrant = (uint32_t)(turns >> 62);
  if (fraction == 0u) {
    return 0.0f;
  }
  if ((fraction >> 63) == 0u) {
    return nn_float_angle(fraction);
  }
  *quadrant = (*quadrant + 1u) & 3u;
  return -nn_float_angle((uint64_t)0 - fraction);
}

/* quadrant 0: sin r, 1: cos r, 2: -sin r, 3: -cos r, for |r| <= pi / 4 */
static inline float nn_float_wave(float r, uint32_t quadrant)
{
  const float z = r * r;
  float value;
  if ((quadrant & 1u) == 0u) {
    value = r + r * z * (-0.16666655f + z * (0.00833219f + z * -0.00019518408f));
  } else {
    value = 1.0f - (0.5f * z - z * z * (0.041666646f + z * (-0.0013887301f + z * 0.000024430661f)));
  }
  return (quadrant & 2u) == 0u ? value : -value;
}

/* sin x; NaN for infinities. */
static inline float nn_float_sin(float x)
{
  if ((nn_bits_of_float(x) & NN_FLOAT_INFINITY) == NN_FLOAT_INFINITY) {
    return nn_float_of_bits(NN_FLOAT_NAN);
  }
  uint32_t quadrant;
  const float rest = nn_float_reduce(x < 0.0f ? -x : x, &quadrant);
  const float value = nn_float_wave(rest, quadrant);
  return x < 0.0f ? -value : value;
}

/* cos x; NaN for infinities. */
static inline float nn_float_cos(float x)
{
  if ((nn_bits_of_float(x) & NN_FLOAT_INFINITY) == NN_FLOAT_INFINITY) {
    return nn_float_of_bits(NN_FLOAT_NAN);
  }
  uint32_t quadrant;
  const float rest = nn_float_reduce(x < 0.0f ? -x : x, &quadrant);
  return nn_float_wave(rest, quadrant + 1u);
}

#endif
