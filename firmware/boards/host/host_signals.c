#define _GNU_SOURCE 1 /* names of the registers in ucontext_t */
#include "host_signals.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

#include "hil_board.h"

enum { FAULT_STACK_BYTES = 64 * 1024 };

static uint8_t fault_stack[FAULT_STACK_BYTES];
static volatile sig_atomic_t in_signal;

bool hil_host_in_signal(void) { return in_signal != 0; }

/* FAULT has 32-bit fields: the image is linked below 4 GiB, so that a PC in it is whole. */
static void registers(hil_cpu_state *cpu, const ucontext_t *u) {
#if defined(__x86_64__)
  cpu->stacked[6] = (uint32_t)u->uc_mcontext.gregs[REG_RIP];
  cpu->psp = (uint32_t)u->uc_mcontext.gregs[REG_RSP];
  cpu->flags |= HIL_FAULT_STACKED;
#elif defined(__aarch64__)
  cpu->stacked[5] = (uint32_t)u->uc_mcontext.regs[30];
  cpu->stacked[6] = (uint32_t)u->uc_mcontext.pc;
  cpu->psp = (uint32_t)u->uc_mcontext.sp;
  cpu->flags |= HIL_FAULT_STACKED;
#else
  (void)cpu;
  (void)u;
#endif
}

/* As a board does, it stops for good, but it must not outlive its host. */
__attribute__((noreturn)) static void stop(void) {
  uint8_t byte;
  ssize_t n;
  do {
    n = read(STDIN_FILENO, &byte, 1);
  } while (n > 0 || (n < 0 && errno == EINTR));
  _exit(3);
}

enum { RED_ZONE_BYTES = 256, LARGEST_FRAME_BYTES = 256 * 1024 };

/* The access that failed is one of the present function to its own frame, and far below where the stack began. */
static bool stack_overflowed(const siginfo_t *info, const ucontext_t *u) {
  uintptr_t at = (uintptr_t)info->si_addr, sp = 0;
#if defined(__x86_64__)
  sp = (uintptr_t)u->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  sp = (uintptr_t)u->uc_mcontext.sp;
#else
  (void)u;
#endif
  return at + RED_ZONE_BYTES >= sp && at < sp + LARGEST_FRAME_BYTES && at < (uintptr_t)hil_board_agent->port->stack_low;
}

static hil_cpu_state collect(int number, const siginfo_t *info, const void *context) {
  hil_cpu_state cpu = {0};
  cpu.kind = (uint32_t)number;
  cpu.flags = HIL_FAULT_SIGNAL;
  registers(&cpu, (const ucontext_t *)context);
  if (number == SIGSEGV || number == SIGBUS) {
    cpu.fault[3] = (uint32_t)(uintptr_t)info->si_addr; /* as BFAR */
    if (stack_overflowed(info, (const ucontext_t *)context)) {
      cpu.flags |= HIL_FAULT_PC_GUESSED;
    }
  }
  return cpu;
}

static void on_fault(int number, siginfo_t *info, void *context) {
  hil_cpu_state cpu = collect(number, info, context);
  in_signal = 1;
  hil_agent_on_fault(hil_board_agent, &cpu);
  stop();
}

static void on_timer(int number, siginfo_t *info, void *context) {
  int saved = errno;
  in_signal = 1;
  if (hil_agent_on_timer(hil_board_agent)) {
    hil_cpu_state cpu = collect(number, info, context);
    hil_agent_on_hang(hil_board_agent, &cpu);
    stop();
  }
  in_signal = 0;
  errno = saved;
}

void hil_host_catch_signals(void) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
  const stack_t apart = {.ss_sp = fault_stack, .ss_size = sizeof fault_stack};
  struct sigaction act = {0};
  (void)sigaltstack(&apart, 0);
  act.sa_sigaction = on_fault;
  act.sa_flags = SA_SIGINFO | SA_ONSTACK;
  (void)sigemptyset(&act.sa_mask);
  (void)sigaddset(&act.sa_mask, SIGALRM);
  for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    (void)sigaction(faults[i], &act, 0);
  }
  act.sa_sigaction = on_timer;
  act.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  (void)sigaction(SIGALRM, &act, 0);
}

/* The code under test ended itself by a call. exit() is left alone: the process ends, and its host sees that. */
__attribute__((noreturn)) static void end(uint32_t kind, uint32_t return_address) {
  hil_cpu_state cpu = {0};
  if (hil_board_agent == 0) {
    (void)signal(SIGABRT, SIG_DFL);
    (void)raise(SIGABRT);
    _exit(3);
  }
  cpu.kind = kind;
  cpu.stacked[5] = return_address;
  cpu.stacked[6] = return_address - 1u; /* in the call itself: what follows it may be another function */
  cpu.flags = HIL_FAULT_STACKED;
  hil_agent_on_fault(hil_board_agent, &cpu);
  stop();
}

static void block_timer(void) {
  sigset_t alarm;
  (void)sigemptyset(&alarm);
  (void)sigaddset(&alarm, SIGALRM);
  (void)sigprocmask(SIG_BLOCK, &alarm, 0);
}

#define CALLER() ((uint32_t)(uintptr_t)__builtin_return_address(0))

/* glibc's assert() calls this. */
void __assert_fail(const char *expression, const char *file, unsigned line, const char *function) {
  uint32_t caller = CALLER();
  block_timer();
  (void)printf("\nassertion \"%.200s\" failed: file \"%.200s\", line %u, function: %.200s\n", expression, file, line, function);
  end(HIL_KIND_ASSERT, caller);
}

void abort(void) {
  uint32_t caller = CALLER();
  block_timer();
  (void)printf("\nabort() was called\n");
  end(HIL_KIND_EXIT, caller);
}
