/* nn_resize_bilinear.h: RESIZE_BILINEAR of int8 and float, [batches][rows][columns][channels].
 *
 * Value for value what TensorFlow Lite Micro's reference kernel computes. int8: positions in 1/1024 pixel, the sum of the four
 * products (whose weights add up to 2^20, so that it fits in 32 bits) rounded to nearest, ties away from zero.
 */
#ifndef NN_RESIZE_BILINEAR_H
#define NN_RESIZE_BILINEAR_H

#include <stdint.h>

#include "nn_fixed_point.h"

typedef struct nn_resize {
  int32_t batches;
  int32_t rows; /* of the input */
  int32_t columns;
  int32_t channels;
  int32_t output_rows;
  int32_t output_columns;
} nn_resize;

/* Input positions of an output row (or column) `at`: 1024 * position = at * scale + start. */
typedef struct nn_resize_steps {
  int32_t scale;
  int32_t start;
} nn_resize_steps;

typedef struct nn_resize_position {
  int32_t low;
  int32_t high;
  int32_t fraction; /* 1/1024 from low to high; may be negative where both are the same pixel */
} nn_resize_position;

static inline nn_resize_position nn_resize_at(const nn_resize_steps *steps, int32_t at, int32_t size)
{
  nn_resize_position p;
  const int32_t exact = at * steps->scale + steps->start;
  const int32_t high = exact > 0 ? (exact + 1023) >> 10 : 0;
  p.low = exact > 0 ? exact >> 10 : 0;
  p.high = high < size ? high : size - 1;
  p.fraction = exact - p.low * 1024;
  return p;
}

NN_SHARED void nn_run_resize_bilinear(const nn_resize *p, const nn_resize_steps *y_steps, const nn_resize_steps *x_steps, const int8_t *input, int8_t *output)
{
  const int32_t line = p->columns * p->channels;
  for (int32_t batch = 0; batch < p->batches; batch++) {
    for (int32_t row = 0; row < p->output_rows; row++) {
      const nn_resize_position y = nn_resize_at(y_steps, row, p->rows);
      for (int32_t column = 0; column < p->output_columns; column++) {
        const nn_resize_position x = nn_resize_at(x_steps, column, p->columns);
        const int32_t lower_right = y.fraction * x.fraction;
        const int32_t lower_left = y.fraction * 1024 - lower_right;
        const int32_t upper_right = x.fraction * 1024 - lower_right;
        const int32_t upper_left = 1024 * 1024 - lower_left - upper_right - lower_right;
        const int32_t down = (y.high - y.low) * line;
        const int32_t right = (x.high - x.low) * p->channels;
        const int8_t *from = input + (y.low * line + x.low * p->channels);
        for (int32_t left = p->channels; left > 0; left--) {
          const int32_t sum = from[0] * upper_left + from[right] * upper_right + from[down] * lower_left + from[down + right] * lower_right;
          *output++ = (int8_t)((sum + 524288 + (sum >> 31)) >> 20); /* to nearest, ties away from zero */
          from++;
        }
      }
    }
    input += p->rows * line;
  }
}

typedef struct nn_resize_position_float {
  int32_t low;
  int32_t high;
  float fraction;
} nn_resize_position_float;

/* half: 0.5f where the centres of pixels are aligned, else 0. */
static inline nn_resize_position_float nn_resize_at_float(float scale, float half, int32_t at, int32_t size)
{
  nn_resize_position_float p;
  const float moved = (float)at + half;
  const float scaled = moved * scale;
  const float exact = scaled - half;
  const int32_t whole = (int32_t)exact; /* towards zero; exact is not below -0.5 */
  const int32_t high = (float)whole < exact ? whole + 1 : whole;
  p.low = whole;
  p.high = high < size ? high : size - 1;
  p.fraction = exact - (float)p.low;
  return p;
}

NN_SHARED void nn_run_resize_bilinear_float(const nn_resize *p, float y_scale, float x_scale, float half, const float *input, float *output)
{
  const int32_t line = p->columns * p->channels;
  for (int32_t batch = 0; batch < p->batches; batch++) {
    for (int32_t row = 0; row < p->output_rows; row++) {
      const nn_resize_position_float y = nn_resize_at_float(y_scale, half, row, p->rows);
      const float rest_y = 1.0f - y.fraction;
      for (int32_t column = 0; column < p->output_columns; column++) {
        const nn_resize_position_float x = nn_resize_at_float(x_scale, half, column, p->columns);
        const float rest_x = 1.0f - x.fraction;
        const float *upper_left = input + (y.low * line + x.low * p->channels);
        const float *lower_left = input + (y.high * line + x.low * p->channels);
        const int32_t right = (x.high - x.low) * p->channels;
        for (int32_t k = 0; k < p->channels; k++) {
          const float a = upper_left[k] * rest_y * rest_x;
          const float b = lower_left[k] * y.fraction * rest_x;
          const float c = upper_left[k + right] * rest_y * x.fraction;
          const float d = lower_left[k + right] * y.fraction * x.fraction;
          *output++ = a + b + c + d + 0.0f; /* + 0: no -0 */
        }
      }
    }
    input += p->rows * line;
  }
}

#endif
