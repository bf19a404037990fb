/* nn_lstm.h: UNIDIRECTIONAL_SEQUENCE_LSTM, int8 activations and weights, int16 gates and cell ("8x8_16").
 *
 * No scratch memory: the hidden state of a step is the output row of the step before, and a unit's cell is updated as
 * soon as its four gates are known.
 */
#ifndef NN_LSTM_H
#define NN_LSTM_H

#include <stdint.h>
#include <string.h>

#include "nn_dot.h"
#include "nn_fixed_point.h"
#include "nn_sigmoid.h"

/* One gate: sat16(W x) + sat16(R h), both in Q3.12. */
typedef struct nn_lstm_gate {
  const int8_t *input_weights;     /* [units][inputs] */
  const int8_t *recurrent_weights; /* [units][units] */
  const int32_t *input_bias;       /* [units]: bias - input zero point * sum of the row */
  const int32_t *recurrent_bias;   /* [units]: - hidden zero point * sum of the row */
  nn_requant input_requant;
  nn_requant recurrent_requant;
} nn_lstm_gate;

typedef struct nn_lstm {
  int32_t batches, steps, inputs, units;
  int32_t batch_stride, step_stride; /* in rows of input and output: batch-major (steps, 1), time-major (1, batches) */
  nn_lstm_gate forget_gate, input_gate, cell_gate, output_gate;
  nn_requant forget_times_cell;
  nn_requant input_times_cell;
  nn_requant output_times_tanh;
  int32_t hidden_zero_point;
  int32_t cell_low, cell_high;     /* clip of the cell; INT16_MIN..INT16_MAX where there is none */
  int32_t tanh_multiplier;         /* from the cell's scale to the argument of nn_tanh16 */
  uint32_t tanh_shift;             /* rounding right shift after the multiplier */
  const uint16_t *sigmoid_table;   /* [256] */
} nn_lstm;

/* Pre-activation of two gates of one unit (two at once, so that x and h are loaded once for both). */
static inline void nn_lstm_gates(const nn_lstm *p, const nn_lstm_gate *a, const nn_lstm_gate *b, int32_t unit,
                                 const int8_t *x, const int8_t *h, int32_t values[2])
{
  int32_t from_x[2];
  int32_t from_h[2];
  from_x[0] = a->input_bias[unit];
  from_x[1] = b->input_bias[unit];
  nn_dot2(from_x, a->input_weights + unit * p->inputs, b->input_weights + unit * p->inputs, x, p->inputs);
  from_h[0] = a->recurrent_bias[unit];
  from_h[1] = b->recurrent_bias[unit];
  nn_dot2(from_h, a->recurrent_weights + unit * p->units, b->recurrent_weights + unit * p->units, h, p->units);
  values[0] = nn_to_int16(nn_to_int16(nn_requantise(from_x[0], &a->input_requant)) +
                          nn_to_int16(nn_requantise(from_h[0], &a->recurrent_requant)));
  values[1] = nn_to_int16(nn_to_int16(nn_requantise(from_x[1], &b->input_requant)) +
                          nn_to_int16(nn_requantise(from_h[1], &b->recurrent_requant)));
}

/* Argument of nn_tanh16 for a cell value. */
static inline int32_t nn_lstm_tanh_argument(const nn_lstm *p, int32_t cell)
{
  const int32_t half = p->tanh_shift > 0u ? (int32_t)1 << (p->tanh_shift - 1u) : 0;
  return (cell * p->tanh_multiplier + half) >> p->tanh_shift;
}

/* One step of one batch row: x [inputs], h [units] -> next [units]; cell [units] is updated. */
static inline void nn_lstm_step(const nn_lstm *p, const int8_t *x, const int8_t *h, int16_t *cell, int8_t *next)
{
  for (int32_t unit = 0; unit < p->units; unit++) {
    int32_t gates[2];
    nn_lstm_gates(p, &p->forget_gate, &p->input_gate, unit, x, h, gates);
    const int32_t forget = nn_sigmoid16(p->sigmoid_table, gates[0] * 3);
    const int32_t admit = nn_sigmoid16(p->sigmoid_table, gates[1] * 3);
    nn_lstm_gates(p, &p->cell_gate, &p->output_gate, unit, x, h, gates);
    const int32_t update = nn_tanh16(p->sigmoid_table, gates[0] * 3);
    const int32_t emit = nn_sigmoid16(p->sigmoid_table, gates[1] * 3);

    const int32_t kept = nn_to_int16(nn_requantise(forget * cell[unit], &p->forget_times_cell));
    const int32_t added = nn_to_int16(nn_requantise(admit * update, &p->input_times_cell));
    const int32_t state = nn_clamp(nn_to_int16(kept + added), p->cell_low, p->cell_high);
    cell[unit] = (int16_t)state;

    const int32_t shown = nn_tanh16(p->sigmoid_table, nn_lstm_tanh_argument(p, state)) * emit;
    next[unit] = (int8_t)nn_clamp(nn_requantise(shown, &p->output_times_tanh) + p->hidden_zero_point, INT8_MIN, INT8_MAX);
  }
}

/* input [batches x steps][inputs] -> output [batches x steps][units]; hidden and cell [batches][units] are read and
 * updated, and so persist from call to call. No two of the four may overlap. */
static inline void nn_run_lstm(const nn_lstm *p, const int8_t *input, int8_t *hidden, int16_t *cell, int8_t *output)
{
  for (int32_t batch = 0; batch < p->batches; batch++) {
    int32_t row = batch * p->batch_stride;
    const int8_t *before = hidden;
    for (int32_t step = 0; step < p->steps; step++) {
      int8_t *next = output + row * p->units;
      nn_lstm_step(p, input + row * p->inputs, before, cell, next);
      before = next;
      row += p->step_stride;
    }
    memcpy(hidden, before, (size_t)p->units);
    hidden += p->units;
    cell += p->units;
  }
}

#endif
