/* nn_product_s16.h: int16 by int8 in 64 bits, and their rounding by a multiplier of 16 bits. */
#ifndef NN_PRODUCT_S16_H
#define NN_PRODUCT_S16_H

#include "nn_product.h"

static inline int64_t nn_add_s16(const nn_integer_product *p, int64_t sum, const int16_t *x, int32_t x_step, const int8_t *w, int32_t w_step, int32_t n)
{
  for (; n > 0; n--) {
    sum += ((*x - p->input_zero_point) * (*w - p->weights_zero_point));
    x += x_step;
    w += w_step;
  }
  return sum;
}

static inline int16_t nn_finish_s16(const nn_integer_product *p, int64_t sum, const int64_t *bias, int32_t channel)
{
  const nn_requant *q = p->requant + channel * p->requant_step;
  const int64_t value = (sum + (bias == NULL ? 0 : bias[channel])) * q->multiplier;
  const int32_t code = (int32_t)((value + ((int64_t)1 << (q->right - 1u))) >> q->right);
  return (int16_t)nn_clamp(code, p->low, p->high);
}

#define NN_OF(name) name##_s16
#define NN_X int16_t
#define NN_W int8_t
#define NN_BIAS int64_t
#define NN_Y int16_t
#define NN_SUM int64_t
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
