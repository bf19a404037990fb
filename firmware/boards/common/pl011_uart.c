/* Arm's PL011, as in the RP2040. Source: PrimeCell UART (PL011) Technical Reference Manual, DDI 0183, chapter 3. */
#include "cortex_m.h"
#include "hil_uart.h"

#define AT(offset) REGISTER(HIL_UART_BASE + (offset))
#define DR AT(0x00u)
#define FR AT(0x18u)
#define IBRD AT(0x24u)
#define FBRD AT(0x28u)
#define LCR_H AT(0x2Cu)
#define CR AT(0x30u)
#define IFLS AT(0x34u)
#define IMSC AT(0x38u)

enum { FR_BUSY = 1 << 3, FR_RX_EMPTY = 1 << 4, FR_TX_FULL = 1 << 5 };
enum { LCR_FIFOS = 1 << 4, LCR_8_BITS = 3 << 5, CR_ON_TX_RX = 1 | 1 << 8 | 1 << 9 };
enum { RX_INTERRUPT = 1 << 4, RX_TIMEOUT_INTERRUPT = 1 << 6 };

/* In 64ths of 16 bit times. */
static uint32_t divider(uint32_t baud) { return hil_uart_divider(HIL_UART_CLOCK_HZ * 4u, baud, 64, 0xFFFFu * 64u); }

static void start(uint32_t baud) {
  uint32_t by = divider(baud);
  CR = 0;
  IBRD = by / 64u;
  FBRD = by % 64u;
  LCR_H = (uint32_t)LCR_8_BITS | (uint32_t)LCR_FIFOS; /* only this write makes the two above count */
  IFLS = 0;                                           /* from 4 bytes on; fewer after a pause of 32 bits */
  IMSC = (uint32_t)RX_INTERRUPT | (uint32_t)RX_TIMEOUT_INTERRUPT;
  CR = (uint32_t)CR_ON_TX_RX;
}

void hil_uart_open(void) {
  start(HIL_UART_BAUD);
  hil_uart_listen();
}

bool hil_uart_receive(uint8_t *byte) {
  if ((FR & (uint32_t)FR_RX_EMPTY) != 0u) {
    return false;
  }
  *byte = (uint8_t)DR;
  return true;
}

void hil_uart_write(void *ctx, const uint8_t *bytes, uint32_t n) {
  (void)ctx;
  for (uint32_t i = 0; i < n; i++) {
    while ((FR & (uint32_t)FR_TX_FULL) != 0u) {
    }
    DR = bytes[i];
  }
}

bool hil_uart_set_baud(void *ctx, uint32_t baud, bool now) {
  (void)ctx;
  if (divider(baud) == 0u) {
    return false;
  }
  if (now) {
    while ((FR & (uint32_t)FR_BUSY) != 0u) {
    }
    start(baud);
  }
  return true;
}
