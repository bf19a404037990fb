/* How samples come in and results go out in the MLPerf Tiny text protocol, without a printf for floats. */
#include "hil_mlperf.h"

#include <string.h>

#include "hil_internal.h"

#if HIL_MLPERF

void hil_mlperf_load_codes(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload) {
  for (uint32_t k = 0; k < net->n_inputs; k++) {
    uint8_t *to = (uint8_t *)net->inputs[k].data;
    for (uint32_t i = 0; i < net->inputs[k].bytes; i++) {
      to[i] = (uint8_t)(*payload++ ^ f->flip);
    }
  }
}

static int32_t clamped(int64_t v) { return v > INT32_MAX ? INT32_MAX : v < -INT32_MAX ? -INT32_MAX : (int32_t)v; }

/* A float's bits times 1000, rounded to the nearest. Infinities and NaN come out as the largest there is. */
static int32_t milli_of_float(uint32_t bits) {
  const int32_t exponent = (int32_t)((bits >> 23) & 0xFFu) - 150;
  const uint64_t product = (uint64_t)((bits & 0x7FFFFFu) | ((bits >> 23) & 0xFFu ? 0x800000u : 0u)) * 1000u; /* below 2^34 */
  int64_t v;
  if (exponent >= 0) {
    v = product == 0u ? 0 : INT32_MAX; /* 2^23 and above */
  } else if (exponent < -40) {
    v = 0;
  } else {
    v = (int64_t)((product + ((uint64_t)1 << (-exponent - 1))) >> -exponent);
  }
  return clamped((bits >> 31) != 0u ? -v : v);
}

static int32_t milli_of_code(const hil_mlperf_form *f, int32_t code) {
  const int64_t product = ((int64_t)code - f->zero_point) * (int64_t)f->milli;
  const uint64_t size = product < 0 ? (uint64_t)-product : (uint64_t)product;
  const uint64_t v = (size + (f->shift == 0u ? 0u : (uint64_t)1 << (f->shift - 1u))) >> f->shift;
  return clamped(product < 0 ? -(int64_t)v : (int64_t)v);
}

bool hil_mlperf_result_elements(const hil_mlperf_form *f, const hil_network *net, const uint8_t *payload, uint32_t i, int32_t *milli) {
  static const uint8_t sizes[] = {1, 1, 2, 4};
  const uint32_t size = sizes[f->output_type];
  const uint8_t *from;
  (void)payload;
  if (net->n_outputs == 0u || i >= net->outputs[0].bytes / size) {
    return false;
  }
  from = (const uint8_t *)net->outputs[0].data + i * size;
  switch (f->output_type) {
    case HIL_MLPERF_INT8:
      *milli = milli_of_code(f, (int8_t)*from);
      break;
    case HIL_MLPERF_UINT8:
      *milli = milli_of_code(f, *from);
      break;
    case HIL_MLPERF_INT16: {
      int16_t code;
      memcpy(&code, from, sizeof code);
      *milli = milli_of_code(f, code);
      break;
    }
    default: {
      uint32_t bits;
      memcpy(&bits, from, sizeof bits);
      *milli = milli_of_float(bits);
      break;
    }
  }
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
