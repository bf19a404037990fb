/* nn_svdf.h: SVDF, int8 with int8 or int16 state, and float32.
 *
 * The state [batches][filters][memory] holds the last features of every filter, the newest last. Integer sums wrap, as those of
 * TensorFlow Lite Micro do in practice. The zero points of input and state are folded into the biases.
 */
#ifndef NN_SVDF_H
#define NN_SVDF_H

#include <stdint.h>
#include <string.h>

#include "nn_dot.h"
#include "nn_fixed_point.h"

typedef struct nn_svdf {
  int32_t batches, inputs, units, rank, memory; /* units * rank filters */
  const int8_t *feature;                        /* [filters][inputs] */
  const int32_t *feature_bias;                  /* [filters]: - input zero point * sum of the row */
  const int32_t *bias;                          /* [units]: bias - state zero point * sum of the unit's time weights */
  nn_requant to_state;
  nn_requant to_output;
  int32_t state_zero_point;
  int32_t zero_point; /* of the output */
} nn_svdf;

typedef struct nn_svdf_float {
  int32_t batches, inputs, units, rank, memory;
  const float *feature; /* [filters][inputs] */
  const float *time;    /* [filters][memory] */
  const float *bias;    /* [units] */
  float low, high;      /* of the output */
} nn_svdf_float;

/* The newest feature of a filter, clamped to the state's type; its zero point is added afterwards, and may make it wrap. */
static inline int32_t nn_svdf_feature(const nn_svdf *p, int32_t filter, const int8_t *x, int32_t low, int32_t high)
{
  const int32_t sum = nn_dot(p->feature_bias[filter], p->feature + filter * p->inputs, x, p->inputs);
  return nn_clamp(nn_requantise(sum, &p->to_state), low, high) + p->state_zero_point;
}

static inline int8_t nn_svdf_output(const nn_svdf *p, uint32_t sum)
{
  return (int8_t)nn_clamp(nn_requantise((int32_t)sum, &p->to_output) + p->zero_point, INT8_MIN, INT8_MAX);
}

/* Defines name(p, time [filters][memory], input [batches][inputs], state, output [batches][units]). The two state types differ in
 * nothing else. */
#define NN_DEFINE_SVDF(name, type, wrap_type, low, high)                                                                   \
  static inline void name(const nn_svdf *p, const type *time, const int8_t *input, type *state, int8_t *output)           \
  {                                                                                                                        \
    const int32_t filters = p->units * p->rank;                                                                            \
    const int32_t unit_memory = p->rank * p->memory;                                                                       \
    memmove(state, state + 1, (size_t)(p->batches * filters * p->memory - 1) * sizeof(type));                              \
    for (int32_t batch = 0; batch < p->batches; batch++) {                                                                 \
      const type *weight = time;                                                                                           \
      for (int32_t filter = 0; filter < filters; filter++) {                                                               \
        state[(filter + 1) * p->memory - 1] = (type)(wrap_type)nn_svdf_feature(p, filter, input, low, high);               \
      }                                                                                                                    \
      for (int32_t unit = 0; unit < p->units; unit++) {                                                                    \
        uint32_t sum = (uint32_t)p->bias[unit];                                                                            \
        for (int32_t k = unit_memory; k > 0; k--) {                                                                        \
          sum += (uint32_t)(*weight++ * *state++);                                                                         \
        }                                                                                                                  \
        *output++ = nn_svdf_output(p, sum);                                                                                \
      }                                                                                                                    \
      input += p->inputs;                                                                                                  \
    }                                                                                                                      \
  }

NN_DEFINE_SVDF(nn_run_svdf_int8, int8_t, uint8_t, INT8_MIN, INT8_MAX)
NN_DEFINE_SVDF(nn_run_svdf_int16, int16_t, uint16_t, INT16_MIN, INT16_MAX)

static inline float nn_svdf_dot_float(const float *a, const float *b, int32_t n)
{
  float sum = 0.0f;
  for (int32_t i = 0; i < n; i++) {
    const float product = a[i] * b[i];
    sum += product;
  }
  return sum;
}

/* As the integer ones. */
static inline void nn_run_svdf_float(const nn_svdf_float *p, const float *input, float *state, float *output)
{
  const int32_t filters = p->units * p->rank;
  memmove(state, state + 1, (size_t)(p->batches * filters * p->memory - 1) * sizeof(float));
  for (int32_t batch = 0; batch < p->batches; batch++) {
    for (int32_t filter = 0; filter < filters; filter++) {
      state[(filter + 1) * p->memory - 1] = nn_svdf_dot_float(p->feature + filter * p->inputs, input, p->inputs);
    }
    const float *weight = p->time;
    for (int32_t unit = 0; unit < p->units; unit++) {
      float sum = p->bias[unit];
      for (int32_t j = 0; j < p->rank; j++) {
        sum += nn_svdf_dot_float(weight, state, p->memory);
        weight += p->memory;
        state += p->memory;
      }
      const float above = sum < p->low ? p->low : sum;
      *output++ = p->high < above ? p->high : above;
    }
    input += p->inputs;
  }
}

#endif
