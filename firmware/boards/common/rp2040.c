/* RP2040: 125 MHz from a crystal of 12 MHz; UART0 on GP0 and GP1. Source: RP2040 Datasheet 2.8, 2.12.7 (resets), 2.14, 2.15
 * (clocks), 2.16 (crystal), 2.18 (PLL), 2.19 (pins). */
#include "cortex_m.h"
#include "hil_board.h"

#define RESETS REGISTER(0x4000C000u)
#define RESETS_DONE REGISTER(0x4000C008u)
#define CLK_REF(offset) REGISTER(0x40008030u + (offset))
#define CLK_SYS(offset) REGISTER(0x4000803Cu + (offset))
#define CLK_PERI_CTRL REGISTER(0x40008048u)
#define XOSC(offset) REGISTER(0x40024000u + (offset))
#define PLL(offset) REGISTER(0x40028000u + (offset))
#define PIN_CTRL(pin) REGISTER(0x40014004u + 8u * (pin))
#define PAD(pin) REGISTER(0x4001C004u + 4u * (pin))
#define CHIP_RESET REGISTER(0x40064008u)
#define WATCHDOG_REASON REGISTER(0x40058008u)

enum { CTRL = 0, DIV = 4, SELECTED = 8 };
enum { IO_BANK0 = 1 << 5, PADS_BANK0 = 1 << 8, PLL_SYS = 1 << 12, UART0 = 1 << 22 };
enum { REF_FROM_XOSC = 2, SYS_FROM_AUX = 1, UNDIVIDED = 1 << 8, PERI_ENABLED = 1 << 11, FUNCTION_UART = 2 };
enum { PAD_INPUT_PULLED_UP = 1 << 6 | 1 << 4 | 1 << 3 | 1 << 1 }; /* as after reset, but up */
enum { XOSC_CTRL = 0x0, XOSC_STATUS = 0x4, XOSC_STARTUP = 0xC, XOSC_ON = 0xFAB << 12, XOSC_1_TO_15_MHZ = 0xAA0, START_1_MS = 47 };
enum { PLL_CS = 0x0, PLL_PWR = 0x4, PLL_FBDIV = 0x8, PLL_PRIM = 0xC, PWR_ALL_OFF = 0x2D, PWR_OUTPUT_OFF = 1 << 3 | 1 << 2, PWR_ON = 1 << 2 };
#define STABLE (1u << 31)

static void out_of_reset(uint32_t parts) {
  RESETS &= ~parts;
  while ((RESETS_DONE & parts) != parts) {
  }
}

/* A debugger's reset leaves the clocks as they are: so the core comes off the PLL first. */
void hil_clock_tree_open(void) {
  CLK_SYS(CTRL) &= ~(uint32_t)SYS_FROM_AUX;
  while (CLK_SYS(SELECTED) != 1u) {
  }
  XOSC(XOSC_STARTUP) = START_1_MS;
  XOSC(XOSC_CTRL) = (uint32_t)XOSC_ON | (uint32_t)XOSC_1_TO_15_MHZ;
  while ((XOSC(XOSC_STATUS) & STABLE) == 0u) {
  }
  CLK_REF(DIV) = UNDIVIDED;
  CLK_REF(CTRL) = REF_FROM_XOSC;
  while (CLK_REF(SELECTED) != 1u << REF_FROM_XOSC) {
  }

  RESETS |= (uint32_t)PLL_SYS;
  out_of_reset((uint32_t)PLL_SYS | (uint32_t)IO_BANK0 | (uint32_t)PADS_BANK0 | (uint32_t)UART0);
  PLL(PLL_PWR) = PWR_ALL_OFF;
  PLL(PLL_CS) = 1;
  PLL(PLL_FBDIV) = 125; /* 12 MHz * 125 / 6 / 2 */
  PLL(PLL_PWR) = PWR_OUTPUT_OFF;
  while ((PLL(PLL_CS) & STABLE) == 0u) {
  }
  PLL(PLL_PRIM) = 6u << 16 | 2u << 12;
  PLL(PLL_PWR) = PWR_ON;

  CLK_SYS(DIV) = UNDIVIDED;
  CLK_SYS(CTRL) = 0; /* the PLL behind the switch, before it is turned */
  CLK_SYS(CTRL) = SYS_FROM_AUX;
  while (CLK_SYS(SELECTED) != 1u << SYS_FROM_AUX) {
  }
  CLK_PERI_CTRL = PERI_ENABLED;
  PIN_CTRL(HIL_UART_TX_PIN) = FUNCTION_UART;
  PIN_CTRL(HIL_UART_RX_PIN) = FUNCTION_UART;
  PAD(HIL_UART_RX_PIN) = PAD_INPUT_PULLED_UP;
}

/* Power-on and brown-out are one flag. The chip does not tell a reset by the core itself. */
uint16_t hil_reset_causes(void) {
  const uint32_t chip = CHIP_RESET;
  uint32_t causes = 0;
  if (WATCHDOG_REASON != 0u) {
    return HIL_CAUSE_WATCHDOG;
  }
  causes |= (chip & 1u << 8) != 0u ? (uint32_t)HIL_CAUSE_POWER_ON : 0u;
  causes |= (chip & 1u << 16) != 0u ? (uint32_t)HIL_CAUSE_PIN : 0u;
  causes |= (chip & 1u << 20) != 0u ? (uint32_t)HIL_CAUSE_DEBUGGER : 0u;
  return (uint16_t)causes;
}
