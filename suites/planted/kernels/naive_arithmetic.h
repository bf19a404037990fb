/* naive_arithmetic.h: requantisation in plain C, once for each way of rounding. Slow and obvious on purpose. */
#ifndef NAIVE_ARITHMETIC_H
#define NAIVE_ARITHMETIC_H

#include <stdint.h>

/* A real factor: as multiplier / 2^31 * 2^exponent, and as it is. */
typedef struct naive_factor {
  int32_t multiplier;
  int32_t exponent;
  double real;
} naive_factor;

typedef enum naive_rounding {
  NAIVE_DOUBLE,             /* what the models ask for: high multiply with ties up, then shift with ties away from zero */
  NAIVE_SINGLE,             /* one rounding, ties up */
  NAIVE_NEON,               /* two roundings, both with ties up */
  NAIVE_FLOAT64,            /* float64, ties away from zero */
  NAIVE_FLOAT32_EVEN,       /* float32, ties to even */
  NAIVE_FLOAT32_AWAY,       /* float32, ties away from zero */
  NAIVE_EVEN,               /* one rounding, ties to even */
  NAIVE_MULTIPLIER_16,      /* a multiplier of 16 bits, one rounding */
  NAIVE_FLOOR,              /* no rounding: shifted right */
  NAIVE_TOWARDS_ZERO        /* no rounding: float32 to integer as C does it */
} naive_rounding;

/* floor(x / 2^n) for n >= 0; written with a division, as a shift of negative values is the compiler's choice. */
static inline int64_t naive_floor(int64_t x, int32_t n)
{
  const int64_t unit = (int64_t)1 << n;
  const int64_t quotient = x / unit;
  return x % unit < 0 ? quotient - 1 : quotient;
}

/* To nearest, ties up. */
static inline int64_t naive_ties_up(int64_t x, int32_t n)
{
  return n <= 0 ? x * ((int64_t)1 << -n) : naive_floor(x + ((int64_t)1 << (n - 1)), n);
}

/* To nearest, ties away from zero. */
static inline int64_t naive_ties_away(int64_t x, int32_t n)
{
  return x < 0 ? -naive_ties_up(-x, n) : naive_ties_up(x, n);
}

/* To nearest, ties to even. */
static inline int64_t naive_ties_even(int64_t x, int32_t n)
{
  const int64_t up = naive_ties_up(x, n);
  const int is_tie = n > 0 && x - (naive_floor(x, n) * ((int64_t)1 << n)) == ((int64_t)1 << (n - 1));
  return is_tie && up % 2 != 0 ? up - 1 : up;
}

/* The whole part of a float of moderate size, towards minus infinity; no libm. */
static inline int32_t naive_whole(double x)
{
  const int32_t cut = (int32_t)x;
  return (double)cut > x ? cut - 1 : cut;
}

static inline int32_t naive_requantise(int32_t x, const naive_factor *f, naive_rounding rounding)
{
  const int32_t left = f->exponent > 0 ? f->exponent : 0;
  const int32_t right = f->exponent < 0 ? -f->exponent : 0;
  const int64_t product = (int64_t)x * f->multiplier;
  const int32_t once = 31 - f->exponent;
  switch (rounding) {
  case NAIVE_SINGLE:
    return (int32_t)naive_ties_up(product, once);
  case NAIVE_NEON:
    return (int32_t)naive_ties_up(naive_ties_up(product * ((int64_t)1 << left), 31), right);
  case NAIVE_FLOAT64: {
    const double real = (double)x * f->real;
    return real < 0 ? -naive_whole(0.5 - real) : naive_whole(real + 0.5);
  }
  case NAIVE_FLOAT32_EVEN:
  case NAIVE_FLOAT32_AWAY: {
    const float real = (float)x * (float)f->real;
    const double size = real < 0 ? -(double)real : (double)real;
    int32_t nearest = naive_whole(size + 0.5);
    if (rounding == NAIVE_FLOAT32_EVEN && (double)nearest - size == 0.5 && nearest % 2 != 0) {
      nearest--;
    }
    return real < 0 ? -nearest : nearest;
  }
  case NAIVE_EVEN:
    return (int32_t)naive_ties_even(product, once);
  case NAIVE_MULTIPLIER_16: {
    const int32_t narrow = f->multiplier < 0x7FFF0000 ? (f->multiplier + 0x8000) >> 16 : 0x7FFF;
    return (int32_t)naive_ties_up((int64_t)x * narrow, 15 - f->exponent);
  }
  case NAIVE_FLOOR:
    return (int32_t)naive_floor(product, once);
  case NAIVE_TOWARDS_ZERO:
    return (int32_t)((float)x * (float)f->real);
  case NAIVE_DOUBLE:
  default:
    return (int32_t)naive_ties_away(naive_ties_up(product * ((int64_t)1 << left), 31), right);
  }
}

static inline int32_t naive_clamp(int32_t x, int32_t low, int32_t high)
{
  return x < low ? low : x > high ? high : x;
}

#endif
