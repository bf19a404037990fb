/* The UART of Arm's CMSDK, as on the MPS boards, polled: QEMU 7.2 has its two interrupts swapped on the newer ones. */
#include "cortex_m.h"
#include "hil_board.h"

#define DATA REGISTER(HIL_UART_BASE + 0x0u)
#define STATE REGISTER(HIL_UART_BASE + 0x4u)
#define CTRL REGISTER(HIL_UART_BASE + 0x8u)
#define BAUDDIV REGISTER(HIL_UART_BASE + 0x10u)

enum { STATE_TX_FULL = 1, STATE_RX_FULL = 2, CTRL_TX_RX = 3 };

void hil_uart_open(void) {
  BAUDDIV = 16; /* the least that is allowed; simulated UARTs don't pace themselves by it */
  CTRL = CTRL_TX_RX;
}

uint32_t hil_uart_read(void *ctx, uint8_t *bytes, uint32_t room) {
  uint32_t n = 0;
  (void)ctx;
  while (n < room && (STATE & (uint32_t)STATE_RX_FULL) != 0u) {
    bytes[n++] = (uint8_t)DATA;
  }
  return n;
}

void hil_uart_write(void *ctx, const uint8_t *bytes, uint32_t n) {
  (void)ctx;
  for (uint32_t i = 0; i < n; i++) {
    while ((STATE & (uint32_t)STATE_TX_FULL) != 0u) {
    }
    DATA = bytes[i];
  }
}
