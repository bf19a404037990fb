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

/* Room for the painting function itself, and for what an ABI lets it keep below its stack pointer. */
enum { MARGIN = sizeof(void *) > 4 ? 192 : 64 };

static uintptr_t lowest(const hil_port *port) { return ((uintptr_t)port->stack_low + 3u) & ~(uintptr_t)3u; }

uintptr_t hil_stack_paint(const hil_port *port) {
  uintptr_t here = HERE(), low = lowest(port), end = (here - MARGIN) & ~(uintptr_t)3u;
  /* Some other stack than the one that the port described is left alone. */
  if (port->stack_low == 0 || here <= low + MARGIN || here > (uintptr_t)port->stack_high) {
    return 0;
  }
  /* Volatile: what lies below the stack pointer is dead memory to the compiler. */
  for (uintptr_t at = low; at < end; at += 4u) {
    *(volatile word *)at = PATTERN;
  }
  return end;
}

uint32_t hil_stack_used(const hil_port *port, uintptr_t painted_to, uintptr_t base) {
  uintptr_t at = lowest(port);
  while (at < painted_to && *(volatile const word *)at == PATTERN) {
    at += 4u;
  }
  return base > at ? (uint32_t)(base - at) : 0u;
}
