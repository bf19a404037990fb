/* Taking frames off the link and handing each to what answers it. */
#include "hil_agent.h"

#include <string.h>

#include "hil_bytes.h"
#include "hil_internal.h"

/* HELLO lists a counter only after it was seen to move: some simulators have registers that always read 0. */
static bool clock_moves(const hil_agent *a) {
  uint64_t start = hil_now(a);
  for (uint32_t i = 0; i < 100000u; i++) {
    if (hil_now(a) != start) {
      return true;
    }
  }
  return false;
}

bool hil_agent_init(hil_agent *a, const hil_port *port, const hil_agent_config *config) {
  if (port->read == 0 || port->write == 0 || port->now == 0 || config->frame == 0 ||
      config->frame_bytes < 64u + HIL_FRAME_OVERHEAD || (config->networks == 0 && config->n_networks > 0u)) {
    return false;
  }
  memset(a, 0, sizeof *a);
  a->port = port;
  a->config = *config;
  if (a->config.pool == 0) {
    a->config.pool_bytes = 0;
  }
  if (a->config.preload == 0) {
    a->config.preload_bytes = 0;
  }
  a->sender.port = port;
  hil_receiver_init(&a->receiver, config->frame, config->frame_bytes);
  a->counters = port->other_counters;
  if (clock_moves(a)) {
    a->counters = (uint16_t)(a->counters | port->clock);
  }
  return true;
}

uint32_t hil_max_payload(const hil_agent *a) {
  uint32_t n = a->config.frame_bytes - HIL_FRAME_OVERHEAD;
  return n > 0xFFFFu ? 0xFFFFu : n;
}

uint32_t hil_network_total(const hil_agent *a) {
  return a->config.n_networks > (uint32_t)HIL_MAX_NETWORKS ? (uint32_t)HIL_MAX_NETWORKS : a->config.n_networks;
}

bool hil_pool_holds(const hil_agent *a, uint32_t offset, uint64_t bytes) {
  return offset <= a->config.pool_bytes && bytes <= a->config.pool_bytes - offset;
}

uint64_t hil_buffers_bytes(const hil_buffer *buffers, uint32_t n) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < n; i++) {
    sum += buffers[i].bytes;
  }
  return sum;
}

void hil_refuse(hil_agent *a, const hil_request *q, uint8_t reason) {
  const uint8_t payload[2] = {q->type, reason};
  hil_send(&a->sender, HIL_REFUSED, q->seq, payload, sizeof payload);
}

static void answer(hil_agent *a, const hil_request *q) {
  if (q->type < HIL_FROM_DEVICE) {
    hil_baud_heard(a);
  }
  switch (q->type) {
    case HIL_HELLO:
      hil_on_hello(a, q);
      break;
    case HIL_NETWORK:
      hil_on_network(a, q);
      break;
    case HIL_WRITE:
      hil_on_write(a, q);
      break;
    case HIL_READ:
      hil_on_read(a, q);
      break;
    case HIL_RUN:
      hil_on_run(a, q);
      break;
    case HIL_COPY:
      hil_on_copy(a, q);
      break;
    case HIL_BAUD:
      hil_on_baud(a, q);
      break;
    default:
      /* A link that echoes must not make the agent answer itself for ever. */
      if (q->type < HIL_FROM_DEVICE) {
        hil_refuse(a, q, HIL_REFUSE_TYPE);
      }
      break;
  }
}

#if HIL_MLPERF
static void take_text(hil_agent *a, uint8_t byte) {
  switch (a->receiver.encoded) { /* 0 after the zero byte that ends a record */
    case 0:
      return;
    case 1:
      a->record_start = byte;
      a->record_prints = false;
      return;
    case 2:
      a->record_prints = byte >= 0x20u;
      if (a->record_prints) {
        hil_mlperf_byte(a, a->record_start);
      }
      break;
    default:
      break;
  }
  if (a->record_prints) {
    hil_mlperf_byte(a, byte);
  }
}
#endif

static void take(hil_agent *a, uint8_t byte) {
  uint32_t length = 0;
  int event = hil_receiver_byte(&a->receiver, byte, &length);
#if HIL_MLPERF
  take_text(a, byte);
#endif
  if (event == HIL_RECEIVED_FRAME) {
    const uint8_t *body = a->receiver.body;
    const hil_request q = {body[0], body[1], body + 2, length - HIL_FRAME_OVERHEAD};
    answer(a, &q);
  } else if (event != HIL_RECEIVED_NOTHING) {
    const uint8_t reason = (uint8_t)event;
    hil_send(&a->sender, HIL_DAMAGED, 0, &reason, 1);
  }
}

/* To a host in the middle of a session it says that its device was reset. */
static void greet(hil_agent *a) {
  uint8_t payload[4 + sizeof a->port->build_id];
  hil_put16(hil_put16(payload, a->port->reset_causes), 0);
  memcpy(payload + 4, a->port->build_id, sizeof a->port->build_id);
  a->greeted = true;
  hil_send(&a->sender, HIL_BOOT, 0, payload, sizeof payload);
}

bool hil_agent_poll(hil_agent *a) {
  uint8_t bytes[64];
  uint32_t n;
  if (!a->greeted) {
    greet(a);
  }
  n = a->port->read(a->port->ctx, bytes, sizeof bytes);
  for (uint32_t i = 0; i < n; i++) {
    take(a, bytes[i]);
  }
  hil_baud_watch(a, n > 0u);
  return n > 0u;
}
