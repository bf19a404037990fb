/* HELLO, NETWORK, WRITE, READ and COPY. */
#include <string.h>

#include "hil_bytes.h"
#include "hil_internal.h"

static uint32_t saturated(uint64_t n) { return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n; }

static uint32_t text_length(const char *text, uint32_t most) {
  uint32_t n = 0;
  while (text != 0 && n < most && text[n] != '\0') {
    n++;
  }
  return n;
}

void hil_on_hello(hil_agent *a, const hil_request *q) {
  const hil_port *port = a->port;
  uint8_t head[43];
  uint8_t *p = head;
  uint32_t flags = port->abilities & (uint32_t)HIL_CAN_REPORT_FAULTS;
  uint32_t core = text_length(port->core, 20);
  if (q->n != 4u) {
    hil_refuse(a, q, HIL_REFUSE_LENGTH);
    return;
  }
  if (port->stack_low != 0) {
    flags |= HIL_CAN_PAINT;
  }
  /* A clock that stands still can't tell an endless invocation from a short one. */
  if ((a->counters & port->clock) != 0u) {
    flags |= port->abilities & (uint32_t)HIL_CAN_CATCH_HANGS;
  }
  if (hil_can_change_baud(a)) {
    flags |= HIL_CAN_CHANGE_BAUD;
  }
  if (a->config.preload_bytes > 0u) {
    flags |= HIL_HAS_PRELOAD;
  }
  p = hil_put32(p, hil_get32(q->payload));
  p = hil_put8(p, HIL_PROTOCOL_VERSION);
  p = hil_put8(p, HIL_DIGEST_WORDS);
  p = hil_put16(p, hil_max_payload(a));
  p = hil_put32(p, a->config.rx_window_bytes);
  p = hil_put32(p, a->config.pool_bytes);
  memcpy(p, port->build_id, sizeof port->build_id);
  p = hil_put32(p + sizeof port->build_id, port->tick_hz);
  p = hil_put16(p, a->counters);
  p = hil_put16(p, flags);
  p = hil_put16(p, hil_network_total(a));
  p = hil_put8(p, core);
  hil_send_begin(&a->sender, HIL_HELLO_OK, q->seq);
  hil_send_bytes(&a->sender, head, (uint32_t)(p - head));
  hil_send_bytes(&a->sender, port->core, core);
  hil_send_end(&a->sender);
}

void hil_on_network(hil_agent *a, const hil_request *q) {
  uint8_t head[61];
  uint8_t *p = head;
  uint32_t index, name, room = hil_max_payload(a) - (uint32_t)sizeof head;
  const hil_network *net;
  if (q->n != 2u) {
    hil_refuse(a, q, HIL_REFUSE_LENGTH);
    return;
  }
  index = hil_get16(q->payload);
  if (index >= hil_network_total(a)) {
    hil_refuse(a, q, HIL_REFUSE_NETWORK);
    return;
  }
  net = a->config.networks[index];
  name = text_length(net->name, room < 255u ? room : 255u);
  p = hil_put16(p, index);
  memcpy(p, net->model_sha256, sizeof net->model_sha256);
  p = hil_put32(p + sizeof net->model_sha256, net->layers);
  p = hil_put32(p, net->taps);
  p = hil_put32(p, saturated(hil_buffers_bytes(net->inputs, net->n_inputs)));
  p = hil_put32(p, saturated(hil_buffers_bytes(net->outputs, net->n_outputs)));
  p = hil_put32(p, saturated(hil_buffers_bytes(net->state, net->n_state)));
  p = hil_put32(p, net->arena_bytes);
  p = hil_put8(p, net->n_blobs);
  p = hil_put8(p, net->n_scratch > 0u ? HIL_NETWORK_SCRATCH_KNOWN : 0);
  p = hil_put8(p, name);
  hil_send_begin(&a->sender, HIL_NETWORK_OK, q->seq);
  hil_send_bytes(&a->sender, head, (uint32_t)(p - head));
  hil_send_bytes(&a->sender, net->name, name);
  hil_send_end(&a->sender);
}

void hil_on_write(hil_agent *a, const hil_request *q) {
  uint8_t payload[8];
  uint32_t offset, count;
  if (q->n < 5u) {
    hil_refuse(a, q, HIL_REFUSE_LENGTH);
    return;
  }
  offset = hil_get32(q->payload + 1);
  count = q->n - 5u;
  if (q->payload[0] != HIL_SPACE_POOL || !hil_pool_holds(a, offset, count)) {
    hil_refuse(a, q, q->payload[0] != HIL_SPACE_POOL ? HIL_REFUSE_ARGUMENT : HIL_REFUSE_RANGE);
    return;
  }
  if (count > 0u) {
    memcpy(a->config.pool + offset, q->payload + 5, count);
  }
  hil_put32(hil_put32(payload, offset), count);
  hil_send(&a->sender, HIL_WRITE_OK, q->seq, payload, sizeof payload);
}

void hil_on_read(hil_agent *a, const hil_request *q) {
  uint32_t offset, count;
  if (q->n != 9u) {
    hil_refuse(a, q, HIL_REFUSE_LENGTH);
    return;
  }
  offset = hil_get32(q->payload + 1);
  count = hil_get32(q->payload + 5);
  if (q->payload[0] != HIL_SPACE_POOL) {
    hil_refuse(a, q, HIL_REFUSE_ARGUMENT);
    return;
  }
  if (count > hil_max_payload(a) - 5u || !hil_pool_holds(a, offset, count)) {
    hil_refuse(a, q, HIL_REFUSE_RANGE);
    return;
  }
  hil_send_begin(&a->sender, HIL_DATA, q->seq);
  hil_send_bytes(&a->sender, q->payload, 5); /* space and offset, as they came */
  if (count > 0u) {
    hil_send_bytes(&a->sender, a->config.pool + offset, count);
  }
  hil_send_end(&a->sender);
}

void hil_on_copy(hil_agent *a, const hil_request *q) {
  uint8_t payload[8];
  uint32_t from, to, count;
  if (q->n != 13u) {
    hil_refuse(a, q, HIL_REFUSE_LENGTH);
    return;
  }
  if (q->payload[0] != HIL_SPACE_PRELOAD) {
    hil_refuse(a, q, HIL_REFUSE_ARGUMENT);
    return;
  }
  from = hil_get32(q->payload + 1);
  to = hil_get32(q->payload + 5);
  count = hil_get32(q->payload + 9);
  if (from > a->config.preload_bytes || count > a->config.preload_bytes - from || !hil_pool_holds(a, to, count)) {
    hil_refuse(a, q, HIL_REFUSE_RANGE);
    return;
  }
  if (count > 0u) {
    memmove(a->config.pool + to, a->config.preload + from, count);
  }
  hil_put32(hil_put32(payload, to), count);
  hil_send(&a->sender, HIL_COPY_OK, q->seq, payload, sizeof payload);
}
