/* nn_strided_copy.h: moves elements from one place to another: what slices, transposes, concatenations, splits, broadcasts
 * and block rearrangements come down to. All distances are in bytes.
 */
#ifndef NN_STRIDED_COPY_H
#define NN_STRIDED_COPY_H

#include <stdint.h>

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

/* bytes: a multiple of unit. */
static inline void nn_copy_run(const void *input, void *output, int32_t bytes, int32_t unit)
{
  if (unit == 4) {
    const uint32_t *from = (const uint32_t *)input;
    uint32_t *to = (uint32_t *)output;
    int32_t left = bytes >> 2;
    for (; left >= 4; left -= 4) {
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
    for (int32_t i = 0; i < left; i++) {
      to[i] = from[i];
    }
  } else if (unit == 2) {
    const uint16_t *from = (const uint16_t *)input;
    uint16_t *to = (uint16_t *)output;
    for (int32_t i = 0; i < bytes >> 1; i++) {
      to[i] = from[i];
    }
  } else {
    const uint8_t *from = (const uint8_t *)input;
    uint8_t *to = (uint8_t *)output;
    int32_t left = bytes;
    for (; left >= 4; left -= 4) {
      to[0] = from[0];
      to[1] = from[1];
      to[2] = from[2];
      to[3] = from[3];
      from += 4;
      to += 4;
    }
    for (int32_t i = 0; i < left; i++) {
      to[i] = from[i];
    }
  }
}

/* Single units along one axis. */
static inline void nn_copy_units(const nn_axis *axis, const uint8_t *from, uint8_t *to, int32_t unit)
{
  int32_t f = 0;
  int32_t t = 0;
  const int32_t count = axis->count;
  const int32_t next_from = axis->from;
  const int32_t next_to = axis->to;
  for (int32_t i = 0; i < count; i++) {
    if (unit == 1) {
      to[t] = from[f];
    } else if (unit == 2) {
      *(uint16_t *)(void *)(to + t) = *(const uint16_t *)(const void *)(from + f);
    } else {
      *(uint32_t *)(void *)(to + t) = *(const uint32_t *)(const void *)(from + f);
    }
    f += next_from;
    t += next_to;
  }
}

/* The runs of the innermost axis. */
static inline void nn_copy_axis(const nn_strided_copy *p, const uint8_t *from, uint8_t *to)
{
  const nn_axis *axis = &p->axes[p->rank - 1];
  if (p->run != p->unit) {
    int32_t f = 0;
    int32_t t = 0;
    for (int32_t i = 0; i < axis->count; i++) {
      nn_copy_run(from + f, to + t, p->run, p->unit);
      f += axis->from;
      t += axis->to;
    }
  } else if (p->unit == 1) {
    nn_copy_units(axis, from, to, 1);
  } else if (p->unit == 2) {
    nn_copy_units(axis, from, to, 2);
  } else {
    nn_copy_units(axis, from, to, 4);
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
static inline void nn_run_strided_copy(const nn_strided_copy *p, const void *input, void *output)
{
  int32_t at[NN_AXES] = {0};
  int32_t from = 0;
  int32_t to = 0;
  do {
    nn_copy_axis(p, (const uint8_t *)input + from, (uint8_t *)output + to);
  } while (nn_next_index(p, at, &from, &to));
}

#endif
