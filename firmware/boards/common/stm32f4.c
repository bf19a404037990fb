/* STM32F405, F407, F446 and their like: 168 MHz, APB1 42 MHz, APB2 84 MHz.
 * Source: RM0390 (STM32F446) 3.4, 5.1.4, 6.3; RM0090 (STM32F405) 3.5, 7.3. */
#include "cortex_m.h"
#include "hil_board.h"
#include "stm32_pin.h"

/* A clock signal (not a crystal) at OSC_IN, in MHz; 0: none, the internal oscillator is used. */
#ifndef HIL_HSE_MHZ
#define HIL_HSE_MHZ 0
#endif

#define RCC(offset) REGISTER(0x40023800u + (offset))
#define RCC_CR RCC(0x00u)
#define RCC_PLLCFGR RCC(0x04u)
#define RCC_CFGR RCC(0x08u)
#define RCC_AHB1ENR RCC(0x30u)
#define RCC_CSR RCC(0x74u)
#define FLASH_ACR REGISTER(0x40023C00u)

enum { HSION = 1 << 0, HSIRDY = 1 << 1, HSEON = 1 << 16, HSERDY = 1 << 17, HSEBYP = 1 << 18, PLLON = 1 << 24, PLLRDY = 1 << 25 };
enum { SW_PLL = 2, SWS_MASK = 3 << 2, SWS_PLL = 2 << 2, APB1_BY_4 = 5 << 10, APB2_BY_2 = 4 << 13 };
enum { ACR_5_WAITS = 5, ACR_PREFETCH_AND_CACHES = 7 << 8 };
enum { PLL_N = 168, PLL_Q = 7, PLLSRC_HSE = 1 << 22, INPUT_MHZ = 2 };
enum { RMVF = 1 << 24 };

/* How often to look for the external clock before going on without it: some 50 ms. */
enum { PATIENCE = 200000 };

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

static void give_pins(void) {
  RCC_AHB1ENR |= 1u << (HIL_UART_GPIO_ENABLE_BIT);
  REGISTER(HIL_UART_ENABLE_REGISTER) |= 1u << (HIL_UART_ENABLE_BIT);
  (void)REGISTER(HIL_UART_ENABLE_REGISTER); /* the clock is on two cycles later */
  hil_stm32_pin(HIL_UART_GPIO_BASE, HIL_UART_TX_PIN, HIL_UART_PIN_FUNCTION);
  hil_stm32_pin(HIL_UART_GPIO_BASE, HIL_UART_RX_PIN, HIL_UART_PIN_FUNCTION);
}

/* Voltage scale 1 and no over-drive, as after reset: enough for 168 MHz. */
void hil_clock_tree_open(void) {
  uint32_t divide_by = 16u / (uint32_t)INPUT_MHZ, source = 0; /* HSI, 16 MHz within 1 % */
  RCC_CR |= (uint32_t)HSION;
  while ((RCC_CR & (uint32_t)HSIRDY) == 0u) {
  }
  RCC_CFGR = 0; /* on HSI, all undivided */
  while ((RCC_CFGR & (uint32_t)SWS_MASK) != 0u) {
  }
  RCC_CR &= ~(uint32_t)PLLON;
  while ((RCC_CR & (uint32_t)PLLRDY) != 0u) {
  }
  if (external_clock()) {
    divide_by = (HIL_HSE_MHZ) / (uint32_t)INPUT_MHZ;
    source = (uint32_t)PLLSRC_HSE;
  }
  /* 2 MHz * 168 / 2 (the P field's 0) = 168 MHz; Q is USB's. R, where there is one, as after reset. */
  RCC_PLLCFGR = 2u << 28 | (uint32_t)PLL_Q << 24 | source | (uint32_t)PLL_N << 6 | divide_by;
  RCC_CR |= (uint32_t)PLLON;
  FLASH_ACR = (uint32_t)ACR_5_WAITS | (uint32_t)ACR_PREFETCH_AND_CACHES;
  while ((RCC_CR & (uint32_t)PLLRDY) == 0u || (FLASH_ACR & 15u) != (uint32_t)ACR_5_WAITS) {
  }
  RCC_CFGR = (uint32_t)APB1_BY_4 | (uint32_t)APB2_BY_2;
  RCC_CFGR |= (uint32_t)SW_PLL;
  while ((RCC_CFGR & (uint32_t)SWS_MASK) != (uint32_t)SWS_PLL) {
  }
  give_pins();
}

uint16_t hil_reset_causes(void) {
  const uint32_t csr = RCC_CSR;
  uint32_t causes = 0;
  causes |= (csr & 1u << 27) != 0u ? (uint32_t)HIL_CAUSE_POWER_ON : 0u;
  /* The pin is low in every reset, and power-on sets the brown-out flag too. */
  causes |= (csr & 0xFEu << 24) == 1u << 26 ? (uint32_t)HIL_CAUSE_PIN : 0u;
  causes |= (csr & (1u << 25 | 1u << 27)) == 1u << 25 ? (uint32_t)HIL_CAUSE_BROWN_OUT : 0u;
  causes |= (csr & 1u << 28) != 0u ? (uint32_t)HIL_CAUSE_SOFTWARE : 0u;
  causes |= (csr & (1u << 29 | 1u << 30)) != 0u ? (uint32_t)HIL_CAUSE_WATCHDOG : 0u;
  RCC_CSR |= (uint32_t)RMVF;
  return (uint16_t)causes;
}
