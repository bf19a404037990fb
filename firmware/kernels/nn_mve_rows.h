/* nn_mve_rows.h: rows of int8 weights times two int8 vectors, for cores with MVE (Helium: Cortex-M55, M85).
 *
 * The inner loop of convolutions. Four rows at once, whose sums live in eight core registers; one group of four is then
 * requantised as one vector. Written in assembly because the compiler spills the eight sums.
 */
#ifndef NN_MVE_ROWS_H
#define NN_MVE_ROWS_H

#include <arm_mve.h>
#include <stdint.h>

#include "nn_fixed_point.h"
#include "nn_mve_copy.h"
#include "nn_mve_requantise.h"

/* One pixel (or batch row) of input -> `channels` outputs. The assembly knows the places of the first eight fields.
 *
 * A row is cut into its first bytes % 16 columns (16 if that is 0), and `blocks` times 16 columns.
 *
 * Dense: groups are channels in their order. Odd: as dense, and some rows are left over. Sparse: many channels are constant (pruned); the groups are made of the others, and
 * have their 4 places (8 bits) behind their factors. */
typedef struct nn_mve_rows {
  int32_t blocks;         /* (bytes - 1) / 16 */
  int32_t rest;           /* bytes % 16 */
  const int32_t *end;     /* of the factors of all whole groups of four rows */
  int32_t zero_point;     /* of the output */
  int32_t low, high;      /* bounds of the output: int8 and the fused activation */
  const int8_t *weights;  /* a group of four rows: [4][first columns], then [blocks][4][16]; the rows left over: [channels % 4][bytes] */
  const int32_t *factors; /* a group: 4 times bias * 256 + shift (8 bits, negative to the right), or 4 biases and 4 shifts; then 4
                             multipliers. A row left over: bias, shift, multiplier */
  int32_t channels;
  int32_t bytes;          /* of a row */
  const int8_t *constants; /* sparse: [channels], what the outputs without weights are; 0 otherwise */
} nn_mve_rows;

/* x0 -> y0 and x1 -> y1, all channels. The two may be the same. */
typedef void nn_mve_pair(const nn_mve_rows *p, const int8_t *x0, const int8_t *x1, int8_t *y0, int8_t *y1);

/* The channels % 4 last outputs. */
static inline void nn_mve_odd_rows(const nn_mve_rows *p, const int8_t *x, int8_t *y)
{
  const int32_t whole = p->channels & ~3;
  const int8_t *row = p->weights + whole * p->bytes;
  const int32_t *factors = p->end;
  for (int32_t channel = whole; channel < p->channels; channel++) {
    const int32_t shift = factors[1];
    const nn_requant q = {factors[2], (uint8_t)(shift > 0 ? shift : 0), (uint8_t)(shift < 0 ? -shift : 0)};
    int32_t sum = factors[0];
    for (int32_t k = 0; k < p->bytes; k += 16) {
      const mve_pred16_t lanes = vctp8q((uint32_t)(p->bytes - k));
      sum = vmladavaq_p_s8(sum, vldrbq_z_s8(row + k, lanes), vldrbq_z_s8(x + k, lanes), lanes);
    }
    y[channel] = (int8_t)nn_clamp(nn_requantise(sum, &q) + p->zero_point, p->low, p->high);
    row += p->bytes;
    factors += 3;
  }
}

/* 16 columns of one row, in `q`, times both vectors. VMLADAV and VMLADAVA go to even registers only. */
#define NN_MVE_TWO_SUMS(ADD, q, a, b) ADD " " a ", q0, " q "\n\t" ADD " " b ", q1, " q "\n\t"
#define NN_MVE_REST_ROW(a, b) "vldrb.u8 q2, [r11]\n\tadd r11, r11, r3\n\t" NN_MVE_TWO_SUMS("vmladav.s8", "q2", a, b)
/* 16 columns of four rows. */
#define NN_MVE_FOUR_ROWS(ADD)                                                                                         \
  "vldrb.u8 q0, [r1], #16\n\t"                                                                                        \
  "vldrb.u8 q1, [r9], #16\n\t"                                                                                        \
  "vldrb.u8 q2, [r11], #64\n\t"                                                                                       \
  "vldrb.u8 q3, [r11, #-48]\n\t"                                                                                      \
  NN_MVE_TWO_SUMS(ADD, "q2", "r0", "r8")                                                                              \
  "vldrb.u8 q2, [r11, #-32]\n\t"                                                                                      \
  NN_MVE_TWO_SUMS(ADD, "q3", "r2", "r10")                                                                             \
  "vldrb.u8 q3, [r11, #-16]\n\t"                                                                                      \
  NN_MVE_TWO_SUMS(ADD, "q2", "r4", "r12")                                                                             \
  NN_MVE_TWO_SUMS(ADD, "q3", "r6", "lr")

