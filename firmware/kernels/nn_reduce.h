/* nn_reduce.h: MEAN, SUM, REDUCE_MAX, REDUCE_MIN, REDUCE_ALL over any axes.
 *
 * Neighbouring axes that are all reduced, or all kept, count as one; the elements that fall into one are visited in the order
 * of memory, which is the order of float sums.
 */
#ifndef NN_REDUCE_H
#define NN_REDUCE_H

#include <stdint.h>

#include "nn_fixed_point.h"

typedef struct nn_reduce_axis {
  int32_t count;
  int32_t step; /* elements of the input from one to the next */
} nn_reduce_axis;

typedef struct nn_reduce {
  nn_reduce_axis kept[3];    /* slowest first; unused ones have count 1 */
  nn_reduce_axis reduced[3]; /* as kept */
  int32_t start;             /* of an integer sum: - input zero point * number of elements */
  nn_requant requant;        /* from there to the output; the division of a mean is in it */
  int32_t zero_point, low, high;
  float divisor; /* of a float sum: the number of elements, or 1 */
} nn_reduce;

/* Defines name(p, input, output): for every output `so` begins as `first`, becomes `next` with every element x, and `last` is
 * stored. The loops are written once for all types; kernels whose loop counts are 1 lose them to the optimiser. */
#define NN_DEFINE_REDUCE(name, type, sum_type, first, next, last)                                      \
  static inline void name(const nn_reduce *p, const type *input, type *output)                         \
  {                                                                                                     \
    const nn_reduce_axis *k = p->kept;                                                                  \
    const nn_reduce_axis *r = p->reduced;                                                               \
    for (int32_t k0 = 0; k0 < k[0].count; k0++) {                                                       \
      for (int32_t k1 = 0; k1 < k[1].count; k1++) {                                                     \
        for (int32_t k2 = 0; k2 < k[2].count; k2++) {                                                   \
          const type *row = input + k0 * k[0].step + k1 * k[1].step + k2 * k[2].step;                   \
          sum_type so = (first);                                                                        \
          for (int32_t r0 = r[0].count; r0 > 0; r0--) {                                                 \
            const type *line = row;                                                                     \
            for (int32_t r1 = r[1].count; r1 > 0; r1--) {                                               \
              const type *at = line;                                                                    \
              for (int32_t r2 = r[2].count; r2 > 0; r2--) {                                             \
                const sum_type x = *at;                                                                 \
                so = (next);                                                                            \
                at += r[2].step;                                                                        \
              }                                                                                         \
              line += r[1].step;                                                                        \
            }                                                                                           \
            row += r[0].step;                                                                           \
          }                                                                                             \
          *output++ = (type)(last);                                                                     \
        }                                                                                               \
      }                                                                                                 \
    }                                                                                                   \
  }

static inline int32_t nn_reduce_finish(const nn_reduce *p, int32_t sum)
{
  return nn_clamp(nn_requantise(sum, &p->requant) + p->zero_point, p->low, p->high);
}

/* Defines name(p, input, output) for four neighbouring outputs whose inputs are neighbours too: an address is made once for four
 * loads. */
#define NN_DEFINE_SUM4(name, type)                                                  \
  static inline void name(const nn_reduce *p, const type *row, type *output)        \
  {                                                                                 \
    const nn_reduce_axis *r = p->reduced;                                           \
    int32_t s0 = p->start;                                                          \
    int32_t s1 = p->start;                                                          \
    int32_t s2 = p->start;                                                          \
    int32_t s3 = p->start;                                                          \
    for (int32_t r0 = r[0].count; r0 > 0; r0--) {                                   \
      const type *line = row;                                                       \
      for (int32_t r1 = r[1].count; r1 > 0; r1--) {                                 \
        const type *at = line;                                                      \
        for (int32_t r2 = r[2].count; r2 > 0; r2--) {                               \
          s0 += at[0];                                                              \
          s1 += at[1];                                                              \
          s2 += at[2];                                                              \
          s3 += at[3];                                                              \
          at += r[2].step;                                                          \
        }                                                                           \
        line += r[1].step;                                                          \
      }                                                                             \
      row += r[0].step;                                                             \
    }                                                                               \
    output[0] = (type)nn_reduce_finish(p, s0);                                      \
    output[1] = (type)nn_reduce_finish(p, s1);                                      \
    output[2] = (type)nn_reduce_finish(p, s2);                                      \
    output[3] = (type)nn_reduce_finish(p, s3);                                      \
  }

/* Defines name(p, input, output): sums over axes before the last, which must be kept, and a multiple of four long. */
#define NN_DEFINE_SUM_OF_ROWS(name, four, type)                                     \
  static inline void name(const nn_reduce *p, const type *input, type *output)      \
  {                                                                                 \
    const nn_reduce_axis *k = p->kept;                                              \
    for (int32_t k0 = 0; k0 < k[0].count; k0++) {                                   \
      for (int32_t k1 = 0; k1 < k[1].count; k1++) {                                 \
        const type *row = input + k0 * k[0].step + k1 * k[1].step;                  \
        for (int32_t k2 = 0; k2 < k[2].count; k2 += 4) {                            \
          four(p, row + k2, output);                                                \
          output += 4;                                                              \
        }                                                                           \
      }                                                                             \
    }                                                                               \
  }

NN_DEFINE_SUM4(nn_sum4_int8, int8_t)
NN_DEFINE_SUM4(nn_sum4_int16, int16_t)
NN_DEFINE_SUM_OF_ROWS(nn_run_sum_of_rows_int8, nn_sum4_int8, int8_t)
NN_DEFINE_SUM_OF_ROWS(nn_run_sum_of_rows_int16, nn_sum4_int16, int16_t)
NN_DEFINE_REDUCE(nn_run_sum_int8, int8_t, int32_t, p->start, so + x, nn_reduce_finish(p, so))
NN_DEFINE_REDUCE(nn_run_sum_int16, int16_t, int32_t, p->start, so + x, nn_reduce_finish(p, so))
NN_DEFINE_REDUCE(nn_run_sum_float, float, float, 0.0f, so + x, so / p->divisor)
NN_DEFINE_REDUCE(nn_run_reduce_max_int8, int8_t, int32_t, INT8_MIN, x > so ? x : so, so)
NN_DEFINE_REDUCE(nn_run_reduce_min_int8, int8_t, int32_t, INT8_MAX, x < so ? x : so, so)
NN_DEFINE_REDUCE(nn_run_reduce_max_float, float, float, -3.40282347e+38f, x > so ? x : so, so)
NN_DEFINE_REDUCE(nn_run_reduce_min_float, float, float, 3.40282347e+38f, x < so ? x : so, so)
NN_DEFINE_REDUCE(nn_run_reduce_all, uint8_t, uint32_t, 1u, x != 0u ? so : 0u, so)

#endif
