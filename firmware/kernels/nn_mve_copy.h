/* nn_mve_copy.h: copies and fills of any length with tail-predicated loops, for cores with MVE (Helium).
 *
 * In assembly because GCC 12 makes no tail-predicated loops.
 */
#ifndef NN_MVE_COPY_H
#define NN_MVE_COPY_H

#include <stdint.h>

static inline void nn_mve_copy(int8_t *to, const int8_t *from, int32_t bytes)
{
  __asm__ volatile(
      "wlstp.8 lr, %2, 2f\n\t"
      "1:\n\t"
      "vldrb.u8 q0, [%1], #16\n\t"
      "vstrb.8 q0, [%0], #16\n\t"
      "letp lr, 1b\n\t"
      "2:\n\t"
      : "+l"(to), "+l"(from)
      : "r"(bytes)
      : "lr", "q0", "cc", "memory");
}

static inline void nn_mve_fill(int8_t *to, int32_t value, int32_t bytes)
{
  __asm__ volatile(
      "vdup.8 q0, %1\n\t"
      "wlstp.8 lr, %2, 2f\n\t"
      "1:\n\t"
      "vstrb.8 q0, [%0], #16\n\t"
      "letp lr, 1b\n\t"
      "2:\n\t"
      : "+l"(to)
      : "r"(value), "r"(bytes)
      : "lr", "q0", "cc", "memory");
}

/* A rectangle: `rows` times `bytes`, both at least 1, rows `to_step` and `from_step` bytes apart. */
static inline void nn_mve_copy_rows(int8_t *to, int32_t to_step, const int8_t *from, int32_t from_step, int32_t rows, int32_t bytes)
{
  const int32_t passed = (bytes + 15) & ~15; /* by the pointers in a row */
  __asm__ volatile(
      "1:\n\t"
      "dlstp.8 lr, %5\n\t"
      "2:\n\t"
      "vldrb.u8 q0, [%1], #16\n\t"
      "vstrb.8 q0, [%0], #16\n\t"
      "letp lr, 2b\n\t"
      "add %1, %1, %4\n\t"
      "add %0, %0, %3\n\t"
      "subs %2, %2, #1\n\t"
      "bne 1b\n\t"
      : "+r"(to), "+r"(from), "+r"(rows)
      : "r"(to_step - passed), "r"(from_step - passed), "r"(bytes)
      : "lr", "q0", "cc", "memory");
}

#endif
