/* naive_pool.h: AVERAGE_POOL_2D and MAX_POOL_2D, one window after the other. */
#ifndef NAIVE_POOL_H
#define NAIVE_POOL_H

#include "naive_arithmetic.h"

typedef enum naive_mean { NAIVE_TO_NEAREST, NAIVE_CUT, NAIVE_DOWNWARDS } naive_mean;

typedef struct naive_pool {
  int32_t is_average;
  int32_t batches, in_rows, in_columns, out_rows, out_columns, channels;
  int32_t window_rows, window_columns;
  int32_t stride_rows, stride_columns;
  int32_t pad_rows, pad_columns;
  int32_t in_steps[4];
  int32_t out_steps[4];
  int32_t count_all;        /* the mean counts taps outside the image too, as if they were 0 */
  int32_t outside_counts;   /* taps outside the image are the code 0 for the maximum too */
  int32_t narrow;           /* the sum has only so many bits and wraps; 0: 32 */
  naive_mean mean;
  int32_t low, high;
} naive_pool;

static inline int32_t naive_mean_of(int32_t sum, int32_t count, naive_mean mean)
{
  if (count == 0) {
    return 0; /* no tap inside the image: wrong strides get there */
  }
  if (mean == NAIVE_CUT) {
    return sum / count;
  }
  if (mean == NAIVE_DOWNWARDS) {
    return sum % count < 0 ? sum / count - 1 : sum / count;
  }
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

static inline int32_t naive_narrowed(int32_t sum, int32_t bits)
{
  if (bits == 0) {
    return sum;
  }
  const int32_t span = (int32_t)1 << bits;
  int32_t rest = sum % span;
  rest = rest < 0 ? rest + span : rest;
  return rest >= span / 2 ? rest - span : rest;
}

static inline int32_t naive_window(const naive_pool *p, const int8_t *input, int32_t batch, int32_t row, int32_t column, int32_t channel)
{
  int32_t sum = 0;
  int32_t most = INT8_MIN;
  int32_t count = 0;
  for (int32_t ky = 0; ky < p->window_rows; ky++) {
    for (int32_t kx = 0; kx < p->window_columns; kx++) {
      const int32_t y = row * p->stride_rows - p->pad_rows + ky;
      const int32_t x = column * p->stride_columns - p->pad_columns + kx;
      const int is_inside = y >= 0 && y < p->in_rows && x >= 0 && x < p->in_columns;
      if (!is_inside && !p->outside_counts) {
        continue;
      }
      const int32_t code = is_inside ? input[batch * p->in_steps[0] + y * p->in_steps[1] + x * p->in_steps[2] + channel * p->in_steps[3]] : 0;
      sum += code;
      most = code > most ? code : most;
      count++;
    }
  }
  if (!p->is_average) {
    return most;
  }
  return naive_mean_of(naive_narrowed(sum, p->narrow), p->count_all ? p->window_rows * p->window_columns : count, p->mean);
}

static inline void naive_run_pool(const naive_pool *p, const int8_t *input, int8_t *output)
{
  for (int32_t batch = 0; batch < p->batches; batch++) {
    for (int32_t row = 0; row < p->out_rows; row++) {
      for (int32_t column = 0; column < p->out_columns; column++) {
        for (int32_t channel = 0; channel < p->channels; channel++) {
          const int32_t at = batch * p->out_steps[0] + row * p->out_steps[1] + column * p->out_steps[2] + channel * p->out_steps[3];
          output[at] = (int8_t)naive_clamp(naive_window(p, input, batch, row, column, channel), p->low, p->high);
        }
      }
    }
  }
}

#endif
