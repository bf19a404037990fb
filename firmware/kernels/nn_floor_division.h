/* nn_floor_division.h: FLOOR_DIV and FLOOR_MOD of float32, without libm.
 */
#ifndef NN_FLOOR_DIVISION_H
#define NN_FLOOR_DIVISION_H

#include "nn_float_bits.h"

static inline double nn_floor(double x)
{
  const double whole_from = 4503599627370496.0; /* 2^52: from there on (also infinities and NaN) nothing is left to cut */
  if (!(x > -whole_from && x < whole_from)) {
    return x;
  }
  const double whole = (double)(int64_t)x;
  if (whole > x) {
    return whole - 1.0;
  }
  return whole < x ? whole : x; /* x itself is whole, and may be -0 */
}

/* The quotient in double, rounded down. */
static inline float nn_floor_div(float x, float y)
{
  return (float)nn_floor((double)x / (double)y);
}

/* Remainder of x / y for finite y != 0 by long division, with the sign of x; exact. A float is mantissa * 2^(exponent - 150). */
static inline float nn_remainder(float x, float y)
{
  const uint32_t x_bits = nn_bits_of_float(x) & 0x7fffffffu;
  const uint32_t y_bits = nn_bits_of_float(y) & 0x7fffffffu;
  const uint32_t x_exponent = x_bits >> 23 == 0u ? 1u : x_bits >> 23;
  uint32_t exponent = y_bits >> 23 == 0u ? 1u : y_bits >> 23;
  if (x_exponent < exponent) {
    return x;
  }
  const uint32_t divisor = (y_bits & 0x7fffffu) | (y_bits >> 23 == 0u ? 0u : 0x800000u);
  uint32_t rest = ((x_bits & 0x7fffffu) | (x_bits >> 23 == 0u ? 0u : 0x800000u)) % divisor;
  for (uint32_t step = exponent; step < x_exponent; step++) {
    rest *= 2u;
    rest -= rest >= divisor ? divisor : 0u;
  }
  while (rest < 0x800000u && exponent > 1u) {
    rest *= 2u;
    exponent--;
  }
  const uint32_t bits = rest < 0x800000u ? rest : (exponent << 23) | (rest & 0x7fffffu);
  return nn_float_of_bits(bits | (nn_bits_of_float(x) & 0x80000000u));
}

/* Remainder with the sign of y; NaN where x is infinite or y is 0. */
static inline float nn_floor_mod(float x, float y)
{
  const uint32_t x_bits = nn_bits_of_float(x) & 0x7fffffffu;
  const uint32_t y_bits = nn_bits_of_float(y) & 0x7fffffffu;
  if (x_bits >= NN_FLOAT_INFINITY || y_bits > NN_FLOAT_INFINITY || y_bits == 0u) {
    return nn_float_of_bits(NN_FLOAT_NAN);
  }
  const float rest = y_bits == NN_FLOAT_INFINITY ? x : nn_remainder(x, y);
  const int is_zero = (nn_bits_of_float(rest) & 0x7fffffffu) == 0u;
  return !is_zero && (y < 0.0f) != (rest < 0.0f) ? rest + y : rest;
}

#endif
