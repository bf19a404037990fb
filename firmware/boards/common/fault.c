/* Collecting what the core knows when something goes wrong (docs/protocol.md, FAULT). */
#include "cortex_m.h"
#include "hil_board.h"

extern uint32_t __stack_low[], __stack_high[], __handler_stack_low[], __handler_stack_high[];
extern const uint8_t __text_start[], __text_end[];

void hil_fault_entry(void);
void hil_fault_main(uint32_t msp, uint32_t psp, uint32_t exc_return);

/* Goes to a stack of its own: either of the two others may be what failed. */
__attribute__((naked)) void hil_fault_entry(void) {
  __asm__ volatile(
      "mrs r0, msp\n"
      "mrs r1, psp\n"
      "mov r2, lr\n"
      "ldr r3, =__fault_stack_high\n"
      "mov sp, r3\n"
      "ldr r3, =hil_fault_main\n"
      "bx r3\n"
      ".ltorg\n");
}

__attribute__((used)) void hil_fault_main(uint32_t msp, uint32_t psp, uint32_t exc_return) {
  hil_board_report(msp, psp, exc_return, false);
}

static uint32_t exception_number(void) {
  uint32_t ipsr;
  __asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
  return ipsr & 0x1FFu;
}

/* Is the frame where it says, and was it really written? */
static bool stacked(const hil_cpu_state *cpu, uint32_t frame) {
  bool process = (cpu->exc_return & 4u) != 0u;
  uint32_t low = (uint32_t)(uintptr_t)(process ? __stack_low : __handler_stack_low);
  uint32_t high = (uint32_t)(uintptr_t)(process ? __stack_high : __handler_stack_high);
  if ((frame & 3u) != 0u || frame < low || frame > high - 32u) {
    return false;
  }
  if ((cpu->fault[0] & (uint32_t)(CFSR_STKERR | CFSR_MSTKERR)) != 0u) {
    return false;
  }
  /* Armv8-M: where stacking itself met the limit, it leaves the pointer exactly there. */
  return (cpu->fault[0] & (uint32_t)CFSR_STKOF) == 0u || frame > low;
}

static bool in_text(uint32_t address) {
  return address >= (uint32_t)(uintptr_t)__text_start && address < (uint32_t)(uintptr_t)__text_end;
}

static uint32_t halfword(uint32_t address) { return *(const volatile uint16_t *)(uintptr_t)address; }

static bool follows_call(uint32_t address) {
  if ((halfword(address - 2u) & 0xFF87u) == 0x4780u) {
    return true; /* BLX register */
  }
  return (halfword(address - 4u) & 0xF800u) == 0xF000u && (halfword(address - 2u) & 0xD000u) == 0xD000u; /* BL */
}

/* After an overflow no registers were stacked. But the deepest return address that is left on the stack lies, in
 * nearly every case, in the function that ran away. */
static uint32_t guessed_pc(void) {
  for (uint32_t *at = __stack_low; at < __stack_low + 1024 && at < __stack_high; at++) {
    uint32_t to = *at & ~1u;
    if ((*at & 1u) != 0u && in_text(to) && in_text(to - 4u) && follows_call(to)) {
      return to;
    }
  }
  return 0;
}

static void read_fault_registers(hil_cpu_state *cpu) {
#if HAS_V7M_FAULTS
  cpu->fault[0] = CFSR;
  cpu->fault[1] = HFSR;
  cpu->fault[2] = MMFAR;
  cpu->fault[3] = BFAR;
  cpu->fault[4] = AFSR;
  cpu->flags |= HIL_FAULT_V7M;
#endif
#if HAS_V8M_MAINLINE
  cpu->fault[5] = SFSR;
  cpu->fault[6] = SFAR;
  cpu->flags |= HIL_FAULT_V8M;
#endif
  (void)cpu;
}

void hil_board_report(uint32_t msp, uint32_t psp, uint32_t exc_return, bool hang) {
  hil_cpu_state cpu = {0};
  uint32_t frame = (exc_return & 4u) != 0u ? psp : msp;
  cpu.kind = exception_number();
  cpu.exc_return = exc_return;
  cpu.msp = msp;
  cpu.psp = psp;
  read_fault_registers(&cpu);
  if (stacked(&cpu, frame)) {
    const uint32_t *registers = (const uint32_t *)(uintptr_t)frame;
    for (uint32_t i = 0; i < 8u; i++) {
      cpu.stacked[i] = registers[i];
    }
    cpu.flags |= HIL_FAULT_STACKED;
  } else {
    cpu.stacked[6] = guessed_pc();
    cpu.flags |= cpu.stacked[6] != 0u ? (uint32_t)HIL_FAULT_PC_GUESSED : 0u;
  }
  if (hil_board_agent != 0) {
    if (hang) {
      hil_agent_on_hang(hil_board_agent, &cpu);
    } else {
      hil_agent_on_fault(hil_board_agent, &cpu);
    }
  }
  for (;;) {
  }
}

void hil_board_end(uint32_t kind, uint32_t return_address) {
  hil_cpu_state cpu = {0};
  cpu.kind = kind;
  cpu.stacked[5] = return_address;
  cpu.stacked[6] = (return_address & ~1u) - 2u; /* in the call itself: what follows it may be another function */
  __asm__ volatile("mrs %0, msp" : "=r"(cpu.msp));
  __asm__ volatile("mrs %0, psp" : "=r"(cpu.psp));
  cpu.flags = HIL_FAULT_STACKED;
  if (hil_board_agent != 0) {
    hil_agent_on_fault(hil_board_agent, &cpu);
  }
  for (;;) {
  }
}
