/* Instruction and data cache on (Armv7-M and Armv8.1-M). Without a device that reads memory on its own, as here, nothing
 * needs cleaning. A boot loader may have turned them on: what is in them then must not be thrown away. */
#include "cortex_m.h"
#include "hil_caches.h"

enum { LINE_LOG2 = 5 };

static void barrier(void) { __asm__ volatile("dsb\n isb" : : : "memory"); }

static void invalidate_data_cache(void) {
  uint32_t size, sets, ways;
  CSSELR = 0; /* the first level's data cache */
  barrier();
  size = CCSIDR;
  sets = ((size >> 13) & 0x7FFFu) + 1u;
  ways = ((size >> 3) & 0x3FFu) + 1u;
  for (uint32_t set = 0; set < sets; set++) {
    for (uint32_t way = 0; way < ways; way++) {
      DCISW = (ways > 1u ? way << __builtin_clz(ways - 1u) : 0u) | set << LINE_LOG2;
    }
  }
  barrier();
}

void hil_caches_open(void) {
  if ((CCR & (uint32_t)CCR_IC) == 0u) {
    barrier();
    ICIALLU = 0;
    barrier();
    CCR |= (uint32_t)CCR_IC;
  }
  if ((CCR & (uint32_t)CCR_DC) == 0u) {
    invalidate_data_cache();
    CCR |= (uint32_t)CCR_DC;
  }
  barrier();
}
