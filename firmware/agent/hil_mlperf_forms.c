/* How samples come in and results go out in the MLPerf Tiny text protocol, without a printf for floats. */
#include "hil_mlperf.h"

#include <string.h>

#include "hil_internal.h"

#if HIL_MLPERF

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif

void hil_mlperf_load_codes(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload) {
  for (uint32_t k = 0; k < net->n_inputs; k++) {
    uint8_t *to = (uint8_t *)net->inputs[k].data;
    for (uint32_t i = 0; i < net->inputs[k].bytes; i++) {
      to[i] = (uint8_t)(*payload++ ^ f->flip);
    }
  }
}

/* size / 2^shift, rounded to the nearest, with a sign. By single steps: a shift by a variable is a library function on a small core. */
static int32_t scaled(uint64_t size, uint32_t shift, bool negative) {
  for (; shift > 1u; shift--) {
    size >>= 1;
  }
  if (shift == 1u) {
    size = (size + 1u) >> 1;
  }
  if (size > (uint64_t)INT32_MAX) {
    size = INT32_MAX;
  }
  return negative ? -(int32_t)size : (int32_t)size;
}

/* A float's bits times 1000. What does not fit, infinities and NaN come out as the largest there is. */
static int32_t milli_of_float(uint32_t bits) {
  const uint32_t exponent = (bits >> 23) & 0xFFu;
  const uint64_t product = (uint64_t)((bits & 0x7FFFFFu) | (exponent == 0u ? 0u : 0x800000u)) * 1000u;
  return scaled(exponent >= 150u ? UINT64_MAX : product, exponent >= 150u ? 0u : 150u - exponent, (bits >> 31) != 0u);
}

static int32_t milli_of_code(const hil_mlperf_form *f, int32_t code) {
  const int32_t steps = code - f->zero_point;
  return scaled((uint64_t)(steps < 0 ? 0u - (uint32_t)steps : (uint32_t)steps) * f->milli, f->shift, steps < 0);
}

bool hil_mlperf_result_codes(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli) {
  const uint8_t *from = (const uint8_t *)net->outputs[0].data;
  (void)payload;
  if (f->output_type == HIL_MLPERF_INT16) {
    int16_t code;
    if (i >= net->outputs[0].bytes / 2u) {
      return false;
    }
    memcpy(&code, from + 2u * i, sizeof code);
    *milli = milli_of_code(f, code);
    return true;
  }
  if (i >= net->outputs[0].bytes) {
    return false;
  }
  *milli = milli_of_code(f, f->output_type == HIL_MLPERF_INT8 ? (int8_t)from[i] : from[i]);
  return true;
}

bool hil_mlperf_result_floats(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli) {
  uint32_t bits;
  (void)f;
  (void)payload;
  if (i >= net->outputs[0].bytes / 4u) {
    return false;
  }
  memcpy(&bits, (const uint8_t *)net->outputs[0].data + 4u * i, sizeof bits);
  *milli = milli_of_float(bits);
  return true;
}

static float float_at(const uint8_t *payload, uint32_t i) {
  float x;
  memcpy(&x, payload + 4u * i, sizeof x);
  return x;
}

void hil_mlperf_load_floats(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload) {
  int8_t *to = (int8_t *)net->inputs[0].data;
  for (uint32_t i = 0; i < f->elements; i++) {
    float code = float_at(payload, i) / f->input_scale;
    int32_t q;
    /* Clamped before it becomes an integer, where a large one has no meaning in C; NaN becomes the least. */
    code = code < 512.0f ? code : 512.0f;
    code = code > -512.0f ? code : -512.0f;
    q = (int32_t)(code < 0.0f ? code - 0.5f : code + 0.5f) + f->input_zero_point;
    to[i] = (int8_t)(q > 127 ? 127 : q < -128 ? -128 : q);
  }
}

bool hil_mlperf_result_error(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli) {
  const int8_t *out = (const int8_t *)net->outputs[0].data;
  float sum = 0.0f;
  uint32_t bits;
  if (i > 0u) {
    return false;
  }
  for (uint32_t k = 0; k < f->elements; k++) {
    const float d = (float)(out[k] - f->zero_point) * f->output_scale - float_at(payload, k);
    sum += d * d;
  }
  sum /= (float)f->elements;
  memcpy(&bits, &sum, sizeof bits);
  *milli = milli_of_float(bits);
  return true;
}

#endif
