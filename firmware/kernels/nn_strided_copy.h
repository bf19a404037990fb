/* nn_strided_copy.h: moves elements from one place to another: what slices, transposes, concatenations, splits, broadcasts
 * and block rearrangements come down to. All distances are in bytes.
 */
#ifndef NN_STRIDED_COPY_H
#define NN_STRIDED_COPY_H

#include <stdint.h>
#include <string.h>

#include "nn_fixed_point.h"

#define NN_AXES 6

/* One loop: from one index to the next it goes on by `from` in the input and by `to` in the output. */
typedef struct nn_axis {
  int32_t count;
  int32_t from; /* 0 repeats, less than 0 goes backwards */
  int32_t to;
} nn_axis;

typedef struct nn_strided_copy {
  const nn_axis *axes; /* outermost first */
  int32_t rank;        /* 1..NN_AXES */
  int32_t run;         /* what lies together on both sides, a multiple of unit */
  int32_t unit;        /* 1, 2 or 4: addresses and distances are multiples of it */
} nn_strided_copy;

static inline void nn_copy_words(const uint32_t *from, uint32_t *to, int32_t count)
{
  for (; count >= 4; count -= 4) {
    const uint32_t a = from[0];
    const uint32_t b = from[1];
    const uint32_t c = from[2];
    const uint32_t d = from[3];
    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
    from += 4;
    to += 4;
  }
  for (; count > 0; count--) {
    *to++ = *from++;
  }
}

static inline void nn_copy_halfwords(const uint16_t *from, uint16_t *to, int32_t count)
{
  for (; count > 0; count--) {
    *to++ = *from++;
  }
}

static inline void nn_copy_bytes(const uint8_t *from, uint8_t *to, int32_t count)
{
  for (; count >= 4; count -= 4) {
#if defined(__ARM_FEATURE_UNALIGNED)
    memcpy(to, from, 4); /* one load and one store, wherever the bytes lie */
#else
    to[0] = from[0];
    to[1] = from[1];
    to[2] = from[2];
    to[3] = from[3];
#endif
    from += 4;
    to += 4;
  }
  for (; count > 0; count--) {
    *to++ = *from++;
  }
}

/* bytes: a multiple of unit. */
NN_SHARED void nn_copy_run(const void *input, void *output, int32_t bytes, int32_t unit)
{
  if (unit == 4) {
    nn_copy_words((const uint32_t *)input, (uint32_t *)output, bytes >> 2);
  } else if (unit == 2) {
    nn_copy_halfwords((const uint16_t *)input, (uint16_t *)output, bytes >> 1);
  } else {
    nn_copy_bytes((const uint8_t *)input, (uint8_t *)output, bytes);
  }
}

/* The same where runs may be too short for a call. */
static inline void nn_copy_short_run(const uint8_t *input, uint8_t *output, int32_t bytes, int32_t unit)
{
  if (unit != 4 || bytes >= 32) {
    nn_copy_run(input, output, bytes, unit);
    return;
  }
  const uint32_t *from = (const uint32_t *)(const void *)input;
  uint32_t *to = (uint32_t *)(void *)output;
  for (int32_t left = bytes; left > 0; left -= 4) {
    *to++ = *from++;
  }
}

/* Short runs along one axis, `units` each; unit is known where this is inlined. */
static inline void nn_copy_units(const nn_axis *axis, const uint8_t *from, uint8_t *to, int32_t units, int32_t unit)
{
  const int32_t next_from = axis->from; /* read once: for all the compiler knows the copy may change it */
  const int32_t next_to = axis->to;
  int32_t f = 0;
  int32_t t = 0;
  for (int32_t left = axis->count; left > 0; left--) {
    int32_t more = units;
    int32_t at = 0;
    do {
      if (unit == 1) {
        to[t + at] = from[f + at];
      } else if (unit == 2) {
        *(uint16_t *)(void *)(to + t + at) = *(const uint16_t *)(const void *)(from + f + at);
      } else {
        *(uint32_t *)(void *)(to + t + at) = *(const uint32_t *)(const void *)(from + f + at);
      }
      at += unit;
    } while (--more > 0);
    f += next_from;
    t += next_to;
  }
}

NN_SHARED void nn_copy_words_along(const nn_axis *axis, const uint8_t *from, uint8_t *to, int32_t units)
{
  if (units == 1) {
    nn_copy_units(axis, from, to, 1, 4);
  } else {
    nn_copy_units(axis, from, to, units, 4);
  }
}

NN_SHARED void nn_copy_bytes_along(const nn_axis *axis, const uint8_t *from, uint8_t *to, int32_t units)
{
  if (units == 1) {
    nn_copy_units(axis, from, to, 1, 1);
  } else {
    nn_copy_units(axis, from, to, units, 1);
  }
}

NN_SHARED void nn_copy_halfwords_along(const nn_axis *axis, const uint8_t *from, uint8_t *to, int32_t units)
{
  nn_copy_units(axis, from, to, units, 2);
}

/* The runs of the innermost axis. */
static inline void nn_copy_axis(const nn_strided_copy *p, const uint8_t *from, uint8_t *to)
{
  const nn_axis *axis = &p->axes[p->rank - 1];
  if (p->run >= 8 * p->unit) {
    int32_t f = 0;
    int32_t t = 0;
    for (int32_t left = axis->count; left > 0; left--) {
      nn_copy_run(from + f, to + t, p->run, p->unit);
      f += axis->from;
      t += axis->to;
    }
  } else if (p->unit == 4) {
    nn_copy_words_along(axis, from, to, p->run >> 2);
  } else if (p->unit == 2) {
    nn_copy_halfwords_along(axis, from, to, p->run >> 1);
  } else {
    nn_copy_bytes_along(axis, from, to, p->run);
  }
}

/* Moves the offsets to the next index of all axes but the innermost one; 0 after the last. at: indices, 0 at first. */
static inline int nn_next_index(const nn_strided_copy *p, int32_t *at, int32_t *from, int32_t *to)
{
  for (int32_t k = p->rank - 2; k >= 0; k--) {
    const nn_axis *axis = &p->axes[k];
    *from += axis->from;
    *to += axis->to;
    at[k]++;
    if (at[k] < axis->count) {
      return 1;
    }
    *from -= axis->count * axis->from;
    *to -= axis->count * axis->to;
    at[k] = 0;
  }
  return 0;
}

/* input and output: where the first run is. They do not overlap. */
NN_SHARED void nn_run_strided_copy(const nn_strided_copy *p, const void *input, void *output)
{
  int32_t at[NN_AXES] = {0};
  int32_t from = 0;
  int32_t to = 0;
  do {
    nn_copy_axis(p, (const uint8_t *)input + from, (uint8_t *)output + to);
  } while (nn_next_index(p, at, &from, &to));
}

#endif
