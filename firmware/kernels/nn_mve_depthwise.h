/* nn_mve_depthwise.h: DEPTHWISE_CONV_2D 3x3, int8, for cores with MVE (Helium).
 *
 * The rows that the window covers are copied into a ring of three, with the padding around them, so that nine pointers run through
 * them without a test; and so that the output may be the memory of the input.
 *
 * 16 lanes at once. Products of two taps add up in 16 bits (the generator has seen to that), pairs in 32 bits: even and odd bytes
 * of a vector are multiplied apart, and even and odd halves widened apart, so that the four vectors of sums hold the lanes
 * {0, 4, 8, 12}, {2, 6, 10, 14}, {1, 5, 9, 13} and {3, 7, 11, 15}.
 */
#ifndef NN_MVE_DEPTHWISE_H
#define NN_MVE_DEPTHWISE_H

#include <arm_mve.h>
#include <stdint.h>

#include "nn_mve_copy.h"
#include "nn_mve_requantise.h"
#include "nn_window.h"

/* What the assembly below reads; it knows the places of the fields. */
typedef struct nn_mve_taps {
  int16_t zero_point[8];     /* of the output */
  int8_t low[16], high[16];  /* bounds of the output */
  const int32_t *blocks;     /* see nn_mve_depthwise */
  int32_t block_count;
  int32_t steps;             /* to be done: pixels, or as many as fit in 16 lanes; counted down */
  int32_t output_step;       /* from behind the last block of a step to the first one of the next, bytes */
  int32_t tap_step;
  const int8_t *first[6];    /* of the nine taps */
  const int32_t *start;      /* = blocks */
  const int8_t *last[3];
  int8_t *output;
} nn_mve_taps;

/* One row of outputs. */
typedef void nn_mve_depthwise_row(nn_mve_taps *taps);

typedef struct nn_mve_depthwise {
  nn_window window;
  const int32_t *blocks; /* of 16 lanes, in the order of the sums: bias * 256 + shift (8 bits, negative to the right), or biases and
                            shifts; then weights [9][16] of 8 bits; then multipliers */
  int32_t block_count;
  int32_t steps;         /* of a row of outputs */
  int32_t output_step, tap_step;
  int32_t input_zero_point, zero_point, low, high;
  int32_t staged;        /* the last block of a pixel has less than 16 lanes, so that a row is written with bytes behind it */
  nn_mve_depthwise_row *row;
} nn_mve_depthwise;

/* q6 and q4: products of the even and odd lanes of a tap. */
#define NN_MVE_ONE_TAP(a)         \
  "vldrb.u8 q4, [" a "], #16\n\t" \
  "vldrb.u8 q5, [r6], #16\n\t"    \
  "vmullb.s8 q6, q4, q5\n\t"      \
  "vmullt.s8 q4, q4, q5\n\t"
/* Adds them to the sums. */
#define NN_MVE_WIDEN              \
  "vmovlb.s16 q5, q6\n\t"         \
  "vadd.i32 q0, q0, q5\n\t"       \
  "vmovlt.s16 q6, q6\n\t"         \
  "vadd.i32 q1, q1, q6\n\t"       \
  "vmovlb.s16 q5, q4\n\t"         \
  "vadd.i32 q2, q2, q5\n\t"       \
  "vmovlt.s16 q4, q4\n\t"         \
  "vadd.i32 q3, q3, q4\n\t"
/* The second tap is loaded twice: there is no register left to keep it in. */
#define NN_MVE_TWO_TAPS(a, b)     \
  NN_MVE_ONE_TAP(a)               \
  "vldrb.u8 q5, [r6], #16\n\t"    \
  "vldrb.u8 q7, [" b "]\n\t"      \
  "vmullb.s8 q7, q7, q5\n\t"      \
  "vadd.i16 q6, q6, q7\n\t"       \
  "vldrb.u8 q7, [" b "], #16\n\t" \
  "vmullt.s8 q7, q7, q5\n\t"      \
  "vadd.i16 q4, q4, q7\n\t"       \
  NN_MVE_WIDEN
/* Biases to q0..q3, and on to the weights. */
#define NN_MVE_LOAD_SUMS          \
  "vldrw.u32 q0, [r6], #16\n\t"   \
  "vldrw.u32 q1, [r6], #16\n\t"   \
  "vldrw.u32 q2, [r6], #16\n\t"   \
  "vldrw.u32 q3, [r6], #16\n\t"
