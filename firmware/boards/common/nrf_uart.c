/* The UART (not UARTE) of nRF51 and nRF52. Sources: nRF51 Series Reference Manual 29, nRF52840 Product Specification 6.33. */
#include "cortex_m.h"
#include "hil_uart.h"

#define AT(offset) REGISTER(HIL_UART_BASE + (offset))
#define TASKS_STARTRX AT(0x000u)
#define TASKS_STARTTX AT(0x008u)
#define EVENTS_RXDRDY AT(0x108u)
#define EVENTS_TXDRDY AT(0x11Cu)
#define EVENTS_ERROR AT(0x124u)
#define INTENSET AT(0x304u)
#define ERRORSRC AT(0x480u)
#define ENABLE AT(0x500u)
#define PSELTXD AT(0x50Cu)
#define PSELRXD AT(0x514u)
#define RXD AT(0x518u)
#define TXD AT(0x51Cu)
#define BAUDRATE AT(0x524u)

enum { INTEN_RXDRDY = 1 << 2, ENABLED = 4 };

/* The speeds that the manuals list and that are within 2 % by their own figures; 460800 (really 470588) and 921600 (really 941176) are not. */
static const struct {
  uint32_t baud;
  uint32_t value;
} speeds[] = {
    {9600, 0x00275000},   {19200, 0x004EA000},  {38400, 0x009D5000},  {57600, 0x00EBF000},
    {115200, 0x01D7E000}, {230400, 0x03AFB000}, {250000, 0x04000000}, {1000000, 0x10000000},
};

static uint32_t value_for(uint32_t baud) {
  for (uint32_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
    if (speeds[i].baud == baud) {
      return speeds[i].value;
    }
  }
  return 0;
}

void hil_uart_open(void) {
  ENABLE = 0; /* a boot loader may have used it in its other guise, the UARTE */
  PSELTXD = HIL_UART_TX_PIN;
  PSELRXD = HIL_UART_RX_PIN;
  BAUDRATE = value_for(HIL_UART_BAUD);
  ENABLE = ENABLED;
  EVENTS_RXDRDY = 0;
  EVENTS_TXDRDY = 0;
  INTENSET = INTEN_RXDRDY;
  TASKS_STARTTX = 1;
  TASKS_STARTRX = 1;
  hil_uart_listen();
}

/* The event comes again for each byte that is left. It must go before the byte is taken, or that of the next one may be lost. */
bool hil_uart_receive(uint8_t *byte) {
  if (EVENTS_RXDRDY == 0u) {
    return false;
  }
  EVENTS_RXDRDY = 0;
  (void)EVENTS_RXDRDY; /* the write has arrived before the interrupt ends */
  *byte = (uint8_t)RXD;
  return true;
}

/* Returns when the last byte has left. */
void hil_uart_write(void *ctx, const uint8_t *bytes, uint32_t n) {
  (void)ctx;
  for (uint32_t i = 0; i < n; i++) {
    EVENTS_TXDRDY = 0;
    TXD = bytes[i];
    while (EVENTS_TXDRDY == 0u) {
    }
  }
}

bool hil_uart_set_baud(void *ctx, uint32_t baud, bool now) {
  uint32_t value = value_for(baud);
  (void)ctx;
  if (value != 0u && now) {
    BAUDRATE = value;
  }
  return value != 0u;
}