/* Where the results in q0 and q1 go, with r4 and r6 at the outputs. */
#define NN_MVE_ROW_PLACES_DENSE
#define NN_MVE_ROW_STORE_DENSE "vstrb.32 q0, [r4], #4\n\tvstrb.32 q1, [r6], #4\n\tvmov s28, s29, r4, r6\n\t"
#define NN_MVE_ROW_OTHERS_DENSE
#define NN_MVE_ROW_PLACES_ODD NN_MVE_ROW_PLACES_DENSE
#define NN_MVE_ROW_STORE_ODD NN_MVE_ROW_STORE_DENSE
#define NN_MVE_ROW_OTHERS_ODD   \
  nn_mve_odd_rows(p, x0, y0);   \
  nn_mve_odd_rows(p, x1, y1);
#define NN_MVE_ROW_PLACES_SPARSE "vldrb.u32 q3, [r5], #4\n\t"
#define NN_MVE_ROW_STORE_SPARSE "vstrb.32 q0, [r4, q3]\n\tvstrb.32 q1, [r6, q3]\n\t"
#define NN_MVE_ROW_OTHERS_SPARSE                \
  nn_mve_copy(y0, p->constants, p->channels);   \
  nn_mve_copy(y1, p->constants, p->channels);

/* Biases to q2, shifts to q3. */
#define NN_MVE_ROW_FACTORS_RELU "vldrw.u32 q3, [r5], #16\n\tvshr.s32 q2, q3, #8\n\t"
#define NN_MVE_ROW_FACTORS_SIGNED NN_MVE_ROW_FACTORS_RELU
#define NN_MVE_ROW_FACTORS_ANY "vldrw.u32 q2, [r5], #16\n\tvldrw.u32 q3, [r5], #16\n\t"

/* Defines an nn_mve_pair. r1, r9: the two vectors; r11: weights; r5: factors; r3 counts; the even registers are sums. q4, q5: bounds;
 * s24..s27: the first four fields of p; s28, s29: y0, y1; s30, s31: x0, x1. Up to 15 bytes behind the weights are read. */
