/* nn_lstm_steps.h: the walk of an LSTM over batches and steps, the same for every kernel that computes a step. */
#ifndef NN_LSTM_STEPS_H
#define NN_LSTM_STEPS_H

#include <stdint.h>
#include <string.h>

/* Defines NAME(const LAYER *p, input, hidden, cell, output) with activations of type CODE, which goes through all steps by
 * STEP(p, x, h, cell, next).
 *
 * input [batches x steps][inputs] -> output [batches x steps][units]; hidden and cell [batches][units] are read and
 * updated, and so persist from call to call. No two of the four may overlap. No scratch memory: the hidden state of a step
 * is the output row of the step before. */
#define NN_LSTM_RUN(NAME, LAYER, CODE, STEP)                                                                           \
  static inline void NAME(const LAYER *p, const CODE *input, CODE *hidden, int16_t *cell, CODE *output)                \
  {                                                                                                                    \
    for (int32_t batch = 0; batch < p->batches; batch++) {                                                             \
      int32_t row = batch * p->batch_stride;                                                                           \
      const CODE *before = hidden;                                                                                     \
      for (int32_t step = 0; step < p->steps; step++) {                                                                \
        CODE *next = output + row * p->units;                                                                          \
        STEP(p, input + row * p->inputs, before, cell, next);                                                          \
        before = next;                                                                                                 \
        row += p->step_stride;                                                                                         \
      }                                                                                                                \
      memcpy(hidden, before, (size_t)p->units * sizeof(CODE));                                                         \
      hidden += p->units;                                                                                              \
      cell += p->units;                                                                                                \
    }                                                                                                                  \
  }

#endif
