/* What happens beside the main line: faults, endless invocations, signs of life. */
#include "hil_bytes.h"
#include "hil_internal.h"

enum { LAST_WORDS = 3 }; /* how often FAULT and HANG are sent */

static void report(hil_agent *a, uint8_t type, const hil_cpu_state *cpu) {
  uint8_t payload[100];
  uint8_t *p = hil_put32(payload, cpu->kind);
  const hil_run *r = &a->run;
  bool known = a->in_run;
  for (uint32_t i = 0; i < 8u; i++) {
    p = hil_put32(p, cpu->stacked[i]);
  }
  p = hil_put32(p, cpu->exc_return);
  p = hil_put32(p, cpu->msp);
  p = hil_put32(p, cpu->psp);
  for (uint32_t i = 0; i < 7u; i++) {
    p = hil_put32(p, cpu->fault[i]);
  }
  p = hil_put32(p, cpu->flags);
  p = hil_put16(p, known ? r->network : 0xFFFFu);
  p = hil_put16(p, known ? r->layer : (uint32_t)HIL_NO_LAYER);
  p = hil_put32(p, known ? r->first_sample + r->done : 0u);
  p = hil_put32(p, known ? r->mode : 0u);
  p = hil_put64(p, a->in_network ? hil_now(a) - a->entered : 0u);
  /* Nobody can ask for it again: the device stops after this, and the wire may damage a frame. */
  for (uint32_t i = 0; i < LAST_WORDS; i++) {
    hil_send(&a->sender, type, 0, payload, (uint32_t)(p - payload));
  }
}

void hil_agent_on_fault(hil_agent *a, const hil_cpu_state *cpu) { report(a, HIL_FAULT, cpu); }

void hil_agent_on_hang(hil_agent *a, const hil_cpu_state *cpu) { report(a, HIL_HANG, cpu); }

void hil_progress(hil_agent *a) {
  hil_run *r = &a->run;
  uint8_t payload[10];
  uint64_t now;
  if (a->sender.busy) {
    return;
  }
  now = hil_now(a);
  if (now - r->progress_at < a->port->tick_hz / 5u) {
    return;
  }
  a->sender.busy = true; /* from here on the timer's interrupt keeps out */
  r->progress_at = now;
  hil_put16(hil_put32(hil_put32(payload, r->nonce), r->done), r->layer);
  hil_send(&a->sender, HIL_PROGRESS, 0, payload, sizeof payload);
}

bool hil_agent_on_timer(hil_agent *a) {
  const hil_run *r = &a->run;
  if (!a->in_network) {
    return false;
  }
  if (r->limit_ticks != 0u && hil_now(a) - a->entered > r->limit_ticks) {
    return true;
  }
  /* An interrupt that sends would be seen in measured times and in the stack's high-water mark. */
  if (r->mode <= HIL_MODE_CAPTURE && (r->flags & HIL_RUN_PAINT) == 0u) {
    hil_progress(a);
  }
  return false;
}
