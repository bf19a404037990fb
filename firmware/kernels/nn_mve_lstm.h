/* nn_mve_lstm.h: UNIDIRECTIONAL_SEQUENCE_LSTM, int8 activations and weights, int16 gates and cell, for cores with MVE (Helium).
 *
 * Value for value nn_lstm.h, four units at a time; their number is a multiple of four. No scratch memory.
 */
#ifndef NN_MVE_LSTM_H
#define NN_MVE_LSTM_H

#include <arm_mve.h>
#include <stdint.h>

#include "nn_lstm_steps.h"
#include "nn_mve_requantise.h"

/* As nn_requant, the shift to the right negative. */
typedef struct nn_mve_factor {
  int32_t multiplier, left, right;
} nn_mve_factor;

/* Gates are in the order forget, input, cell, output. */
typedef struct nn_mve_lstm {
  int32_t batches, steps, inputs, units;
  int32_t batch_stride, step_stride; /* in rows of input and output: batch-major (steps, 1), time-major (1, batches) */
  int32_t hidden_zero_point;
  int32_t cell_low, cell_high;       /* clip of the cell; INT16_MIN..INT16_MAX where there is none */
  const int8_t *weights;             /* for each four units and gate their rows of input weights, then of recurrent weights; four
                                        rows are [4][columns % 16], then [columns / 16][4][16]; up to 15 bytes behind them are
                                        read */
  const int32_t *biases;             /* in that order; zero points are folded in */
  int32_t recurrent_biases;          /* 0: those of the recurrent weights are 0, and left out; else 1 */
  nn_mve_factor input_factors[4], recurrent_factors[4];
  nn_mve_factor forget_times_cell, input_times_cell, output_times_tanh;
  int32_t tanh_multiplier;         /* from the cell's scale to the argument of nn_mve_tanh() */
  int32_t tanh_shift;              /* after the multiplier, rounding; negative, to the right */
  const uint16_t *sigmoid_table;   /* [256], see nn_sigmoid.h */
} nn_mve_lstm;

/* Four rows of weights times x, plus four biases. Moves on to what follows the rows. */
#define NN_MVE_DOT_ROW(q, a) "vmladava.s8 " a ", q0, " q "\n\t"
#define NN_MVE_DOT_REST(a) "vldrb.u8 q1, [%[w]]\n\tadd %[w], %[w], %[rest]\n\t" NN_MVE_DOT_ROW("q1", a)
static inline int32x4_t nn_mve_dot4(const int8_t **weights, const int8_t *x, int32_t columns, const int32_t *bias)
{
  const int8_t *w = *weights;
  int32x4_t sums;
  __asm__ volatile(
      "ldm %[bias], {r0, r2, r4, r6}\n\t"
      "cmp %[rest], #0\n\t"
      "beq 1f\n\t"
      "vctp.8 %[rest]\n\t" /* the lanes of x behind the rest are 0, whatever is in those of the weights */
      "vpst\n\t"
      "vldrbt.u8 q0, [%[x]]\n\t"
      NN_MVE_DOT_REST("r0")
      NN_MVE_DOT_REST("r2")
      NN_MVE_DOT_REST("r4")
      NN_MVE_DOT_REST("r6")
      "add %[x], %[x], %[rest]\n\t"
      "1:\n\t"
      "wls lr, %[blocks], 3f\n\t"
      "2:\n\t"
      "vldrb.u8 q0, [%[x]], #16\n\t"
      "vldrb.u8 q1, [%[w]], #64\n\t"
      "vldrb.u8 q2, [%[w], #-48]\n\t"
      NN_MVE_DOT_ROW("q1", "r0")
      "vldrb.u8 q1, [%[w], #-32]\n\t"
      NN_MVE_DOT_ROW("q2", "r2")
      "vldrb.u8 q2, [%[w], #-16]\n\t"
      NN_MVE_DOT_ROW("q1", "r4")
      NN_MVE_DOT_ROW("q2", "r6")
      "le lr, 2b\n\t"
      "3:\n\t"
      "vmov %e[sums], r0, r2\n\t"
      "vmov %f[sums], r4, r6\n\t"
      : [w] "+r"(w), [x] "+r"(x), [sums] "=&w"(sums)
      : [bias] "r"(bias), [blocks] "r"(columns >> 4), [rest] "r"(columns & 15)
      : "r0", "r2", "r4", "r6", "lr", "q0", "q1", "q2", "p0", "cc", "memory");
  *weights = w;
  return sums;
}

/* nn_requantise() of four values with one factor; see nn_mve_requantise.h for the ties. */
static inline int32x4_t nn_mve_scale(int32x4_t values, const nn_mve_factor *f)
{
  const int32x4_t high = vqrdmulhq_n_s32(vshlq_r_s32(values, f->left), f->multiplier);
  return vrshlq_n_s32(vmlaq_n_s32(high, vshrq_n_s32(high, 31), f->right < 0 ? 1 : 0), f->right);
}

/* Values saturated to 16 bits, in the even lanes; the odd ones are of no use. */
static inline int16x8_t nn_mve_to_int16(int32x4_t values)
{
  return vqmovnbq_s32(vreinterpretq_s16_s32(values), values);
}

