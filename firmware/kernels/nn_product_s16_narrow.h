/* nn_product_s16_narrow.h: int16 by int8 in 32 bits, for layers with an int32 bias. */
#ifndef NN_PRODUCT_S16_NARROW_H
#define NN_PRODUCT_S16_NARROW_H

#include "nn_product.h"

static inline uint32_t nn_add_s16_narrow(const nn_integer_product *p, uint32_t sum, const int16_t *x, int32_t x_step, const int8_t *w, int32_t w_step, int32_t n)
{
  for (; n > 0; n--) {
    sum += (uint32_t)((*x - p->input_zero_point) * (*w - p->weights_zero_point));
    x += x_step;
    w += w_step;
  }
  return sum;
}

static inline int16_t nn_finish_s16_narrow(const nn_integer_product *p, uint32_t sum, const int32_t *bias, int32_t channel)
{
  const int32_t value = (int32_t)((uint32_t)sum + (bias == NULL ? 0u : (uint32_t)bias[channel]));
  const int32_t code = nn_requantise(value, p->requant + channel * p->requant_step) + p->zero_point;
  return (int16_t)nn_clamp(code, p->low, p->high);
}

#define NN_OF(name) name##_s16_narrow
#define NN_X int16_t
#define NN_W int8_t
#define NN_BIAS int32_t
#define NN_Y int16_t
#define NN_SUM uint32_t
#define NN_PRODUCT nn_integer_product
#include "nn_products.h"
#undef NN_OF
#undef NN_X
#undef NN_W
#undef NN_BIAS
#undef NN_Y
#undef NN_SUM
#undef NN_PRODUCT

#endif
