/* BAUD: another speed of the line, and the way back when nobody is heard at it. */
#include "hil_bytes.h"
#include "hil_internal.h"

/* Whoever has been talking for so long without one right frame talks at another speed: a host that knows nothing of the
 * change, because the one before it ended without a word. Longer than the longest frame takes on a slow line. */
enum { STRANGER_SECONDS = 3 };

bool hil_can_change_baud(const hil_agent *a) {
  /* Without a clock that moves there would be no way back. */
  return a->port->set_baud != 0 && (a->counters & a->port->clock) != 0u;
}

void hil_on_baud(hil_agent *a, const hil_request *q) {
  const hil_port *port = a->port;
  uint8_t payload[4];
  uint32_t baud;
  if (!hil_can_change_baud(a)) {
    hil_refuse(a, q, HIL_REFUSE_TYPE);
    return;
  }
  if (q->n != 4u) {
    hil_refuse(a, q, HIL_REFUSE_LENGTH);
    return;
  }
  baud = hil_get32(q->payload);
  if (!port->set_baud(port->ctx, baud, false)) {
    hil_refuse(a, q, HIL_REFUSE_ARGUMENT);
    return;
  }
  hil_put32(payload, baud);
  hil_send(&a->sender, HIL_BAUD_OK, q->seq, payload, sizeof payload);
  (void)port->set_baud(port->ctx, baud, true);
  a->speed = baud == port->base_baud ? HIL_SPEED_BASE : HIL_SPEED_TRIAL;
  a->speed_since = hil_now(a);
}

void hil_baud_heard(hil_agent *a) {
  if (a->speed != HIL_SPEED_BASE) {
    a->speed = HIL_SPEED_PROVEN;
    a->speed_since = a->speed_heard = hil_now(a);
  }
}

void hil_baud_watch(hil_agent *a, bool received) {
  const hil_port *port = a->port;
  uint64_t now, limit = port->tick_hz;
  if (a->speed == HIL_SPEED_BASE) {
    return;
  }
  now = hil_now(a);
  if (a->speed == HIL_SPEED_PROVEN) {
    if (!received) {
      return;
    }
    if (now - a->speed_heard > port->tick_hz) {
      a->speed_since = now; /* after a pause, somebody has just begun */
    }
    a->speed_heard = now;
    limit *= (uint64_t)STRANGER_SECONDS;
  }
  if (now - a->speed_since > limit) {
    a->speed = HIL_SPEED_BASE;
    (void)port->set_baud(port->ctx, port->base_baud, true);
  }
}
