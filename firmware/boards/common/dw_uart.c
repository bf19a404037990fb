/* Synopsys' DW_apb_uart (a 16550 with a fraction in its divider), as in Alif's Ensemble. Source: register names and bits in
 * Alif's public CMSIS pack (soc.h, uart.h of alif_ensemble-cmsis-dfp). */
#include "cortex_m.h"
#include "hil_uart.h"

#define AT(offset) REGISTER(HIL_UART_BASE + (offset))
#define RBR_THR_DLL AT(0x00u)
#define IER_DLH AT(0x04u)
#define FCR AT(0x08u)
#define LCR AT(0x0Cu)
#define LSR AT(0x14u)
#define USR AT(0x7Cu)
#define DLF AT(0xC0u)

enum { IER_RECEIVED = 1, FCR_ON_AND_EMPTY = 7, LCR_8_BITS = 3, LCR_DIVIDER = 1 << 7, LSR_SENT = 1 << 6 };
enum { USR_ROOM = 1 << 1, USR_RECEIVED = 1 << 3 };
/* While a byte comes in, LCR cannot be written: how often to try again, about ten byte times at the least speed. */
enum { PATIENCE = 1000000 };

static uint32_t divider(uint32_t baud) { return hil_uart_divider(HIL_UART_CLOCK_HZ, baud, 16, 0xFFFFFu); }

static void set_lcr(uint32_t value) {
  for (uint32_t i = 0; i < (uint32_t)PATIENCE && LCR != value; i++) {
    LCR = value;
  }
}

static void start(uint32_t baud) {
  uint32_t by = divider(baud);
  IER_DLH = 0;
  FCR = FCR_ON_AND_EMPTY;
  set_lcr((uint32_t)LCR_8_BITS | (uint32_t)LCR_DIVIDER);
  RBR_THR_DLL = (by >> 4) & 0xFFu;
  IER_DLH = by >> 12;
  DLF = by & 15u;
  set_lcr(LCR_8_BITS);
  IER_DLH = IER_RECEIVED;
}

void hil_uart_open(void) {
  start(HIL_UART_BAUD);
  hil_uart_listen();
}

/* Reading USR also ends the interrupt that a refused write to LCR makes. */
bool hil_uart_receive(uint8_t *byte) {
  if ((USR & (uint32_t)USR_RECEIVED) == 0u) {
    return false;
  }
  *byte = (uint8_t)RBR_THR_DLL;
  return true;
}

void hil_uart_write(void *ctx, const uint8_t *bytes, uint32_t n) {
  (void)ctx;
  for (uint32_t i = 0; i < n; i++) {
    while ((USR & (uint32_t)USR_ROOM) == 0u) {
    }
    RBR_THR_DLL = bytes[i];
  }
}

bool hil_uart_set_baud(void *ctx, uint32_t baud, bool now) {
  (void)ctx;
  if (divider(baud) == 0u) {
    return false;
  }
  if (now) {
    while ((LSR & (uint32_t)LSR_SENT) == 0u) {
    }
    start(baud);
  }
  return true;
}
