/* nn_lookup16.h: functions of int16 values as 513 entries with straight lines between them. */
#ifndef NN_LOOKUP16_H
#define NN_LOOKUP16_H

#include <stdint.h>

/* value in int16 */
static inline int32_t nn_lookup16(const int16_t table[513], int32_t value)
{
  const int16_t *at = table + 256 + (value >> 7);
  return at[0] + (((at[1] - at[0]) * (value & 127) + 64) >> 7);
}

#endif
