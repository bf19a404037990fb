/* Alif Ensemble E7, the core RTSS-HE. The secure enclave starts it at 160 MHz; a UART of the shared peripherals, clocked by
 * SYST_PCLK (100 MHz); both caches on. How the last reset came about is not public. Source: Alif's public CMSIS pack
 * (soc.h, sys_ctrl_uart.h, sys_clocks.h, pinconf.c, mpu.c of alif_ensemble-cmsis-dfp). */
#include "cortex_m.h"
#include "hil_board.h"
#include "hil_caches.h"

#define EXPMST0_CTRL REGISTER(0x4902F000u)
#define UART_CTRL REGISTER(0x4902F008u)
#define PIN(port, pin) REGISTER(0x1A603000u + 32u * (port) + 4u * (pin))
#define MPU_RLAR REGISTER(0xE000EDA0u)
#define MPU_MAIR0 REGISTER(0xE000EDC0u)

#define FORCE_CLOCKS (3u << 30)
enum { PAD_4_MA_PULL_UP = 0x28 << 16, PAD_READ = 1 << 16 };

/* Pins and power control lie where the core would expect memory, and cache it: say that they are no memory. */
static void open_mpu(void) {
  MPU_MAIR0 = 0x04u; /* attribute 0: device, early acknowledge */
  MPU_RNR = 0;
  MPU_RBAR = 0x1A000000u | 1u;      /* read and write, never executed */
  MPU_RLAR = 0x1AFFFFE0u | 0u | 1u; /* attribute 0, on */
  MPU_CTRL = 5u;                    /* on; the usual map everywhere else */
  __asm__ volatile("dsb\n isb");
}

void hil_clock_tree_open(void) {
  open_mpu();
  EXPMST0_CTRL |= FORCE_CLOCKS;
  UART_CTRL |= 1u << (HIL_UART_NUMBER) | 1u << ((HIL_UART_NUMBER) + 8u); /* on, from SYST_PCLK */
  PIN(HIL_UART_PORT, HIL_UART_TX_PIN) = (uint32_t)PAD_4_MA_PULL_UP | (HIL_UART_PIN_FUNCTION);
  PIN(HIL_UART_PORT, HIL_UART_RX_PIN) = (uint32_t)PAD_4_MA_PULL_UP | (uint32_t)PAD_READ | (HIL_UART_PIN_FUNCTION);
  hil_caches_open();
}
