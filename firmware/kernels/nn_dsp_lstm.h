/* nn_dsp_lstm.h: UNIDIRECTIONAL_SEQUENCE_LSTM, int8 activations and weights, int16 gates and cell, for cores with 16-bit
 * SIMD: the four gates of a unit at a time. The steps are those of nn_lstm.h.
 */
#ifndef NN_DSP_LSTM_H
#define NN_DSP_LSTM_H

#include "nn_dsp_dot.h"
#include "nn_lstm_steps.h"
#include "nn_sigmoid.h"

/* A factor m / 2^31 / 2^right. */
typedef struct nn_dsp_factor {
  int32_t multiplier; /* 2 m - 2^32 */
  int32_t half;       /* 2^(right - 1) */
  uint32_t right;     /* 1..30 */
} nn_dsp_factor;

typedef struct nn_dsp_lstm {
  int32_t batches, steps, inputs, units;
  int32_t batch_stride, step_stride; /* in rows of input and output: batch-major (steps, 1), time-major (1, batches) */
  int32_t hidden_zero_point;
  int32_t cell_low, cell_high;       /* clip of the cell; INT16_MIN..INT16_MAX where there is none */
  const uint32_t *weights;           /* for each unit the forget, input, cell and output gate, as nn_dsp_rows4() takes them: of the input, of the hidden state */
  const int32_t *starts;             /* [units][2][4]: of the sums, in the order of the weights; 256 times as large */
  nn_dsp_factor input_factors[4], recurrent_factors[4];
  nn_dsp_factor forget_times_cell, input_times_cell, output_times_tanh;
  int32_t tanh_multiplier;           /* from the cell's scale to the argument of nn_tanh16 */
  uint32_t tanh_shift;               /* rounding right shift after the multiplier */
  const uint16_t *sigmoid_table;     /* [256] */
} nn_dsp_lstm;

/* x times a factor, rounded twice as in nn_fixed_point.h. */
NN_DSP_INLINE int32_t nn_dsp_scaled(int32_t x, const nn_dsp_factor *f)
{
  const int32_t product = nn_smmlar(x, f->multiplier, x);
  return (product + (product >> 31) + f->half) >> f->right;
}

/* One step of one batch row: x [inputs], h [units] -> next [units]; cell [units] is updated. */
static inline void nn_dsp_lstm_step(const nn_dsp_lstm *p, const int8_t *x, const int8_t *h, int16_t *cell, int8_t *next)
{
  const uint32_t *weights = p->weights;
  const int32_t *starts = p->starts;
  for (int32_t left = p->units; left > 0; left--) {
    int32_t from_x[4] = {starts[0], starts[1], starts[2], starts[3]};
    int32_t from_h[4] = {starts[4], starts[5], starts[6], starts[7]};
    int32_t gates[4];
    weights = nn_dsp_rows4(from_x, x, weights, p->inputs);
    weights = nn_dsp_rows4(from_h, h, weights, p->units);
    starts += 8;
    for (int32_t gate = 0; gate < 4; gate++) {
      const int32_t of_x = nn_saturate16(nn_dsp_scaled(from_x[gate] >> 8, p->input_factors + gate));
      const int32_t of_h = nn_saturate16(nn_dsp_scaled(from_h[gate] >> 8, p->recurrent_factors + gate));
      const int32_t value = 3 * nn_saturate16(of_x + of_h);
      gates[gate] = gate == 2 ? nn_tanh16(p->sigmoid_table, value) : nn_sigmoid16(p->sigmoid_table, value);
    }
    const int32_t kept = nn_saturate16(nn_dsp_scaled(gates[0] * *cell, &p->forget_times_cell));
    const int32_t added = nn_saturate16(nn_dsp_scaled(gates[1] * gates[2], &p->input_times_cell));
    int32_t state = nn_saturate16(kept + added);
    state = state < p->cell_low ? p->cell_low : state > p->cell_high ? p->cell_high : state;
    *cell++ = (int16_t)state;
    const int32_t half = p->tanh_shift > 0u ? (int32_t)1 << (p->tanh_shift - 1u) : 0;
    const int32_t shown = nn_tanh16(p->sigmoid_table, (state * p->tanh_multiplier + half) >> p->tanh_shift) * gates[3];
    *next++ = (int8_t)nn_to_int8(nn_dsp_scaled(shown, &p->output_times_tanh) + p->hidden_zero_point);
  }
}

NN_LSTM_RUN(nn_dsp_run_lstm, nn_dsp_lstm, int8_t, nn_dsp_lstm_step)

#endif
