/* The USARTs of STM32, both generations of their registers.
 * Sources: RM0390 (STM32F446) 25.6, RM0090 (STM32F405) 30.6; RM0433 (STM32H743) 48.7, with HIL_STM32_USART_V2. */
#include "cortex_m.h"
#include "hil_uart.h"

#define AT(offset) REGISTER(HIL_UART_BASE + (offset))
#if defined(HIL_STM32_USART_V2)
#define CR1 AT(0x00u)
#define BRR AT(0x0Cu)
#define STATUS AT(0x1Cu)
#define ICR AT(0x20u)
#define RDR AT(0x24u)
#define TDR AT(0x28u)
enum { CR1_UE = 1 << 0 };
#else
#define STATUS AT(0x00u)
#define RDR AT(0x04u)
#define TDR AT(0x04u)
#define BRR AT(0x08u)
#define CR1 AT(0x0Cu)
enum { CR1_UE = 1 << 13 };
#endif

enum { CR1_RE = 1 << 2, CR1_TE = 1 << 3, CR1_RXNEIE = 1 << 5 };
enum { OVERRUN = 1 << 3, RECEIVED = 1 << 5, SENT = 1 << 6, ROOM = 1 << 7 };

static uint32_t divider(uint32_t baud) { return hil_uart_divider(HIL_UART_CLOCK_HZ, baud, 16, 0xFFFF); }

static void start(uint32_t baud) {
  CR1 = 0; /* the speed can be set only while it is off */
  BRR = divider(baud);
  CR1 = (uint32_t)CR1_UE | (uint32_t)CR1_RE | (uint32_t)CR1_TE | (uint32_t)CR1_RXNEIE;
}

void hil_uart_open(void) {
  start(HIL_UART_BAUD);
  hil_uart_listen();
}

bool hil_uart_receive(uint8_t *byte) {
  uint32_t status = STATUS;
  if ((status & (uint32_t)RECEIVED) != 0u) {
    *byte = (uint8_t)RDR; /* clears an overrun too in the older generation */
    return true;
  }
  if ((status & (uint32_t)OVERRUN) != 0u) {
#if defined(HIL_STM32_USART_V2)
    ICR = (uint32_t)OVERRUN;
#else
    (void)RDR;
#endif
  }
  return false;
}

void hil_uart_write(void *ctx, const uint8_t *bytes, uint32_t n) {
  (void)ctx;
  for (uint32_t i = 0; i < n; i++) {
    while ((STATUS & (uint32_t)ROOM) == 0u) {
    }
    TDR = bytes[i];
  }
}

bool hil_uart_set_baud(void *ctx, uint32_t baud, bool now) {
  (void)ctx;
  if (divider(baud) == 0u) {
    return false;
  }
  if (now) {
    while ((STATUS & (uint32_t)SENT) == 0u) {
    }
    start(baud);
  }
  return true;
}
