/* How deep the stack went: fill what is free with a pattern, and look later where it was disturbed. */
#include "hil_internal.h"

#define PATTERN 0xC5A5C5A5u

#if defined(__GNUC__)
typedef uint32_t __attribute__((may_alias)) word;
#define HERE() ((uintptr_t)__builtin_frame_address(0))
#else
typedef uint32_t word;
#define HERE() ((uintptr_t)0)
#endif

/* As much of it is filled before each invocation: frames of layers are far smaller, and it is done for every sample. */
enum { FILLED_BYTES = 8192 };

/* Room for the painting function itself, and for what an ABI lets it keep below its stack pointer. */
enum { MARGIN = sizeof(void *) > 4 ? 192 : 64 };

static uintptr_t lowest(const hil_port *port) { return ((uintptr_t)port->stack_low + 3u) & ~(uintptr_t)3u; }

/* End of the free stack of a function whose frame is `here`; 0 for some other stack than the one that the port described. */
static uintptr_t free_end(const hil_port *port, uintptr_t here) {
  if (port->stack_low == 0 || here <= lowest(port) + MARGIN || here > (uintptr_t)port->stack_high) {
    return 0;
  }
  return (here - MARGIN) & ~(uintptr_t)3u;
}

/* Volatile: what lies below the stack pointer is dead memory to the compiler. */
static void fill(uintptr_t at, uintptr_t end, uint32_t pattern) {
  for (; at < end; at += 4u) {
    *(volatile word *)at = pattern;
  }
}

uintptr_t hil_stack_paint(const hil_port *port) {
  uintptr_t end = free_end(port, HERE());
  if (end != 0u) {
    fill(lowest(port), end, PATTERN);
  }
  return end;
}

void hil_stack_fill(const hil_port *port, uint8_t byte) {
  uintptr_t low = lowest(port), end = free_end(port, HERE());
  if (end != 0u) {
    fill(end - low > FILLED_BYTES ? end - FILLED_BYTES : low, end, byte * 0x01010101u);
  }
}

uint32_t hil_stack_used(const hil_port *port, uintptr_t painted_to, uintptr_t base) {
  uintptr_t at = lowest(port);
  while (at < painted_to && *(volatile const word *)at == PATTERN) {
    at += 4u;
  }
  return base > at ? (uint32_t)(base - at) : 0u;
}
