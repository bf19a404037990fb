/* STM32H743, H747 (its Cortex-M7) and their like: 400 MHz at VOS1, AXI and AHB 200 MHz, all APBs 100 MHz; both caches on.
 * Source: RM0433 (STM32H743) 4.3.12 (flash), 6.6.2 (supply), 8.7 (RCC). */
#include "cortex_m.h"
#include "hil_board.h"
#include "hil_caches.h"
#include "stm32_pin.h"

/* A clock signal (not a crystal) at OSC_IN, in MHz; 0: none, the internal oscillator is used. */
#ifndef HIL_HSE_MHZ
#define HIL_HSE_MHZ 0
#endif

#define RCC(offset) REGISTER(0x58024400u + (offset))
#define RCC_CR RCC(0x00u)
#define RCC_CFGR RCC(0x10u)
#define RCC_D1CFGR RCC(0x18u)
#define RCC_D2CFGR RCC(0x1Cu)
#define RCC_D3CFGR RCC(0x20u)
#define RCC_PLLCKSELR RCC(0x28u)
#define RCC_PLLCFGR RCC(0x2Cu)
#define RCC_PLL1DIVR RCC(0x30u)
#define RCC_D2CCIP2R RCC(0x54u)
#define RCC_RSR RCC(0xD0u)
#define RCC_AHB4ENR RCC(0xE0u)
#define RCC_APB4ENR RCC(0xF4u)
#define PWR_CSR1 REGISTER(0x58024804u)
#define PWR_CR3 REGISTER(0x5802480Cu)
#define PWR_D3CR REGISTER(0x58024818u)
#define SYSCFG_PWRCR REGISTER(0x5800042Cu)
#define FLASH_ACR REGISTER(0x52002000u)

enum { HSION = 1 << 0, HSIRDY = 1 << 2, HSIDIV = 3 << 3, HSEON = 1 << 16, HSERDY = 1 << 17, HSEBYP = 1 << 18, PLL1ON = 1 << 24, PLL1RDY = 1 << 25 };
enum { SW_MASK = 7, SW_PLL1 = 3, SWS_MASK = 7 << 3, SWS_PLL1 = 3 << 3 };
enum { ACTVOSRDY = 1 << 13, VOSRDY = 1 << 13, VOS1 = 3 << 14, SYSCFGEN = 1 << 1, ODEN = 1 << 0 };
enum { LATENCY_2_AT_200_MHZ = 2 | 2 << 4 };
enum { SOURCE_MASK = 3 | 63 << 4, SOURCE_HSE = 2, DIVM1 = 4, INPUT_MHZ = 2 };
enum { PLL1_MASK = 15, PLL1_INPUT_2_TO_4_MHZ = 1 << 2, DIVP1EN = 1 << 16 };
enum { RMVF = 1 << 16 };

/* How often to look for the external clock before going on without it: some 10 ms. */
enum { PATIENCE = 100000 };

#if HIL_HSE_MHZ
static bool external_clock(void) {
  RCC_CR |= (uint32_t)HSEBYP;
  RCC_CR |= (uint32_t)HSEON;
  for (uint32_t i = 0; i < (uint32_t)PATIENCE; i++) {
    if ((RCC_CR & (uint32_t)HSERDY) != 0u) {
      return true;
    }
  }
  return false;
}
#else
static bool external_clock(void) { return false; }
#endif

/* A boot loader may have left any of this otherwise than after reset: so back to HSI first. */
static void leave_pll(void) {
  RCC_CR |= (uint32_t)HSION;
  while ((RCC_CR & (uint32_t)HSIRDY) == 0u) {
  }
  RCC_CR &= ~(uint32_t)HSIDIV;
  RCC_CFGR &= ~(uint32_t)SW_MASK;
  while ((RCC_CFGR & (uint32_t)SWS_MASK) != 0u) {
  }
  RCC_CR &= ~(uint32_t)PLL1ON;
  while ((RCC_CR & (uint32_t)PLL1RDY) != 0u) {
  }
}