#define NN_MVE_TAP_BIASES_RELU    \
  NN_MVE_LOAD_SUMS                \
  "vshr.s32 q0, q0, #8\n\t"       \
  "vshr.s32 q1, q1, #8\n\t"       \
  "vshr.s32 q2, q2, #8\n\t"       \
  "vshr.s32 q3, q3, #8\n\t"
#define NN_MVE_TAP_BIASES_SIGNED NN_MVE_TAP_BIASES_RELU
#define NN_MVE_TAP_BIASES_ANY NN_MVE_LOAD_SUMS "add r6, r6, #64\n\t"
/* The shifts are before the weights: 224 bytes before the end of the multipliers of the same lanes. */
#define NN_MVE_SCALE(v, FORM)     \
  "vldrw.u32 q4, [r6], #16\n\t"   \
  "vldrw.u32 q5, [r6, #-224]\n\t" \
  NN_MVE_MULTIPLY_##FORM(v, "q4", "q5") \
  NN_MVE_SHIFT_##FORM(v, "q5", "q4")

/* Defines an nn_mve_depthwise_row. r0..r5, r8..r10: taps; r6: blocks; r11: output; r12: the struct; lr: blocks to be done. */
#define NN_MVE_DEFINE_DEPTHWISE(NAME, FORM)                                                                               \
  static inline void NAME(nn_mve_taps *taps)                                                                              \
  {                                                                                                                       \
    register nn_mve_taps *p __asm__("r0") = taps;                                                                         \
    __asm__ volatile(                                                                                                     \
        "mov r12, r0\n\t"                                                                                                 \
        "add lr, r12, #68\n\t"                                                                                            \
        "ldm lr, {r0-r6, r8-r11}\n\t"                                                                                     \
        "1:\n\t"                                                                                                          \
        "ldrd r6, lr, [r12, #48]\n\t"                                                                                     \
        "2:\n\t"                                                                                                          \
        NN_MVE_TAP_BIASES_##FORM                                                                                          \
        NN_MVE_TWO_TAPS("r0", "r1")                                                                                       \
        NN_MVE_TWO_TAPS("r2", "r3")                                                                                       \
        NN_MVE_TWO_TAPS("r4", "r5")                                                                                       \
        NN_MVE_TWO_TAPS("r8", "r9")                                                                                       \
        NN_MVE_ONE_TAP("r10")                                                                                             \
        NN_MVE_WIDEN                                                                                                      \
        NN_MVE_SCALE("q0", FORM)                                                                                          \
        NN_MVE_SCALE("q1", FORM)                                                                                          \
        NN_MVE_SCALE("q2", FORM)                                                                                          \
        NN_MVE_SCALE("q3", FORM)                                                                                          \
        "vldrw.u32 q4, [r12]\n\t"                                                                                         \
        "vqmovnb.s32 q0, q0\n\t"                                                                                          \
        "vqmovnt.s32 q0, q1\n\t"                                                                                          \
        "vqmovnb.s32 q2, q2\n\t"                                                                                          \
        "vqmovnt.s32 q2, q3\n\t"                                                                                          \
        "vqadd.s16 q0, q0, q4\n\t"                                                                                        \
        "vqadd.s16 q2, q2, q4\n\t"                                                                                        \
        "vldrw.u32 q4, [r12, #16]\n\t"                                                                                    \
        "vqmovnb.s16 q0, q0\n\t"                                                                                          \
        "vqmovnt.s16 q0, q2\n\t"                                                                                          \
        "vldrw.u32 q5, [r12, #32]\n\t"                                                                                    \
        "vmax.s8 q0, q0, q4\n\t"                                                                                          \
        "vmin.s8 q0, q0, q5\n\t"                                                                                          \
        "vstrb.8 q0, [r11], #16\n\t"                                                                                      \
        "le lr, 2b\n\t"                                                                                                   \
        "ldrd r6, lr, [r12, #56]\n\t"                                                                                     \
        "add r11, r11, lr\n\t"                                                                                            \
        "subs r6, r6, #1\n\t"                                                                                             \
        "str r6, [r12, #56]\n\t"                                                                                          \
        "beq 3f\n\t"                                                                                                      \
        "ldr lr, [r12, #64]\n\t"                                                                                          \
        "cmp lr, #0\n\t"                                                                                                  \
        "beq 1b\n\t"                                                                                                      \
        "add r0, r0, lr\n\t"                                                                                              \
        "add r1, r1, lr\n\t"                                                                                              \
        "add r2, r2, lr\n\t"                                                                                              \
        "add r3, r3, lr\n\t"                                                                                              \
        "add r4, r4, lr\n\t"                                                                                              \
        "add r5, r5, lr\n\t"                                                                                              \
        "add r8, r8, lr\n\t"                                                                                              \
        "add r9, r9, lr\n\t"                                                                                              \
        "add r10, r10, lr\n\t"                                                                                            \
        "b 1b\n\t"                                                                                                        \
        "3:\n\t"                                                                                                          \
        : "+r"(p)                                                                                                         \
        :                                                                                                                 \
        : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "q0", "q1", "q2", "q3", "q4", "q5",  \
          "q6", "q7", "p0", "cc", "memory");                                                                              \
  }

