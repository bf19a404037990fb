/* RUN: reading and checking the request, and its answer. */
#include <string.h>

#include "hil_bytes.h"
#include "hil_internal.h"

static bool mask_fits(const hil_run *r) {
  for (uint32_t i = 0; i < r->mask_bytes; i++) {
    uint32_t allowed = 0xFFu;
    if (i >= r->net->taps / 8u) {
      allowed = i == r->net->taps / 8u ? (1u << (r->net->taps % 8u)) - 1u : 0u;
    }
    if ((r->mask[i] & ~allowed) != 0u) {
      return false;
    }
  }
  return true;
}

/* Points `*at` into the pool. Areas may touch or overlap: that is the host's plan. */
static bool area(const hil_agent *a, const uint8_t *offset, uint64_t bytes, uint8_t **at) {
  uint32_t o = hil_get32(offset);
  *at = 0;
  if (bytes == 0u) {
    return true;
  }
  if (!hil_pool_holds(a, o, bytes)) {
    return false;
  }
  *at = a->config.pool + o;
  return true;
}

uint8_t hil_run_parse(hil_agent *a, const hil_request *q) {
  const uint8_t *p = q->payload;
  hil_run *r = &a->run;
  uint64_t in, out, state;
  bool too_many = false;
  memset(r, 0, sizeof *r);
  if (q->n < HIL_RUN_FIXED_BYTES || hil_get16(p + 52) != q->n - HIL_RUN_FIXED_BYTES) {
    return HIL_REFUSE_LENGTH;
  }
  r->nonce = hil_get32(p);
  r->network = hil_get16(p + 4);
  r->mode = p[6];
  r->flags = p[7];
  r->first_sample = hil_get32(p + 8);
  r->count = hil_get32(p + 12);
  r->aux_bytes = hil_get32(p + 32);
  r->capture_skip = hil_get64(p + 36);
  r->limit_ticks = hil_get64(p + 44);
  r->mask = p + HIL_RUN_FIXED_BYTES;
  r->mask_bytes = q->n - HIL_RUN_FIXED_BYTES;
  r->layer = HIL_NO_LAYER;
  r->last_layer = HIL_NO_LAYER;
  if (r->network >= hil_network_total(a)) {
    return HIL_REFUSE_NETWORK;
  }
  if (r->mode >= HIL_MODES || (r->flags & ~(uint32_t)HIL_RUN_FLAGS) != 0u ||
      ((r->flags & HIL_RUN_FILL) == 0u && r->flags >= HIL_RUN_FILL)) {
    return HIL_REFUSE_ARGUMENT;
  }
  r->net = a->config.networks[r->network];
  in = hil_buffers_bytes(r->net->inputs, r->net->n_inputs);
  out = hil_buffers_bytes(r->net->outputs, r->net->n_outputs);
  state = (r->flags & (HIL_RUN_SAVE | HIL_RUN_RESTORE)) != 0u ? hil_buffers_bytes(r->net->state, r->net->n_state) : 0u;
  /* A sample larger than the pool can't be asked for, and past this test no product below leaves 64 bits. */
  if (r->count > 0u && (in > a->config.pool_bytes || out > a->config.pool_bytes)) {
    return HIL_REFUSE_RANGE;
  }
  r->input_bytes = (uint32_t)in;
  r->output_bytes = (uint32_t)out;
  if (!area(a, p + 16, in * r->count, &r->in) || !area(a, p + 20, out * r->count, &r->out) ||
      !area(a, p + 24, state, &r->state) || !area(a, p + 28, r->aux_bytes, &r->aux)) {
    return HIL_REFUSE_RANGE;
  }
  if (r->aux_bytes < hil_taps_aux_needed(r->net, r->mode, r->count, &too_many) || too_many ||
      (r->mode == HIL_MODE_CAPTURE && !mask_fits(r))) {
    return HIL_REFUSE_ARGUMENT;
  }
  return 0;
}

static void send_done(hil_agent *a, uint8_t seq) {
  hil_send(&a->sender, HIL_RUN_DONE, seq, a->done, sizeof a->done);
}

void hil_on_run(hil_agent *a, const hil_request *q) {
  hil_run *r = &a->run;
  uint32_t stack_bytes;
  uint8_t reason, status;
  uint8_t *p;
  /* The answer may have been lost on its way: asking again must not move the network's state on. */
  if (q->n >= 4u && a->has_done && hil_get32(q->payload) == a->done_nonce) {
    send_done(a, q->seq);
    return;
  }
  reason = hil_run_parse(a, q);
  if (reason != 0u) {
    hil_refuse(a, q, reason);
    return;
  }
  a->in_run = true;
  r->progress_at = hil_now(a);
  status = hil_run_samples(a, &stack_bytes);
  a->in_run = false;

  p = hil_put32(a->done, r->nonce);
  p = hil_put8(p, status);
  p = hil_put8(p, 0);
  p = hil_put16(p, r->last_layer);
  p = hil_put32(p, (uint32_t)r->network_status);
  p = hil_put32(p, r->done);
  p = hil_put32(p, r->input_crc);
  p = hil_put32(p, r->output_crc);
  p = hil_put64(p, r->total_ticks);
  p = hil_put64(p, r->captured);
  p = hil_put32(p, stack_bytes);
  (void)hil_put32(p, hil_taps_digest(r));
  a->done_nonce = r->nonce;
  a->has_done = true;
  send_done(a, q->seq);
}
