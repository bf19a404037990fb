/* What a tap does in each mode, and the aux area that it fills (docs/protocol.md, RUN). */
#include <string.h>

#include "hil_bytes.h"
#include "hil_digest.h"
#include "hil_internal.h"

uint32_t hil_taps_aux_needed(const hil_network *net, uint8_t mode, uint32_t count, bool *too_many) {
  uint64_t bytes = 0;
  if (mode == HIL_MODE_DIGEST || mode == HIL_MODE_CAPTURE) {
    bytes = (uint64_t)net->taps * HIL_DIGEST_ENTRY_BYTES;
  } else if (mode == HIL_MODE_TIME_TOTAL) {
    bytes = (uint64_t)count * 4u;
  } else if (mode == HIL_MODE_TIME_LAYERS) {
    bytes = HIL_TIME_HEADER_BYTES + (uint64_t)net->layers * HIL_TIME_ENTRY_BYTES;
  }
  *too_many = bytes > UINT32_MAX;
  return (uint32_t)bytes;
}

/* A generator's mistake must show as one, not as a write outside the aux area. */
static bool known(hil_run *r, uint32_t layer, uint32_t n) {
  uint32_t first = layer < r->net->layers && r->net->layer_first_tap != 0 ? r->net->layer_first_tap[layer] : 0u;
  if (layer >= r->net->layers || (n > 0u && r->net->layer_first_tap == 0) || first > r->net->taps ||
      n > r->net->taps - first) {
    r->bad_tap = true;
  }
  return !r->bad_tap;
}

static void finished(hil_run *r, uint32_t layer) {
  r->last_layer = (uint16_t)layer;
  r->layer = (uint16_t)(layer + 1u < r->net->layers ? layer + 1u : (uint32_t)HIL_NO_LAYER);
}

static bool masked(const hil_run *r, uint32_t tap) {
  return tap / 8u < r->mask_bytes && ((uint32_t)r->mask[tap / 8u] >> (tap % 8u) & 1u) != 0u;
}

/* Keeps that part of the stream of captured bytes which falls into [skip, skip + room). */
static void capture(hil_run *r, const hil_view *view) {
  uint32_t digests = r->net->taps * HIL_DIGEST_ENTRY_BYTES;
  uint64_t room = r->aux_bytes - digests, at = r->captured, from, to, end = at + view->bytes;
  uint64_t window = room > UINT64_MAX - r->capture_skip ? UINT64_MAX : r->capture_skip + room;
  r->captured = end;
  from = at > r->capture_skip ? at : r->capture_skip;
  to = end < window ? end : window;
  if (from < to) {
    memcpy(r->aux + digests + (size_t)(from - r->capture_skip), (const uint8_t *)view->data + (size_t)(from - at),
           (size_t)(to - from));
  }
}

static int32_t digest_tap(void *ctx, uint32_t layer, uint32_t occurrence, const hil_view *views, uint32_t n) {
  hil_agent *a = (hil_agent *)ctx;
  hil_run *r = &a->run;
  (void)occurrence;
  if (!known(r, layer, n)) {
    return HIL_STOPPED;
  }
  r->layer = (uint16_t)layer; /* a view that points nowhere faults here, and is this layer's fault */
  for (uint32_t v = 0; v < n; v++) {
    uint32_t tap = r->net->layer_first_tap[layer] + v;
    uint8_t *entry = r->aux + (size_t)tap * HIL_DIGEST_ENTRY_BYTES;
    uint32_t digest = hil_digest(hil_get32(entry), views[v].data, views[v].bytes);
    hil_put32(hil_put32(entry, digest), hil_get32(entry + 4) + views[v].bytes);
    if (r->mode == HIL_MODE_CAPTURE && masked(r, tap)) {
      capture(r, &views[v]);
    }
  }
  finished(r, layer);
  hil_progress(a);
  return HIL_OK;
}

/* The clock is read first and last, so that only the call itself is in the layer's time. */
static int32_t time_tap(void *ctx, uint32_t layer, uint32_t occurrence, const hil_view *views, uint32_t n) {
  hil_agent *a = (hil_agent *)ctx;
  uint64_t ticks = hil_now(a) - a->run.stamp;
  hil_run *r = &a->run;
  uint32_t shortened = ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
  uint8_t *entry;
  (void)occurrence;
  (void)views;
  (void)n;
  if (layer >= r->net->layers) {
    r->bad_tap = true;
    return HIL_STOPPED;
  }
  entry = r->aux + HIL_TIME_HEADER_BYTES + (size_t)layer * HIL_TIME_ENTRY_BYTES;
  hil_put64(entry, hil_get64(entry) + ticks);
  if (shortened < hil_get32(entry + 8)) {
    hil_put32(entry + 8, shortened);
  }
  if (shortened > hil_get32(entry + 12)) {
    hil_put32(entry + 12, shortened);
  }
  hil_put32(entry + 16, hil_get32(entry + 16) + 1u);
  finished(r, layer);
  r->stamp = hil_now(a);
  return HIL_OK;
}

static void clear_times(hil_run *r) {
  memset(r->aux, 0, HIL_TIME_HEADER_BYTES + (size_t)r->net->layers * HIL_TIME_ENTRY_BYTES);
  for (uint32_t i = 0; i < r->net->layers; i++) {
    hil_put32(r->aux + HIL_TIME_HEADER_BYTES + (size_t)i * HIL_TIME_ENTRY_BYTES + 8, UINT32_MAX);
  }
}

/* A network of one empty layer, invoked the way the real one is: what it is charged for is the stamps alone. */
static int32_t empty_layers(void *ctx, hil_tap_fn tap) {
  for (uint32_t i = 0; i < HIL_EMPTY_TAPS; i++) {
    (void)tap(ctx, 0, i, 0, 0);
  }
  return HIL_OK;
}

static uint32_t stamp_overhead(hil_agent *a) {
  hil_run *r = &a->run;
  uint64_t ticks = 0;
  uint32_t overhead;
  if (r->net->layers == 0u) {
    return 0;
  }
  (void)hil_timed_call(a, empty_layers, &ticks);
  overhead = hil_get32(r->aux + HIL_TIME_HEADER_BYTES);
  r->last_layer = HIL_NO_LAYER;
  return overhead;
}

void hil_taps_begin(hil_agent *a) {
  hil_run *r = &a->run;
  r->tap = 0;
  if (r->mode == HIL_MODE_DIGEST || r->mode == HIL_MODE_CAPTURE) {
    r->tap = digest_tap;
    if (r->net->taps > 0u) {
      memset(r->aux, 0, (size_t)r->net->taps * HIL_DIGEST_ENTRY_BYTES);
    }
  } else if (r->mode == HIL_MODE_TIME_LAYERS) {
    uint32_t overhead;
    r->tap = time_tap;
    clear_times(r);
    overhead = stamp_overhead(a);
    clear_times(r);
    hil_put32(r->aux + 12, overhead);
  }
}

uint32_t hil_taps_digest(const hil_run *r) {
  if (r->mode != HIL_MODE_DIGEST && r->mode != HIL_MODE_CAPTURE) {
    return 0;
  }
  return hil_digest(0, r->aux, r->net->taps * HIL_DIGEST_ENTRY_BYTES);
}

void hil_taps_finish(hil_agent *a) {
  const hil_run *r = &a->run;
  if (r->mode == HIL_MODE_TIME_LAYERS) {
    hil_put32(hil_put64(r->aux, r->total_ticks), r->done);
  }
}
