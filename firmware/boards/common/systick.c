/* A 64-bit clock made of SysTick's 24 bits and its interrupt, which also looks for endless invocations. */
#include "cortex_m.h"
#include "hil_board.h"

void hil_systick_entry(void);
void hil_systick_main(uint32_t msp, uint32_t psp, uint32_t exc_return);

static volatile uint32_t wraps;
static volatile uint64_t base;

void hil_clock_open(void) {
  SYST_CSR = 0;
  SYST_RVR = 0xFFFFFFu;
  SYST_CVR = 0;
  SHPR3 |= 0xFFu << 24; /* the least urgent of all */
  SYST_CSR = 7u;        /* core clock, interrupt, on */
}

/* The counter runs down, and its interrupt comes when it reaches 0: so that is where a period begins. The interrupt may
 * be late or held back; the pending bit, looked at after the counter, tells whether it is still owed. */
uint64_t hil_clock_now(void *ctx) {
  uint32_t seen, periods, count;
  uint64_t start;
  (void)ctx;
  do {
    seen = periods = wraps;
    start = base;
    count = SYST_CVR;
    if ((ICSR & (uint32_t)ICSR_PENDSTSET) != 0u) {
      count = SYST_CVR;
      periods++;
    }
  } while (seen != wraps);
  return start + ((uint64_t)periods << 24) + ((0u - count) & 0xFFFFFFu);
}

/* Any write sets the counter to 0, a period's beginning. */
void hil_clock_settle(void *ctx) {
  uint64_t now;
  uint32_t primask;
  __asm__ volatile("mrs %0, primask\n cpsid i" : "=r"(primask) : : "memory");
  now = hil_clock_now(ctx);
  SYST_CVR = 0;
  ICSR = (uint32_t)ICSR_PENDSTCLR;
  base = now;
  wraps = 0;
  __asm__ volatile("msr primask, %0" : : "r"(primask) : "memory");
}

/* The stacked frame must be found before C code moves the stack pointer. */
__attribute__((naked)) void hil_systick_entry(void) {
  __asm__ volatile(
      "mrs r0, msp\n"
      "mrs r1, psp\n"
      "mov r2, lr\n"
      "ldr r3, =hil_systick_main\n"
      "bx r3\n"
      ".ltorg\n");
}

__attribute__((used)) void hil_systick_main(uint32_t msp, uint32_t psp, uint32_t exc_return) {
  wraps++;
  if (hil_board_agent != 0 && hil_agent_on_timer(hil_board_agent)) {
    hil_board_report(msp, psp, exc_return, true);
  }
}

uint16_t hil_clock_other_counters(void) {
#if HAS_V7M_FAULTS
  uint32_t before;
  DEMCR |= 1u << 24;
  DWT_LAR = 0xC5ACCE55u; /* Cortex-M7 keeps it locked; others ignore this */
  DWT_CTRL |= 1u;
  before = DWT_CYCCNT;
  for (uint32_t i = 0; i < 100u; i++) {
    if (DWT_CYCCNT != before) {
      return HIL_COUNTER_DWT;
    }
  }
#endif
  return 0;
}
