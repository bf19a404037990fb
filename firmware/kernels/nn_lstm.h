/* nn_lstm.h: UNIDIRECTIONAL_SEQUENCE_LSTM, int8 activations and weights, int16 gates and cell ("8x8_16").
 *
 * A unit's cell is updated as soon as its four gates are known.
 */
#ifndef NN_LSTM_H
#define NN_LSTM_H

#include <stdint.h>

#include "nn_dot.h"
#include "nn_fixed_point.h"
#include "nn_lstm_steps.h"
#include "nn_sigmoid.h"

/* One gate: sat16(W x) + sat16(R h), both in Q3.12. */
typedef struct nn_lstm_gate {
  const int8_t *input_weights;     /* [units][inputs] */
  const int8_t *recurrent_weights; /* [units][units] */
  const int32_t *input_bias;       /* [units]: bias - input zero point * sum of the row */
  const int32_t *recurrent_bias;   /* [units]: - hidden zero point * sum of the row; NULL where that is 0 */
  nn_requant input_requant;
  nn_requant recurrent_requant;
} nn_lstm_gate;

typedef struct nn_lstm {
  int32_t batches, steps, inputs, units;
  int32_t batch_stride, step_stride; /* in rows of input and output: batch-major (steps, 1), time-major (1, batches) */
  int32_t hidden_zero_point;
  int32_t cell_low, cell_high;     /* clip of the cell; INT16_MIN..INT16_MAX where there is none */
  nn_lstm_gate forget_gate, input_gate, cell_gate, output_gate;
  nn_requant forget_times_cell;
  nn_requant input_times_cell;
  nn_requant output_times_tanh;
  int32_t tanh_multiplier;         /* from the cell's scale to the argument of nn_tanh16 */
  uint32_t tanh_shift;             /* rounding right shift after the multiplier */
  const uint16_t *sigmoid_table;   /* [256] */
} nn_lstm;

/* Pre-activation of a gate from its two sums. */
static inline int32_t nn_lstm_preactivation(const nn_lstm_gate *gate, int32_t from_x, int32_t from_h)
{
  const int32_t x = nn_clamp(nn_requantise(from_x, &gate->input_requant), INT16_MIN, INT16_MAX);
  const int32_t h = nn_clamp(nn_requantise(from_h, &gate->recurrent_requant), INT16_MIN, INT16_MAX);
  return nn_clamp(x + h, INT16_MIN, INT16_MAX);
}

/* Of the recurrent sum of a unit. */
static inline int32_t nn_lstm_bias(const nn_lstm_gate *gate, int32_t unit)
{
  return gate->recurrent_bias == NULL ? 0 : gate->recurrent_bias[unit];
}

/* Pre-activations of the four gates of one unit, forget, input, cell and output: all at once, so that x and h are loaded
 * once for them. Written out, so that a compiler that sees the layer can put its constants in. */
static inline void nn_lstm_gates(const nn_lstm *p, int32_t unit, const int8_t *x, const int8_t *h, int32_t values[4])
{
  const nn_lstm_gate *const f = &p->forget_gate;
  const nn_lstm_gate *const i = &p->input_gate;
  const nn_lstm_gate *const c = &p->cell_gate;
  const nn_lstm_gate *const o = &p->output_gate;
  int32_t at = unit * p->inputs;
  const int8_t *const x_rows[4] = {f->input_weights + at, i->input_weights + at, c->input_weights + at, o->input_weights + at};
  int32_t from_x[4] = {f->input_bias[unit], i->input_bias[unit], c->input_bias[unit], o->input_bias[unit]};
  nn_dot4(x_rows, x, p->inputs, from_x);
  at = unit * p->units;
  const int8_t *const h_rows[4] = {f->recurrent_weights + at, i->recurrent_weights + at, c->recurrent_weights + at, o->recurrent_weights + at};
  int32_t from_h[4] = {nn_lstm_bias(f, unit), nn_lstm_bias(i, unit), nn_lstm_bias(c, unit), nn_lstm_bias(o, unit)};
  nn_dot4(h_rows, h, p->units, from_h);
  values[0] = nn_lstm_preactivation(f, from_x[0], from_h[0]);
  values[1] = nn_lstm_preactivation(i, from_x[1], from_h[1]);
  values[2] = nn_lstm_preactivation(c, from_x[2], from_h[2]);
  values[3] = nn_lstm_preactivation(o, from_x[3], from_h[3]);
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
    int32_t gates[4];
    nn_lstm_gates(p, unit, x, h, gates);
    const int32_t forget = nn_sigmoid16(p->sigmoid_table, gates[0] * 3);
    const int32_t admit = nn_sigmoid16(p->sigmoid_table, gates[1] * 3);
    const int32_t update = nn_tanh16(p->sigmoid_table, gates[2] * 3);
    const int32_t emit = nn_sigmoid16(p->sigmoid_table, gates[3] * 3);

    const int32_t kept = nn_clamp(nn_requantise(forget * cell[unit], &p->forget_times_cell), INT16_MIN, INT16_MAX);
    const int32_t added = nn_clamp(nn_requantise(admit * update, &p->input_times_cell), INT16_MIN, INT16_MAX);
    const int32_t state = nn_clamp(nn_clamp(kept + added, INT16_MIN, INT16_MAX), p->cell_low, p->cell_high);
    cell[unit] = (int16_t)state;

    const int32_t shown = nn_tanh16(p->sigmoid_table, nn_lstm_tanh_argument(p, state)) * emit;
    next[unit] = (int8_t)nn_clamp(nn_requantise(shown, &p->output_times_tanh) + p->hidden_zero_point, INT8_MIN, INT8_MAX);
  }
}

NN_LSTM_RUN(nn_run_lstm, nn_lstm, int8_t, nn_lstm_step)

#endif
