/* nn_dsp_plane.h: 3x3 windows over the image of one channel, for cores with 16-bit SIMD.
 *
 * A row of a window is x0, x1, x2, or with the window beside it x0 to x3: two words of a plane. With the weights as the
 * words w0, w1 and w1, w2 the first window takes an SMLAD and an SMLABT, the second one an SMLATB and an SMLAD.
 */
#ifndef NN_DSP_PLANE_H
#define NN_DSP_PLANE_H

#include "nn_dsp_channel.h"

/* One output channel and its plane: 16-bit numbers, a row of a window in two words. Distances in bytes. */
typedef struct nn_dsp_plane {
  uint32_t first[3], second[3]; /* weights of each row of the window: w0 and w1, w1 and w2 */
  nn_dsp_channel channel;
  int32_t zero_point;           /* directly after the scale */
  int32_t rows, columns;        /* of output */
  int32_t step;                 /* from one element of the output to the next */
  int32_t pitch;                /* from one row of the plane to the next */
  int32_t advance;              /* from one row of windows to the next */
} nn_dsp_plane;

#if NN_DSP_ASM
/* Operands of the loops below. The weights stay in registers; what is needed once in an iteration comes from memory. */
#define NN_DSP_PLANE_OPERANDS                                                                                              \
  [x] "+r"(x), [y] "+r"(y), [sum] "=&r"(sum), [next] "=&r"(next), [a] "=&r"(a), [b] "=&r"(b), [end] "+m"(end), [rows] "+m"(rows) \
      : [w0] "r"(p->first[0]), [w1] "r"(p->first[1]), [w2] "r"(p->first[2]), [v0] "r"(p->second[0]), [v1] "r"(p->second[1]), \
        [v2] "r"(p->second[2]), [pitch] "r"(p->pitch), [start] "m"(p->channel.start), [multiplier] "m"(p->channel.multiplier),      \
        [scale] "m"(p->channel.scale), [step] "m"(p->step), [skip] "m"(skip), [advance] "m"(p->advance), [excess] "m"(excess)      \
      : "cc", "memory"

/* The next row of windows, if there is one. */
#define NN_DSP_NEXT_ROW             \
  "ldr %[a], %[skip]\n"             \
  "ldr %[b], %[excess]\n"           \
  "add %[x], %[x], %[a]\n"          \
  "ldr %[a], %[advance]\n"          \
  "sub %[y], %[y], %[b]\n"          \
  "ldr %[b], %[end]\n"              \
  "add %[b], %[b], %[a]\n"          \
  "str %[b], %[end]\n"              \
  "ldr %[a], %[rows]\n"             \
  "subs %[a], %[a], #1\n"           \
  "str %[a], %[rows]\n"             \
  "bne 1b\n"
#endif

