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

/* A rectangle: `rows` times `bytes`, rows `to_step` and `from_step` bytes apart. */
static inline void nn_mve_copy_rows(int8_t *to, int32_t to_step, const int8_t *from, int32_t from_step, int32_t rows, int32_t bytes)
{
  for (; rows > 0; rows--) {
    nn_mve_copy(to, from, bytes);
    to += to_step;
    from += from_step;
  }
}

#endif
