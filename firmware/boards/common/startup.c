/* From reset to main(): vectors, core set-up, memory.
 *
 * The code under test runs on the process stack and handlers on the main stack. So a fault can still be reported when
 * the stack has overflowed, and an interrupt's own frames never show in the stack's high-water mark. */
#include <stdint.h>

#include "cortex_m.h"

extern uint32_t __stack_low[], __stack_high[], __handler_stack_high[];
extern uint32_t __data_start[], __data_end[], __data_load[];
extern uint32_t __bss_start[], __bss_end[], __bss_big_start[], __bss_big_end[], __bss_far_start[], __bss_far_end[];
extern void (*const __init_array_start[])(void);
extern void (*const __init_array_end[])(void);

int main(void);
void hil_reset(void);
void hil_core_setup(void);
void hil_start(void) __attribute__((noreturn));
void hil_fault_entry(void);
void hil_systick_entry(void);
void hil_uart_interrupt(void);

typedef void (*vector)(void);

#define FOUR hil_fault_entry, hil_fault_entry, hil_fault_entry, hil_fault_entry
#define SIXTEEN FOUR, FOUR, FOUR, FOUR

#if defined(HIL_MANY_IRQS) /* more than 96, at most 160 */
#define IRQS 160
#define REST , SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN
#else
#define IRQS 96
#define REST
#endif

typedef struct vector_table {
  uint32_t *stack;
  vector handlers[15 + IRQS];
} vector_table;

/* No interrupts but SysTick's and perhaps the UART's are ever enabled: any other that comes is reported as a fault of that
 * number. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
__attribute__((section(".vectors"), used)) const vector_table hil_vectors = {
    __handler_stack_high,
    {hil_reset, hil_fault_entry, hil_fault_entry, hil_fault_entry, hil_fault_entry, hil_fault_entry, hil_fault_entry,
     hil_fault_entry, hil_fault_entry, hil_fault_entry, hil_fault_entry, hil_fault_entry, hil_fault_entry,
     hil_fault_entry, hil_systick_entry, SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN REST
#if defined(HIL_UART_IRQ)
     , [15 + (HIL_UART_IRQ)] = hil_uart_interrupt
#endif
    }};
#pragma GCC diagnostic pop

/* A boot loader may have left its own stack in use, and interrupts off. The last write to CONTROL comes after that to CCR:
 * only it makes QEMU 7.2 notice UNALIGN_TRP. */
__attribute__((naked)) void hil_reset(void) {
  __asm__ volatile(
      "movs r0, #0\n"
      "msr control, r0\n"
      "isb\n"
      "ldr r0, =__handler_stack_high\n"
      "msr msp, r0\n"
      "bl hil_core_setup\n"
      "cpsie i\n"
      "ldr r0, =__stack_high\n"
      "msr psp, r0\n"
#if HAS_V8M_MAINLINE
      "ldr r0, =__stack_low\n"
      "msr psplim, r0\n"
#endif
      "movs r0, #2\n"
      "msr control, r0\n"
      "isb\n"
      "bl hil_start\n"
      ".ltorg\n");
}

#if defined(HIL_HOLES)
typedef struct hole {
  uint32_t base;
  uint32_t log2_bytes;
} hole;

/* Makes addresses fault that hold nothing (PMSAv7). QEMU's mps2 machines let any access to reserved ranges pass, among
 * them the one below the stack. */
static void close_holes(void) {
  static const hole holes[] = {HIL_HOLES};
  if (((MPU_TYPE >> 8) & 0xFFu) < sizeof holes / sizeof holes[0]) {
    return;
  }
  for (uint32_t i = 0; i < sizeof holes / sizeof holes[0]; i++) {
    MPU_RNR = i;
    MPU_RBAR = holes[i].base;
    MPU_RASR = (1u << 28) | ((holes[i].log2_bytes - 1u) << 1) | 1u; /* never executable, no access, on */
  }
  MPU_CTRL = 5u; /* on; the usual map everywhere else */
  __asm__ volatile("dsb\n isb");
}
#endif

#if defined(HIL_BOOT_LOADER)
/* What ran before may have left interrupts and an MPU behind, which would hit code that knows nothing of them. */
static void silence_boot_loader(void) {
  SYST_CSR = 0;
  for (uint32_t i = 0; i < (IRQS + 31u) / 32u; i++) {
    NVIC_ICER(i) = 0xFFFFFFFFu;
    NVIC_ICPR(i) = 0xFFFFFFFFu;
  }
  ICSR = (uint32_t)ICSR_PENDSTCLR | (uint32_t)ICSR_PENDSVCLR;
#if HAS_V7M_FAULTS
  MPU_CTRL = 0;
  __asm__ volatile("msr basepri, %0\n msr faultmask, %0" : : "r"(0));
#endif
  __asm__ volatile("dsb\n isb");
}
#endif

/* Apart from the rest: a compiler may use the FPU even to clear memory, so it must be on before that code begins. */
void hil_core_setup(void) {
#if defined(HIL_BOOT_LOADER)
  silence_boot_loader();
#endif
#if HAS_V7M_FAULTS || defined(HIL_HAS_VTOR)
  VTOR = (uint32_t)(uintptr_t)&hil_vectors;
#endif
#if HAS_V7M_FAULTS
  SHCSR |= (uint32_t)SHCSR_FAULTS; /* their own exception numbers in place of HardFault's */
  CCR |= (uint32_t)CCR_DIV_0_TRP;
#endif
#if defined(HIL_HOLES)
  close_holes();
#endif
#if defined(HIL_TRAP_UNALIGNED)
  CCR |= (uint32_t)CCR_UNALIGN_TRP;
#endif
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\n isb");
#endif
#if defined(__ARM_ARCH_8_1M_MAIN__)
  CCR |= (uint32_t)CCR_LOB;
#endif
}

static void zero(uint32_t *from, const uint32_t *to) {
  while (from < to) {
    *from++ = 0;
  }
}

void hil_start(void) {
  const uint32_t *load = __data_load;
  for (uint32_t *at = __data_start; at < __data_end; at++) {
    *at = *load++;
  }
  zero(__bss_start, __bss_end);
  zero(__bss_big_start, __bss_big_end);
  zero(__bss_far_start, __bss_far_end);
  for (uint32_t i = 0; i < (uint32_t)(__init_array_end - __init_array_start); i++) {
    __init_array_start[i]();
  }
  (void)main();
  for (;;) {
  }
}