#define NN_MVE_DEFINE_PAIR(NAME, FORM, LAYOUT)                                                                        \
  static inline void NAME(const nn_mve_rows *p, const int8_t *x0, const int8_t *x1, int8_t *y0, int8_t *y1)           \
  {                                                                                                                   \
    NN_MVE_ROW_OTHERS_##LAYOUT                                                                                        \
    if (p->factors != p->end) {                                                                                       \
      register const int8_t *a __asm__("r0") = x0;                                                                    \
      register const int8_t *b __asm__("r1") = x1;                                                                    \
      register int8_t *c __asm__("r2") = y0;                                                                          \
      register int8_t *d __asm__("r3") = y1;                                                                          \
      register const nn_mve_rows *rows __asm__("r4") = p;                                                             \
      __asm__ volatile(                                                                                               \
          "vmov s28, s29, r2, r3\n\t"                                                                                 \
          "vmov s30, s31, r0, r1\n\t"                                                                                 \
          "vldrw.u32 q6, [r4]\n\t"                                                                                    \
          "ldrd r0, r2, [r4, #16]\n\t"                                                                                \
          "vdup.32 q4, r0\n\t"                                                                                        \
          "vdup.32 q5, r2\n\t"                                                                                        \
          "ldrd r11, r5, [r4, #24]\n\t"                                                                               \
          "1:\n\t" /* four channels */                                                                                \
          "vmov r1, r9, s30, s31\n\t"                                                                                 \
          "vmov r3, s25\n\t"                                                                                          \
          "cbz r3, 2f\n\t"                                                                                            \
          "vctp.8 r3\n\t" /* the lanes of x behind the rest are 0, whatever is in those of the weights */             \
          "vpstt\n\t"                                                                                                 \
          "vldrbt.u8 q0, [r1]\n\t"                                                                                    \
          "vldrbt.u8 q1, [r9]\n\t"                                                                                    \
          NN_MVE_REST_ROW("r0", "r8")                                                                                 \
          NN_MVE_REST_ROW("r2", "r10")                                                                                \
          NN_MVE_REST_ROW("r4", "r12")                                                                                \
          NN_MVE_REST_ROW("r6", "lr")                                                                                 \
          "add r1, r1, r3\n\t"                                                                                        \
          "add r9, r9, r3\n\t"                                                                                        \
          "b 3f\n\t"                                                                                                  \
          "2:\n\t" /* or the first 16 columns */                                                                      \
          NN_MVE_FOUR_ROWS("vmladav.s8")                                                                              \
          "3:\n\t"                                                                                                    \
          "vmov r3, s24\n\t"                                                                                          \
          "lsrs r3, r3, #1\n\t"                                                                                       \
          "bcc 4f\n\t"                                                                                                \
          NN_MVE_FOUR_ROWS("vmladava.s8")                                                                             \
          "4:\n\t"                                                                                                    \
          "cbz r3, 6f\n\t"                                                                                            \
          "5:\n\t" /* 32 columns more */                                                                              \
          NN_MVE_FOUR_ROWS("vmladava.s8")                                                                             \
          NN_MVE_FOUR_ROWS("vmladava.s8")                                                                             \
          "subs r3, r3, #1\n\t"                                                                                       \
          "bne 5b\n\t"                                                                                                \
          "6:\n\t"                                                                                                    \
          "vmov d0, r0, r2\n\t"                                                                                       \
          "vmov d1, r4, r6\n\t"                                                                                       \
          "vmov d2, r8, r10\n\t"                                                                                      \
          "vmov d3, r12, lr\n\t"                                                                                      \
          NN_MVE_ROW_FACTORS_##FORM                                                                                   \
          "vadd.i32 q0, q0, q2\n\t"                                                                                   \
          "vadd.i32 q1, q1, q2\n\t"                                                                                   \
          "vldrw.u32 q2, [r5], #16\n\t"                                                                               \
          NN_MVE_MULTIPLY_##FORM("q0", "q2", "q3")                                                                    \
          NN_MVE_MULTIPLY_##FORM("q1", "q2", "q3")                                                                    \
          NN_MVE_SHIFT_##FORM("q0", "q3", "q2")                                                                       \
          NN_MVE_SHIFT_##FORM("q1", "q3", "q2")                                                                       \
          "vmov r0, r2, s26, s27\n\t"                                                                                 \
          "vmov r4, r6, s28, s29\n\t"                                                                                 \
          NN_MVE_ROW_PLACES_##LAYOUT                                                                                  \
          "vadd.i32 q0, q0, r2\n\t"                                                                                   \
          "vadd.i32 q1, q1, r2\n\t"                                                                                   \
          "vmax.s32 q0, q0, q4\n\t"                                                                                   \
          "vmax.s32 q1, q1, q4\n\t"                                                                                   \
          "vmin.s32 q0, q0, q5\n\t"                                                                                   \
          "vmin.s32 q1, q1, q5\n\t"                                                                                   \
          NN_MVE_ROW_STORE_##LAYOUT                                                                                   \
          "cmp r5, r0\n\t"                                                                                            \
          "bne 1b\n\t"                                                                                                \
          : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(rows)                                                            \
          :                                                                                                           \
          : "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "p0",  \
            "cc", "memory");                                                                                          \
    }                                                                                                                 \
  }

NN_MVE_DEFINE_PAIR(nn_mve_pair_relu_dense, RELU, DENSE)
NN_MVE_DEFINE_PAIR(nn_mve_pair_signed_dense, SIGNED, DENSE)
NN_MVE_DEFINE_PAIR(nn_mve_pair_any_dense, ANY, DENSE)
NN_MVE_DEFINE_PAIR(nn_mve_pair_relu_odd, RELU, ODD)
NN_MVE_DEFINE_PAIR(nn_mve_pair_signed_odd, SIGNED, ODD)
NN_MVE_DEFINE_PAIR(nn_mve_pair_any_odd, ANY, ODD)
NN_MVE_DEFINE_PAIR(nn_mve_pair_relu_sparse, RELU, SPARSE)
NN_MVE_DEFINE_PAIR(nn_mve_pair_signed_sparse, SIGNED, SPARSE)
NN_MVE_DEFINE_PAIR(nn_mve_pair_any_sparse, ANY, SPARSE)

#endif
