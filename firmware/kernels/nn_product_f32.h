/* nn_product_f32.h: sums of products of float32: the product is rounded, then the sum. */
#ifndef NN_PRODUCT_F32_H
#define NN_PRODUCT_F32_H

#include "nn_product.h"

static inline float nn_add_f32(const nn_real_product *p, float sum, const float *x, int32_t x_step, const float *w, int32_t w_step, int32_t n)
{
  (void)p;
  for (; n > 0; n--) {
    const float product = *x * *w;
    sum = sum + product;
    x += x_step;
    w += w_step;
  }
  return sum;
}

static inline float nn_finish_f32(const nn_real_product *p, float sum, const float *bias, int32_t channel)
{
  const float value = bias == NULL ? sum : sum + bias[channel];
  if (value < p->low) {
    return p->low;
  }
  return value > p->high ? p->high : value;
}

#define NN_OF(name) name##_f32
#define NN_X float
#define NN_W float
#define NN_BIAS float
#define NN_Y float
#define NN_SUM float
#define NN_PRODUCT nn_real_product
#include "nn_products.h"
#undef NN_OF
#undef NN_X
#undef NN_W
#undef NN_BIAS
#undef NN_Y
#undef NN_SUM
#undef NN_PRODUCT

#endif
