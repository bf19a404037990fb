/* nn_mve_fully_connected.h: FULLY_CONNECTED, int8, one factor for all outputs, for cores with MVE (Helium). */
#ifndef NN_MVE_FULLY_CONNECTED_H
#define NN_MVE_FULLY_CONNECTED_H

#include <stdint.h>

#include "nn_mve_rows.h"

struct nn_mve_fully_connected;
/* One batch row: the outputs of all whole groups of four. */
typedef void nn_mve_vector(const struct nn_mve_fully_connected *p, const int8_t *x, int8_t *y);

typedef struct nn_mve_fully_connected {
  nn_mve_rows rows;          /* but the factors of a group are its 4 biases alone */
  int32_t multiplier, shift; /* the shift is negative to the right */
  nn_mve_vector *vector;
  int32_t batches;
} nn_mve_fully_connected;

/* One row of a group: its 16 weights in `q` times the vector. */
#define NN_MVE_SUM(q, a) "vmladava.s8 " a ", q0, " q "\n\t"
#define NN_MVE_REST_SUM(a) "vldrb.u8 q1, [r12]\n\tadd r12, r12, r3\n\t" NN_MVE_SUM("q1", a)

/* Defines an nn_mve_vector. r1: the vector, from r11 on; r12: weights; r8: biases; r5: outputs; r9, r3: blocks of 16 columns, rest; lr counts;
 * r0, r2, r4, r6: sums; r10: zero point; q2, q3: multiplier and shift; q4, q5: bounds; s26: end of the biases. */
#define NN_MVE_DEFINE_VECTOR(NAME, FORM)                                                                                  \
  static inline void NAME(const nn_mve_fully_connected *p, const int8_t *x, int8_t *y)                                    \
  {                                                                                                                       \
    register const nn_mve_fully_connected *a __asm__("r0") = p;                                                           \
    register const int8_t *b __asm__("r1") = x;                                                                           \
    register int8_t *c __asm__("r2") = y;                                                                                 \
    __asm__ volatile(                                                                                                     \
        "mov r11, r1\n\t"                                                                                                 \
        "mov r5, r2\n\t"                                                                                                  \
        "mov r4, r0\n\t"                                                                                                  \
        "vldr s26, [r4, #8]\n\t"                                                                                          \
        "ldr r3, [r4, #4]\n\t"                                                                                            \
        "ldrd r0, r2, [r4, #16]\n\t"                                                                                      \
        "vdup.32 q4, r0\n\t"                                                                                              \
        "vdup.32 q5, r2\n\t"                                                                                              \
        "ldr r9, [r4, #36]\n\t"                                                                                           \
        "lsr r9, r9, #4\n\t"                                                                                              \
        "ldrd r0, r2, [r4, #44]\n\t"                                                                                      \
        "vdup.32 q2, r0\n\t"                                                                                              \
        "vdup.32 q3, r2\n\t"                                                                                              \
        "ldr r10, [r4, #12]\n\t"                                                                                          \
        "ldrd r12, r8, [r4, #24]\n\t"                                                                                     \
        "1:\n\t" /* four outputs */                                                                                       \
        "ldm r8!, {r0, r2, r4, r6}\n\t"                                                                                   \
        "mov r1, r11\n\t"                                                                                                 \
        "cbz r3, 2f\n\t"                                                                                                  \
        "vctp.8 r3\n\t" /* the lanes of x behind the rest are 0, whatever is in those of the weights */                   \
        "vpst\n\t"                                                                                                        \
        "vldrbt.u8 q0, [r1]\n\t"                                                                                          \
        NN_MVE_REST_SUM("r0")                                                                                             \
        NN_MVE_REST_SUM("r2")                                                                                             \
        NN_MVE_REST_SUM("r4")                                                                                             \
        NN_MVE_REST_SUM("r6")                                                                                             \
        "add r1, r1, r3\n\t"                                                                                              \
        "2:\n\t"                                                                                                          \
        "wls lr, r9, 4f\n\t"                                                                                              \
        "3:\n\t" /* 16 columns of them */                                                                                 \
        "vldrb.u8 q0, [r1], #16\n\t"                                                                                      \
        "vldrb.u8 q1, [r12], #64\n\t"                                                                                     \
        "vldrb.u8 q7, [r12, #-48]\n\t"                                                                                    \
        NN_MVE_SUM("q1", "r0")                                                                                            \
        "vldrb.u8 q1, [r12, #-32]\n\t"                                                                                    \
        NN_MVE_SUM("q7", "r2")                                                                                            \
        "vldrb.u8 q7, [r12, #-16]\n\t"                                                                                    \
        NN_MVE_SUM("q1", "r4")                                                                                            \
        NN_MVE_SUM("q7", "r6")                                                                                            \
        "le lr, 3b\n\t"                                                                                                   \
        "4:\n\t"                                                                                                          \
        "vmov d0, r0, r2\n\t"                                                                                             \
        "vmov d1, r4, r6\n\t"                                                                                             \
        NN_MVE_MULTIPLY_##FORM("q0", "q2", "q3")                                                                          \
        NN_MVE_SHIFT_##FORM("q0", "q3", "q1")                                                                             \
        "vadd.i32 q0, q0, r10\n\t"                                                                                        \
        "vmax.s32 q0, q0, q4\n\t"                                                                                         \
        "vmin.s32 q0, q0, q5\n\t"                                                                                         \
        "vstrb.32 q0, [r5], #4\n\t"                                                                                       \
        "vmov r0, s26\n\t"                                                                                                \
        "cmp r8, r0\n\t"                                                                                                  \
        "bne 1b\n\t"                                                                                                      \
        : "+r"(a), "+r"(b), "+r"(c)                                                                                       \
        :                                                                                                                 \
        : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7",  \
          "p0", "cc", "memory");                                                                                          \
  }

NN_MVE_DEFINE_VECTOR(nn_mve_vector_relu, RELU)
NN_MVE_DEFINE_VECTOR(nn_mve_vector_signed, SIGNED)
NN_MVE_DEFINE_VECTOR(nn_mve_vector_any, ANY)

/* input [batches][bytes of a row] -> output [batches][channels] */
static inline void nn_mve_run_fully_connected(const nn_mve_fully_connected *p, const int8_t *input, int8_t *output)
{
  for (int32_t batch = 0; batch < p->batches; batch++) {
    if (p->rows.factors != p->rows.end) {
      p->vector(p, input, output);
    }
    nn_mve_odd_rows(&p->rows, input, output);
    input += p->rows.bytes;
    output += p->rows.channels;
  }
}

#endif
