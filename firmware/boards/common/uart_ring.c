/* What the UART receives while the agent computes or answers: kept in a ring that its interrupt fills, so that
 * HIL_RX_WINDOW is what the board really holds. Without HIL_UART_IRQ the UART is only looked at when the agent reads. */
#include "cortex_m.h"
#include "hil_uart.h"

#if defined(HIL_UART_IRQ)

typedef char ring_is_a_power_of_two[((HIL_RX_WINDOW) & ((HIL_RX_WINDOW)-1)) == 0 ? 1 : -1];

static uint8_t ring[HIL_RX_WINDOW];
/* Counted on for ever: received minus taken is what the ring holds. One side writes each of them. */
static volatile uint32_t received, taken;

void hil_uart_listen(void) { NVIC_ISER((uint32_t)(HIL_UART_IRQ) / 32u) = 1u << ((uint32_t)(HIL_UART_IRQ) % 32u); }

/* A byte that finds the ring full is dropped: the frame's CRC tells the host. */
void hil_uart_interrupt(void) {
  uint8_t byte;
  while (hil_uart_receive(&byte)) {
    if (received - taken < (HIL_RX_WINDOW)) {
      ring[received % (HIL_RX_WINDOW)] = byte;
      received++;
    }
  }
}

uint32_t hil_uart_read(void *ctx, uint8_t *bytes, uint32_t room) {
  uint32_t n = 0;
  (void)ctx;
  while (n < room && taken != received) {
    bytes[n++] = ring[taken % (HIL_RX_WINDOW)];
    taken++;
  }
  return n;
}

#else

void hil_uart_listen(void) {}

uint32_t hil_uart_read(void *ctx, uint8_t *bytes, uint32_t room) {
  uint32_t n = 0;
  (void)ctx;
  while (n < room && hil_uart_receive(&bytes[n])) {
    n++;
  }
  return n;
}

#endif
