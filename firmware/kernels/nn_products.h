/* nn_products.h: sums of products in any types and any shape, for layers that have no kernel of their own.
 *
 * No include guard: nn_product_<type>.h includes it with NN_OF(name) (name with the type's ending), NN_X, NN_W, NN_BIAS,
 * NN_Y and NN_SUM (element types), NN_PRODUCT (parameters), and with nn_add and nn_finish of that ending in place.
 * Sums grow in the order of TensorFlow Lite Micro's kernels, which float32 shows.
 */

/* The products of one output channel: from the window's first position inside the image in each row. */
static inline NN_SUM NN_OF(nn_sliding_sum)(const nn_sliding *p, const NN_PRODUCT *q, const NN_X *image, const NN_W *weights, int32_t y, int32_t x, int32_t first, int32_t beyond)
{
  const nn_window *w = &p->window;
  const int32_t depth = p->depth;
  const int32_t across = w->dilation_width * w->input_channels;
  NN_SUM sum = 0;
  for (int32_t ky = 0; ky < w->kernel_height; ky++) {
    if (y >= 0 && y < w->input_height && first < beyond) {
      const NN_X *from = image + (y * w->input_width + x + first * w->dilation_width) * w->input_channels;
      const NN_W *by = weights + (ky * w->kernel_width + first) * p->tap_step;
      if (depth == 1) {
        sum = NN_OF(nn_add)(q, sum, from, across, by, p->tap_step, beyond - first);
      } else if (across == depth) { /* no gap between the taps of a row */
        sum = NN_OF(nn_add)(q, sum, from, 1, by, 1, (beyond - first) * depth);
      } else {
        for (int32_t kx = first; kx < beyond; kx++) {
          sum = NN_OF(nn_add)(q, sum, from, 1, by, 1, depth);
          from += across;
          by += p->tap_step;
        }
      }
    }
    y += w->dilation_height;
  }
  return sum;
}

/* All channels of one output position. */
static inline NN_Y *NN_OF(nn_sliding_at)(const nn_sliding *p, const NN_PRODUCT *q, const NN_X *image, const NN_W *weights, const NN_BIAS *bias, int32_t row, int32_t column, NN_Y *output)
{
  const nn_window *w = &p->window;
  const int32_t y = row * w->stride_height - w->pad_top;
  const int32_t x = column * w->stride_width - w->pad_left;
  int32_t first = 0;
  int32_t beyond = w->kernel_width;
  while (first < beyond && x + first * w->dilation_width < 0) {
    first++;
  }
  while (beyond > first && x + (beyond - 1) * w->dilation_width >= w->input_width) {
    beyond--;
  }
  int32_t channel = 0;
  for (int32_t group = 0; group < p->groups; group++) {
    for (int32_t k = 0; k < p->each; k++) {
      const NN_SUM sum = NN_OF(nn_sliding_sum)(p, q, image, weights, y, x, first, beyond);
      *output++ = NN_OF(nn_finish)(q, sum, bias, channel);
      weights += p->channel_step;
      channel++;
    }
    image += p->depth;
  }
  return output;
}

/* CONV_2D, DEPTHWISE_CONV_2D (as many groups as input channels), FULLY_CONNECTED (a window of one position).
 * input and output [batches][height][width][channels]; they must not overlap. bias: NULL for none */
NN_SHARED void NN_OF(nn_run_sliding)(const nn_sliding *p, const NN_PRODUCT *q, const NN_X *input, const NN_W *weights, const NN_BIAS *bias, NN_Y *output)
{
  const nn_window *w = &p->window;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t row = 0; row < w->output_height; row++) {
      for (int32_t column = 0; column < w->output_width; column++) {
        output = NN_OF(nn_sliding_at)(p, q, input, weights, bias, row, column, output);
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
  }
}

/* The products that one output element gets from the input elements that reach it, rows and columns in order. */
static inline NN_SUM NN_OF(nn_transposed_sum)(const nn_transposed *w, const NN_PRODUCT *q, const NN_X *image, const NN_W *weights, int32_t row, int32_t column)
{
  const int32_t depth = w->input_channels;
  NN_SUM sum = 0;
  for (int32_t ky = w->kernel_height - 1; ky >= 0; ky--) {
    const int32_t y = row + w->pad_top - ky;
    if (y < 0 || y % w->stride_height != 0 || y / w->stride_height >= w->input_height) {
      continue;
    }
    for (int32_t kx = w->kernel_width - 1; kx >= 0; kx--) {
      const int32_t x = column + w->pad_left - kx;
      if (x < 0 || x % w->stride_width != 0 || x / w->stride_width >= w->input_width) {
        continue;
      }
      sum = NN_OF(nn_add)(q, sum, image + (y / w->stride_height * w->input_width + x / w->stride_width) * depth, 1,
                          weights + (ky * w->kernel_width + kx) * depth, 1, depth);
    }
  }
  return sum;
}

/* TRANSPOSE_CONV. input and output [batches][height][width][channels]; they must not overlap. bias: NULL for none */
NN_SHARED void NN_OF(nn_run_transposed)(const nn_transposed *w, const NN_PRODUCT *q, const NN_X *input, const NN_W *weights, const NN_BIAS *bias, NN_Y *output)
{
  const int32_t each = w->kernel_height * w->kernel_width * w->input_channels;
  for (int32_t batch = 0; batch < w->batches; batch++) {
    for (int32_t row = 0; row < w->output_height; row++) {
      for (int32_t column = 0; column < w->output_width; column++) {
        for (int32_t channel = 0; channel < w->output_channels; channel++) {
          const NN_SUM sum = NN_OF(nn_transposed_sum)(w, q, input, weights + channel * each, row, column);
          *output++ = NN_OF(nn_finish)(q, sum, bias, channel);
        }
      }
    }
    input += w->input_height * w->input_width * w->input_channels;
  }
}

/* BATCH_MATMUL. output [count][rows][columns], apart from both operands */
NN_SHARED void NN_OF(nn_run_matrices)(const nn_matrices *p, const NN_PRODUCT *q, const NN_X *left, const NN_W *right, NN_Y *output)
{
  for (int32_t matrix = 0; matrix < p->count; matrix++) {
    const NN_X *a = left + p->left_at[matrix];
    for (int32_t row = 0; row < p->rows; row++) {
      const NN_W *b = right + p->right_at[matrix];
      for (int32_t column = 0; column < p->columns; column++) {
        const NN_SUM sum = NN_OF(nn_add)(q, 0, a, p->left_step, b, p->right_step, p->depth);
        *output++ = NN_OF(nn_finish)(q, sum, NULL, 0);
        b += p->right_column_step;
      }
      a += p->left_row_step;
    }
  }
}