/* Entry i of the table with `bits` fraction bits interpolated, times 2^bits, for i < 255. */
static inline int32x4_t nn_mve_lookup(const uint16_t *table, uint32x4_t i, uint32x4_t rest, int32_t bits)
{
  const uint32x4_t from = vldrhq_gather_shifted_offset_u32(table, i);
  const uint32x4_t to = vldrhq_gather_shifted_offset_u32(table + 1, i);
  return vreinterpretq_s32_u32(vaddq_u32(vshlq_r_u32(from, bits), vmulq_u32(rest, vsubq_u32(to, from))));
}

/* logistic(v / (3 * 2^12)), |v| <= 3 * 2^15; Q0.15 */
static inline int32x4_t nn_mve_sigmoid(const uint16_t *table, int32x4_t v)
{
  const uint32x4_t u = vreinterpretq_u32_s32(vabsq_s32(v));
  const int32x4_t value = nn_mve_lookup(table, vshrq_n_u32(u, 9), vandq_u32(u, vdupq_n_u32(511)), 9);
  const int32x4_t other = vsubq_s32(vdupq_n_s32(((int32_t)1 << 25) - 1), value);
  return vrshrq_n_s32(vpselq_s32(other, value, vcmpltq_n_s32(v, 0)), 10);
}

/* tanh(v / (3 * 2^12)); Q0.15 */
static inline int32x4_t nn_mve_tanh(const uint16_t *table, int32x4_t v)
{
  const uint32x4_t u = vreinterpretq_u32_s32(vabsq_s32(v));
  const uint32x4_t i = vminq_u32(vshrq_n_u32(u, 8), vdupq_n_u32(254));
  const int32x4_t inside = nn_mve_lookup(table, i, vandq_u32(u, vdupq_n_u32(255)), 8);
  const int32x4_t value = vpselq_s32(vdupq_n_s32(0xFFFF << 8), inside, vcmphiq_n_u32(u, 255u * 256u - 1u));
  const int32x4_t centred = vsubq_n_s32(value, (int32_t)1 << 23);
  return vrshrq_n_s32(vmvnq_m_s32(centred, centred, vcmpltq_n_s32(v, 0)), 8);
}

/* One step of one batch row: x [inputs], h [units] -> next [units]; cell [units] is updated. */
static inline void nn_mve_lstm_step(const nn_mve_lstm *p, const int8_t *x, const int8_t *h, int16_t *cell, int8_t *next)
{
  const uint16_t *table = p->sigmoid_table;
  const int8_t *weights = p->weights;
  const int32_t *bias = p->biases;
  const int32_t none[4] = {0, 0, 0, 0};
  const int32_t bias_step = p->recurrent_biases != 0 ? 8 : 4;
  for (int32_t unit = 0; unit < p->units; unit += 4) {
    int32x4_t gates[4]; /* times 3 */
    for (int32_t gate = 0; gate < 4; gate++) {
      const int32x4_t from_x = nn_mve_dot4(&weights, x, p->inputs, bias);
      const int32x4_t from_h = nn_mve_dot4(&weights, h, p->units, p->recurrent_biases != 0 ? bias + 4 : none);
      const int16x8_t sum = vqaddq_s16(nn_mve_to_int16(nn_mve_scale(from_x, &p->input_factors[gate])),
                                       nn_mve_to_int16(nn_mve_scale(from_h, &p->recurrent_factors[gate])));
      gates[gate] = vmulq_n_s32(vmovlbq_s16(sum), 3);
      bias += bias_step;
    }
    const int32x4_t kept = vmulq_s32(nn_mve_sigmoid(table, gates[0]), vldrhq_s32(cell + unit));
    const int32x4_t added = vmulq_s32(nn_mve_sigmoid(table, gates[1]), nn_mve_tanh(table, gates[2]));
    const int16x8_t sum = vqaddq_s16(nn_mve_to_int16(nn_mve_scale(kept, &p->forget_times_cell)),
                                     nn_mve_to_int16(nn_mve_scale(added, &p->input_times_cell)));
    const int32x4_t state = vmaxq_s32(vminq_s32(vmovlbq_s16(sum), vdupq_n_s32(p->cell_high)), vdupq_n_s32(p->cell_low));
    vstrhq_s32(cell + unit, state);

    const int32x4_t argument = vrshlq_n_s32(vmulq_n_s32(state, p->tanh_multiplier), p->tanh_shift);
    const int32x4_t shown = vmulq_s32(nn_mve_sigmoid(table, gates[3]), nn_mve_tanh(table, argument));
    const int32x4_t codes = vaddq_n_s32(nn_mve_scale(shown, &p->output_times_tanh), p->hidden_zero_point);
    vstrbq_s32(next + unit, vmaxq_s32(vminq_s32(codes, vdupq_n_s32(INT8_MAX)), vdupq_n_s32(INT8_MIN)));
  }
}

NN_LSTM_RUN(nn_mve_run_lstm, nn_mve_lstm, int8_t, nn_mve_lstm_step)

#endif
