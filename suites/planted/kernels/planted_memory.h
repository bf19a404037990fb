/* planted_memory.h: what goes wrong with a tensor's bytes after a layer computed them, whatever it computes. */
#ifndef PLANTED_MEMORY_H
#define PLANTED_MEMORY_H

#include <stdint.h>
#include <string.h>

/* Output [batches, rows, columns, channels] of elements of `size` bytes. */
typedef struct planted_shape {
  int32_t batches, rows, columns, channels, size;
} planted_shape;

static inline int32_t planted_bytes(const planted_shape *s)
{
  return s->batches * s->rows * s->columns * s->channels * s->size;
}

static inline uint8_t *planted_at(const planted_shape *s, uint8_t *data, int32_t batch, int32_t row, int32_t column, int32_t channel)
{
  return data + (((batch * s->rows + row) * s->columns + column) * s->channels + channel) * s->size;
}

/* Puts back what lay there before from channel `channel`, row `row` or batch `batch` on; limits beyond the shape leave all as it is. */
static inline void planted_unwritten(const planted_shape *s, uint8_t *data, uint8_t *before, int32_t batch, int32_t row, int32_t channel)
{
  for (int32_t b = 0; b < s->batches; b++) {
    for (int32_t y = 0; y < s->rows; y++) {
      for (int32_t x = 0; x < s->columns; x++) {
        for (int32_t c = 0; c < s->channels; c++) {
          if (b >= batch || y >= row || c >= channel) {
            memcpy(planted_at(s, data, b, y, x, c), planted_at(s, before, b, y, x, c), (size_t)s->size);
          }
        }
      }
    }
  }
}

/* Element (b, y, x, c) becomes that of row y + rows, column x + columns, channel c + channels, where there is one; else it stays, or, with `wraps`, is
 * taken from the other end. `copy` is scratch of the tensor's size. */
static inline void planted_shifted(const planted_shape *s, uint8_t *data, uint8_t *copy, int32_t rows, int32_t columns, int32_t channels, int32_t wraps)
{
  memcpy(copy, data, (size_t)planted_bytes(s));
  for (int32_t b = 0; b < s->batches; b++) {
    for (int32_t y = 0; y < s->rows; y++) {
      for (int32_t x = 0; x < s->columns; x++) {
        for (int32_t c = 0; c < s->channels; c++) {
          int32_t from[3] = {y + rows, x + columns, c + channels};
          const int32_t sizes[3] = {s->rows, s->columns, s->channels};
          int is_there = 1;
          for (int32_t d = 0; d < 3; d++) {
            if (from[d] < 0 || from[d] >= sizes[d]) {
              is_there = wraps;
              from[d] = (from[d] + sizes[d]) % sizes[d];
            }
          }
          if (is_there) {
            memcpy(planted_at(s, data, b, y, x, c), planted_at(s, copy, b, from[0], from[1], from[2]), (size_t)s->size);
          }
        }
      }
    }
  }
}

/* Written channel after channel (NCHW), or columns first. */
static inline void planted_turned(const planted_shape *s, uint8_t *data, uint8_t *copy, int32_t channels_first)
{
  memcpy(copy, data, (size_t)planted_bytes(s));
  for (int32_t b = 0; b < s->batches; b++) {
    uint8_t *to = planted_at(s, data, b, 0, 0, 0);
    for (int32_t y = 0; y < s->rows; y++) {
      for (int32_t x = 0; x < s->columns; x++) {
        for (int32_t c = 0; c < s->channels; c++) {
          const int32_t place = channels_first ? (c * s->rows + y) * s->columns + x : (x * s->rows + y) * s->channels + c;
          memcpy(to + place * s->size, planted_at(s, copy, b, y, x, c), (size_t)s->size);
        }
      }
    }
  }
}

/* The last of `count` parts first. */
static inline void planted_reversed(uint8_t *data, uint8_t *copy, int32_t count, int32_t bytes_each)
{
  memcpy(copy, data, (size_t)(count * bytes_each));
  for (int32_t i = 0; i < count; i++) {
    memcpy(data + i * bytes_each, copy + (count - 1 - i) * bytes_each, (size_t)bytes_each);
  }
}

#endif
