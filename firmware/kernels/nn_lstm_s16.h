/* nn_lstm_s16.h: UNIDIRECTIONAL_SEQUENCE_LSTM, int16 activations, int8 weights, int64 biases, int16 gates and cell ("16x8_16").
 *
 * As nn_lstm.h, but that the products of a gate are sums of 64 bits, rounded once by a multiplier of 16 bits.
 */
#ifndef NN_LSTM_S16_H
#define NN_LSTM_S16_H

#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_lstm_steps.h"
#include "nn_sigmoid.h"

typedef struct nn_lstm_s16_product {
  const int8_t *weights; /* [units][columns] */
  const int64_t *bias;   /* [units], or 0 for none */
  int32_t multiplier;    /* with right: to Q3.12 */
  uint32_t right;        /* 8..46 */
} nn_lstm_s16_product;

typedef struct nn_lstm_s16_gate {
  nn_lstm_s16_product input;
  nn_lstm_s16_product recurrent;
} nn_lstm_s16_gate;

typedef struct nn_lstm_s16 {
  int32_t batches, steps, inputs, units;
  int32_t batch_stride, step_stride; /* in rows of input and output: batch-major (steps, 1), time-major (1, batches) */
  int32_t cell_low, cell_high;   /* clip of the cell; INT16_MIN..INT16_MAX where there is none */
  nn_lstm_s16_gate forget_gate, input_gate, cell_gate, output_gate;
  nn_requant forget_times_cell;
  nn_requant input_times_cell;
  nn_requant output_times_tanh;
  int32_t tanh_multiplier;       /* from the cell's scale to the argument of nn_tanh16 */
  uint32_t tanh_shift;           /* rounding right shift after the multiplier */
  const uint16_t *sigmoid_table; /* [256] */
} nn_lstm_s16;

/* Row `unit` of a product, saturated. Up to 511 products fit 32 bits, so the sum is made in such parts. */
static inline int32_t nn_lstm_s16_row(const nn_lstm_s16_product *p, int32_t unit, const int16_t *x, int32_t columns)
{
  const int8_t *row = p->weights + unit * columns;
  int64_t sum = p->bias == 0 ? 0 : p->bias[unit];
  while (columns > 0) {
    int32_t left = columns < 511 ? columns : 511;
    int32_t part = 0;
    columns -= left;
    for (; left > 0; left--) {
      part += *row++ * *x++;
    }
    sum += part;
  }
  const int64_t half = (int64_t)1 << (p->right - 1u);
  return nn_to_int16((int32_t)((sum * p->multiplier + half) >> p->right));
}

static inline int32_t nn_lstm_s16_gate_value(const nn_lstm_s16 *p, const nn_lstm_s16_gate *gate, int32_t unit, const int16_t *x, const int16_t *h)
{
  return nn_to_int16(nn_lstm_s16_row(&gate->input, unit, x, p->inputs) + nn_lstm_s16_row(&gate->recurrent, unit, h, p->units));
}

/* One step of one batch row: x [inputs], h [units] -> next [units]; cell [units] is updated. */
static inline void nn_lstm_s16_step(const nn_lstm_s16 *p, const int16_t *x, const int16_t *h, int16_t *cell, int16_t *next)
{
  const int32_t half = p->tanh_shift > 0u ? (int32_t)1 << (p->tanh_shift - 1u) : 0;
  for (int32_t unit = 0; unit < p->units; unit++) {
    const int32_t forget = nn_sigmoid16(p->sigmoid_table, nn_lstm_s16_gate_value(p, &p->forget_gate, unit, x, h) * 3);
    const int32_t admit = nn_sigmoid16(p->sigmoid_table, nn_lstm_s16_gate_value(p, &p->input_gate, unit, x, h) * 3);
    const int32_t update = nn_tanh16(p->sigmoid_table, nn_lstm_s16_gate_value(p, &p->cell_gate, unit, x, h) * 3);
    const int32_t emit = nn_sigmoid16(p->sigmoid_table, nn_lstm_s16_gate_value(p, &p->output_gate, unit, x, h) * 3);

    const int32_t kept = nn_to_int16(nn_requantise(forget * cell[unit], &p->forget_times_cell));
    const int32_t added = nn_to_int16(nn_requantise(admit * update, &p->input_times_cell));
    const int32_t state = nn_clamp(nn_to_int16(kept + added), p->cell_low, p->cell_high);
    cell[unit] = (int16_t)state;

    const int32_t shown = nn_tanh16(p->sigmoid_table, (state * p->tanh_multiplier + half) >> p->tanh_shift) * emit;
    next[unit] = nn_to_int16(nn_requantise(shown, &p->output_times_tanh));
  }
}

NN_LSTM_RUN(nn_run_lstm_s16, nn_lstm_s16, int16_t, nn_lstm_s16_step)

#endif