NN_MVE_DEFINE_DEPTHWISE(nn_mve_depthwise_relu, RELU)
NN_MVE_DEFINE_DEPTHWISE(nn_mve_depthwise_signed, SIGNED)
NN_MVE_DEFINE_DEPTHWISE(nn_mve_depthwise_any, ANY)

/* The nine pointers for a row of outputs whose first row of inputs is in `slot` of the ring. */
static inline void nn_mve_point_taps(nn_mve_taps *taps, const int8_t *ring, int32_t row_bytes, int32_t depth, int32_t slot)
{
  const int8_t *tap[9];
  for (int32_t ky = 0; ky < 3; ky++) {
    const int8_t *row = ring + slot * row_bytes;
    for (int32_t kx = 0; kx < 3; kx++) {
      tap[3 * ky + kx] = row + kx * depth;
    }
    slot = slot == 2 ? 0 : slot + 1;
  }
  for (int32_t i = 0; i < 6; i++) {
    taps->first[i] = tap[i];
  }
  for (int32_t i = 0; i < 3; i++) {
    taps->last[i] = tap[6 + i];
  }
}

/* input [batches][height][width][channels] -> output, which may be the same memory where it has not more rows and columns;
 * ring: three rows of (output_width - 1) * stride_width + 3 pixels and 16 bytes, then, if staged, a row of outputs and 16 bytes. */
static inline void nn_mve_run_depthwise(const nn_mve_depthwise *p, const int8_t *input, int8_t *output, int8_t *ring)
{
  const nn_window *w = &p->window;
  const int32_t depth = w->input_channels;
  const int32_t columns = (w->output_width - 1) * w->stride_width + 3;
  const int32_t row_bytes = columns * depth;
  const int32_t inside = columns - w->pad_left < w->input_width ? columns - w->pad_left : w->input_width;
  const int32_t output_bytes = w->output_width * depth;
  int8_t *const stage = ring + 3 * row_bytes + 16;
  nn_mve_taps taps;
  nn_mve_fill((int8_t *)taps.low, p->low, 16);
  nn_mve_fill((int8_t *)taps.high, p->high, 16);
  for (int32_t i = 0; i < 8; i++) {
    taps.zero_point[i] = (int16_t)p->zero_point;
  }
  taps.blocks = p->blocks;
  taps.start = p->blocks;
  taps.block_count = p->block_count;
  taps.output_step = p->output_step;
  taps.tap_step = p->tap_step;
  nn_mve_fill(ring, p->input_zero_point, 3 * row_bytes);
  for (int32_t batch = 0; batch < w->batches; batch++) {
    int32_t next = -w->pad_top; /* row of inputs to be copied */
    int32_t slot = 0;           /* its place in the ring */
    int32_t first = 0;          /* place of the first row of the window */
    for (int32_t row = 0; row < w->output_height; row++) {
      for (; next < row * w->stride_height - w->pad_top + 3; next++) {
        int8_t *to = ring + slot * row_bytes + w->pad_left * depth;
        if (next >= 0 && next < w->input_height) {
          nn_mve_copy(to, input + next * w->input_width * depth, inside * depth);
        } else {
          nn_mve_fill(to, p->input_zero_point, inside * depth);
        }
        slot = slot == 2 ? 0 : slot + 1;
      }
      nn_mve_point_taps(&taps, ring, row_bytes, depth, first);
      taps.steps = p->steps;
      taps.output = p->staged != 0 ? stage : output;
      p->row(&taps);
      if (p->staged != 0) {
        nn_mve_copy(output, stage, output_bytes);
      }
      output += output_bytes;
      for (first += w->stride_height; first > 2; first -= 3) {
      }
    }
    input += w->input_height * w->input_width * depth;
  }
}

#endif
