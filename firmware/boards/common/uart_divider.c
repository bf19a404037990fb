/* The arithmetic of a UART's speed, apart from all registers. */
#include "hil_uart.h"

enum { TOLERANCE = 50 }; /* 1/50 = 2 % */

uint32_t hil_uart_divider(uint32_t clock_hz, uint32_t baud, uint32_t least, uint32_t most) {
  uint32_t by, real, off;
  if (baud == 0u || baud > clock_hz) {
    return 0;
  }
  by = clock_hz / baud;
  if (clock_hz % baud >= baud - baud / 2u) {
    by++;
  }
  if (by < least || by > most) {
    return 0;
  }
  real = clock_hz / by;
  off = real > baud ? real - baud : baud - real;
  return off <= baud / (uint32_t)TOLERANCE ? by : 0u;
}
