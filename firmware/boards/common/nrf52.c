/* nRF52840: the core always runs at 64 MHz; its crystal makes that exact. Source: nRF52840 Product Specification 4.3
 * (NVMC), 5.3 (POWER), 5.4 (CLOCK), 6.9 (GPIO). */
#include "cortex_m.h"
#include "hil_board.h"

#define TASKS_HFCLKSTART REGISTER(0x40000000u)
#define EVENTS_HFCLKSTARTED REGISTER(0x40000100u)
#define RESETREAS REGISTER(0x40000400u)
#define ICACHECNF REGISTER(0x4001E540u)
/* Pins 32 and up are those of port 1. */
#define GPIO(pin, offset) REGISTER(((pin) >= 32u ? 0x50000300u : 0x50000000u) + (offset))
#define OUTSET(pin) GPIO(pin, 0x508u)
#define PIN_CNF(pin) GPIO(pin, 0x700u + 4u * ((pin) % 32u))

enum { CNF_OUTPUT = 1 | 1 << 1, CNF_INPUT_PULLED_UP = 3 << 2 };

/* How often to look for the crystal before going on with the RC oscillator, which is exact to 1.5 %: some 20 ms. */
enum { PATIENCE = 100000 };

void hil_clock_tree_open(void) {
  EVENTS_HFCLKSTARTED = 0;
  TASKS_HFCLKSTART = 1;
  for (uint32_t i = 0; i < (uint32_t)PATIENCE && EVENTS_HFCLKSTARTED == 0u; i++) {
  }
  ICACHECNF = 1;
  OUTSET(HIL_UART_TX_PIN) = 1u << (HIL_UART_TX_PIN % 32u);
  PIN_CNF(HIL_UART_TX_PIN) = CNF_OUTPUT;
  PIN_CNF(HIL_UART_RX_PIN) = CNF_INPUT_PULLED_UP;
}

/* Nothing is set by power-on and brown-out; nor where a boot loader has cleared it. */
uint16_t hil_reset_causes(void) {
  const uint32_t reasons = RESETREAS;
  uint32_t causes = 0;
  causes |= (reasons & 1u << 0) != 0u ? (uint32_t)HIL_CAUSE_PIN : 0u;
  causes |= (reasons & 1u << 1) != 0u ? (uint32_t)HIL_CAUSE_WATCHDOG : 0u;
  causes |= (reasons & 1u << 2) != 0u ? (uint32_t)HIL_CAUSE_SOFTWARE : 0u;
  causes |= (reasons & 1u << 3) != 0u ? (uint32_t)HIL_CAUSE_LOCKUP : 0u;
  causes |= (reasons & 1u << 18) != 0u ? (uint32_t)HIL_CAUSE_DEBUGGER : 0u;
  RESETREAS = reasons; /* written ones clear */
  return (uint16_t)causes;
}