static void raise_voltage(void) {
#if defined(HIL_PWR_CR3)
  PWR_CR3 = (PWR_CR3 & ~7u) | (HIL_PWR_CR3); /* which regulator the board is made for; can be said once after power-on */
  while ((PWR_CSR1 & (uint32_t)ACTVOSRDY) == 0u) {
  }
#endif
  RCC_APB4ENR |= (uint32_t)SYSCFGEN;
  (void)RCC_APB4ENR;
  SYSCFG_PWRCR &= ~(uint32_t)ODEN;
  PWR_D3CR |= (uint32_t)VOS1;
  while ((PWR_D3CR & (uint32_t)VOSRDY) == 0u) {
  }
}

static void start_pll(void) {
  uint32_t source = 64u / (uint32_t)INPUT_MHZ << DIVM1; /* HSI, 64 MHz within 1 % */
  if (external_clock()) {
    source = (HIL_HSE_MHZ) / (uint32_t)INPUT_MHZ << DIVM1 | (uint32_t)SOURCE_HSE;
  }
  RCC_PLLCKSELR = (RCC_PLLCKSELR & ~(uint32_t)SOURCE_MASK) | source;
  RCC_PLLCFGR = (RCC_PLLCFGR & ~(uint32_t)PLL1_MASK) | (uint32_t)PLL1_INPUT_2_TO_4_MHZ | (uint32_t)DIVP1EN;
  RCC_PLL1DIVR = 1u << 24 | 1u << 16 | (2u - 1u) << 9 | (400u - 1u); /* 2 MHz * 400 / 2 */
  RCC_CR |= (uint32_t)PLL1ON;
  while ((RCC_CR & (uint32_t)PLL1RDY) == 0u) {
  }
}

static void give_pins(void) {
  RCC_D2CCIP2R &= ~0x3Fu; /* the USARTs' clock is their bus's */
  RCC_AHB4ENR |= 1u << (HIL_UART_GPIO_ENABLE_BIT);
  REGISTER(HIL_UART_ENABLE_REGISTER) |= 1u << (HIL_UART_ENABLE_BIT);
  (void)REGISTER(HIL_UART_ENABLE_REGISTER); /* the clock is on two cycles later */
  hil_stm32_pin(HIL_UART_GPIO_BASE, HIL_UART_TX_PIN, HIL_UART_PIN_FUNCTION);
  hil_stm32_pin(HIL_UART_GPIO_BASE, HIL_UART_RX_PIN, HIL_UART_PIN_FUNCTION);
}

void hil_clock_tree_open(void) {
  leave_pll();
  raise_voltage();
  start_pll();
  FLASH_ACR = (uint32_t)LATENCY_2_AT_200_MHZ;
  while ((FLASH_ACR & 0x3Fu) != (uint32_t)LATENCY_2_AT_200_MHZ) {
  }
  RCC_D1CFGR = 4u << 4 | 8u; /* core undivided, AXI and AHB by 2, APB3 by 2 */
  RCC_D2CFGR = 4u << 8 | 4u << 4;
  RCC_D3CFGR = 4u << 4;
  RCC_CFGR |= (uint32_t)SW_PLL1;
  while ((RCC_CFGR & (uint32_t)SWS_MASK) != (uint32_t)SWS_PLL1) {
  }
  give_pins();
  hil_caches_open();
}

uint16_t hil_reset_causes(void) {
  const uint32_t rsr = RCC_RSR;
  uint32_t causes = 0;
  causes |= (rsr & 1u << 23) != 0u ? (uint32_t)HIL_CAUSE_POWER_ON : 0u;
  /* The pin is low in every system reset, and power-on sets the brown-out flag too. */
  causes |= (rsr & (0x1Fu << 26 | 3u << 24 | 1u << 23 | 1u << 22 | 1u << 21)) == 1u << 22 ? (uint32_t)HIL_CAUSE_PIN : 0u;
  causes |= (rsr & (1u << 21 | 1u << 23)) == 1u << 21 ? (uint32_t)HIL_CAUSE_BROWN_OUT : 0u;
  causes |= (rsr & 3u << 24) != 0u ? (uint32_t)HIL_CAUSE_SOFTWARE : 0u;
  causes |= (rsr & 0xFu << 26) != 0u ? (uint32_t)HIL_CAUSE_WATCHDOG : 0u;
  RCC_RSR |= (uint32_t)RMVF;
  return (uint16_t)causes;
}