/* Windows that are one element apart, two at a time: x0 to x2 and x1 to x3. */
NN_DSP_INLINE void nn_dsp_dense_windows(const nn_dsp_plane *p, const int8_t *x, int8_t *y)
{
#if NN_DSP_ASM
  const int8_t *end = x + 2 * p->columns;
  const int32_t pairs = (p->columns + 1) >> 1;
  const int32_t skip = p->advance - 4 * pairs;
  const int32_t excess = (p->columns & 1) != 0 ? p->step : 0;
  int32_t rows = p->rows;
  int32_t sum;
  int32_t next;
  uint32_t a;
  uint32_t b;
  __asm__ volatile(
      "1:\n"
      "ldr %[next], %[start]\n"
      "ldrd %[a], %[b], [%[x]], #4\n"
      "smlad %[sum], %[a], %[w0], %[next]\n"
      "smlatb %[next], %[a], %[w0], %[next]\n"
      "smlabt %[sum], %[b], %[v0], %[sum]\n"
      "smlad %[next], %[b], %[v0], %[next]\n"
      "add %[a], %[x], %[pitch]\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w1], %[sum]\n"
      "smlatb %[next], %[a], %[w1], %[next]\n"
      "smlabt %[sum], %[b], %[v1], %[sum]\n"
      "smlad %[next], %[b], %[v1], %[next]\n"
      "add %[a], %[x], %[pitch], lsl #1\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w2], %[sum]\n"
      "smlatb %[next], %[a], %[w2], %[next]\n"
      "smlabt %[sum], %[b], %[v2], %[sum]\n"
      "smlad %[next], %[b], %[v2], %[next]\n"
      "ldr %[a], %[multiplier]\n"
      "smmlar %[sum], %[sum], %[a], %[sum]\n"
      "smmlar %[next], %[next], %[a], %[next]\n"
      "ldrd %[a], %[b], %[scale]\n" /* and the zero point */
      "add %[sum], %[sum], %[sum], asr #31\n"
      "add %[next], %[next], %[next], asr #31\n"
      "smmlar %[sum], %[sum], %[a], %[b]\n"
      "smmlar %[next], %[next], %[a], %[b]\n"
      "ldr %[b], %[end]\n"
      "ssat %[sum], #8, %[sum]\n"
      "ldr %[a], %[step]\n"
      "cmp %[x], %[b]\n"
      "strb %[sum], [%[y]]\n"
      "ssat %[next], #8, %[next]\n"
      "it ls\n" /* past the end: the second one is no column */
      "strbls %[next], [%[y], %[a]]\n"
      "add %[y], %[y], %[a], lsl #1\n"
      "blo 1b\n" NN_DSP_NEXT_ROW
      : NN_DSP_PLANE_OPERANDS);
#else
  for (int32_t row = 0; row < p->rows; row++) {
    for (int32_t column = 0; column < p->columns; column++) {
      const int8_t *from = x + row * p->advance + 4 * (column >> 1);
      int32_t sum = p->channel.start;
      for (int32_t k = 0; k < 3; k++) {
        const uint32_t x01 = nn_load4(from + k * p->pitch);
        const uint32_t x23 = nn_load4(from + k * p->pitch + 4);
        sum = (column & 1) == 0 ? nn_smlabt(x23, p->second[k], nn_smlad(x01, p->first[k], sum))
                                : nn_smlad(x23, p->second[k], nn_smlatb(x01, p->first[k], sum));
      }
      *y = nn_dsp_code(sum, &p->channel, p->zero_point);
      y += p->step;
    }
  }
#endif
}

/* Windows that are two elements apart, one at a time. */
NN_DSP_INLINE void nn_dsp_strided_windows(const nn_dsp_plane *p, const int8_t *x, int8_t *y)
{
#if NN_DSP_ASM
  const int8_t *end = x + 4 * p->columns;
  const int32_t skip = p->advance - 4 * p->columns;
  const int32_t excess = 0;
  int32_t rows = p->rows;
  int32_t sum;
  int32_t next;
  uint32_t a;
  uint32_t b;
  __asm__ volatile(
      "1:\n"
      "ldr %[sum], %[start]\n"
      "ldrd %[a], %[b], [%[x]], #4\n"
      "smlad %[sum], %[a], %[w0], %[sum]\n"
      "smlabt %[sum], %[b], %[v0], %[sum]\n"
      "add %[a], %[x], %[pitch]\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w1], %[sum]\n"
      "smlabt %[sum], %[b], %[v1], %[sum]\n"
      "add %[a], %[x], %[pitch], lsl #1\n"
      "ldrd %[a], %[b], [%[a], #-4]\n"
      "smlad %[sum], %[a], %[w2], %[sum]\n"
      "smlabt %[sum], %[b], %[v2], %[sum]\n"
      "ldr %[next], %[multiplier]\n"
      "ldrd %[a], %[b], %[scale]\n"
      "smmlar %[sum], %[sum], %[next], %[sum]\n"
      "ldr %[next], %[step]\n"
      "add %[sum], %[sum], %[sum], asr #31\n"
      "smmlar %[sum], %[sum], %[a], %[b]\n"
      "ldr %[a], %[end]\n"
      "ssat %[sum], #8, %[sum]\n"
      "strb %[sum], [%[y]]\n"
      "add %[y], %[y], %[next]\n"
      "cmp %[x], %[a]\n"
      "bne 1b\n" NN_DSP_NEXT_ROW
      : NN_DSP_PLANE_OPERANDS);
#else
  for (int32_t row = 0; row < p->rows; row++) {
    for (int32_t column = 0; column < p->columns; column++) {
      const int8_t *from = x + row * p->advance + 4 * column;
      int32_t sum = p->channel.start;
      for (int32_t k = 0; k < 3; k++) {
        sum = nn_smlad(nn_load4(from + k * p->pitch), p->first[k], sum);
        sum = nn_smlabt(nn_load4(from + k * p->pitch + 4), p->second[k], sum);
      }
      *y = nn_dsp_code(sum, &p->channel, p->zero_point);
      y += p->step;
    }
  }
#endif
}

#if NN_DSP_ASM
#undef NN_DSP_PLANE_OPERANDS
#undef NN_DSP_NEXT_ROW
#endif

#endif
