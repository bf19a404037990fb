/* nn_product.h: what the kernels of nn_products.h have in common, whichever the types of their elements. */
#ifndef NN_PRODUCT_H
#define NN_PRODUCT_H

#include <stddef.h>
#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_window.h"

/* From sums of products of codes to output codes. */
typedef struct nn_integer_product {
  /* [channels], or one for all. Of 64-bit sums: multiplier of 16 bits, and in `right` the whole shift, 8..46. */
  const nn_requant *requant;
  int32_t requant_step; /* 1: one a channel; 0: one for all */
  int32_t input_zero_point, weights_zero_point;
  int32_t zero_point; /* of the output */
  int32_t low, high;  /* bounds of the output: its type and the fused activation */
} nn_integer_product;

/* Bounds of float32 outputs. */
typedef struct nn_real_product {
  float low, high;
} nn_real_product;

/* CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED. */
typedef struct nn_sliding {
  nn_window window;
  uint16_t groups, each; /* output channels of a group */
  int32_t depth;        /* input channels of a group */
  int32_t channel_step; /* from the weights of an output channel to those of the next */
  int32_t tap_step;     /* from the weights of a tap to those of the next in its row */
} nn_sliding;

/* TRANSPOSE_CONV; weights [output_channels][kernel_height][kernel_width][input_channels] */
typedef nn_window nn_transposed;

/* BATCH_MATMUL; either operand is rows of `depth` elements, or columns (rows of another length). */
typedef struct nn_matrices {
  int32_t count; /* of matrices */
  int32_t rows, columns, depth;
  int32_t left_row_step, left_step;      /* from one row to the next, from one element of a row to the next */
  int32_t right_column_step, right_step;
  const int32_t *left_at, *right_at;     /* [count]: where each begins */
} nn_matrices;

#endif
