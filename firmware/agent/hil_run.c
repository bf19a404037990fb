/* RUN: the invocations themselves, and what surrounds each of them. */
#include <string.h>

#include "hil_bytes.h"
#include "hil_crc32.h"
#include "hil_internal.h"

#if defined(__GNUC__)
#define APART __attribute__((noinline)) /* one copy, so that an empty call is measured exactly as a real one is */
#define HERE() ((uintptr_t)__builtin_frame_address(0))
#else
#define APART
#define HERE() ((uintptr_t)0)
#endif

enum { POISON = 0xA5 };
static const uint8_t fillings[] = {0x00, 0x55, 0xA5, 0xFF};

static void enter(hil_agent *a) {
  a->entered = hil_now(a);
  a->in_network = true;
}

APART int32_t hil_timed_call(hil_agent *a, int32_t (*invoke)(void *ctx, hil_tap_fn tap), uint64_t *ticks) {
  uint64_t start;
  int32_t status;
  a->run.stack_base = HERE();
  if (a->port->settle != 0) {
    a->port->settle(a->port->ctx);
  }
  enter(a);
  start = hil_now(a);
  a->run.stamp = start;
  status = invoke(a, a->run.tap);
  *ticks = hil_now(a) - start;
  a->in_network = false;
  return status;
}

static int32_t empty_invocation(void *ctx, hil_tap_fn tap) {
  (void)ctx;
  (void)tap;
  return HIL_OK;
}

/* The least of a few: an interrupt in one of them is no part of the cost. */
static uint64_t measurement_overhead(hil_agent *a) {
  uint64_t least = UINT64_MAX;
  for (uint32_t i = 0; i < 8u; i++) {
    uint64_t ticks = 0;
    (void)hil_timed_call(a, empty_invocation, &ticks);
    least = ticks < least ? ticks : least;
  }
  return least;
}

static void copy_state(const hil_run *r, bool back) {
  uint8_t *pool = r->state;
  for (uint32_t i = 0; i < r->net->n_state; i++) {
    const hil_buffer *b = &r->net->state[i];
    if (b->bytes > 0u) {
      memcpy(back ? b->data : pool, back ? pool : b->data, b->bytes);
      pool += b->bytes;
    }
  }
}

/* Once after start; this and reset() are the network's code too, and as able to hang. */
static int32_t prepare(hil_agent *a) {
  const hil_run *r = &a->run;
  int32_t status = HIL_OK;
  enter(a);
  if (!a->initialised[r->network] && r->net->init != 0) {
    status = r->net->init();
  }
  a->initialised[r->network] = status == HIL_OK;
  if (status == HIL_OK && (r->flags & HIL_RUN_RESET) != 0u && r->net->reset != 0) {
    r->net->reset();
  }
  a->in_network = false;
  if (status == HIL_OK && (r->flags & HIL_RUN_SAVE) != 0u) {
    copy_state(r, false);
  }
  if (status == HIL_OK && (r->flags & HIL_RUN_RESTORE) != 0u) {
    copy_state(r, true);
  }
  return status;
}

static void fill(const hil_buffer *buffers, uint32_t n, uint8_t byte) {
  for (uint32_t i = 0; i < n; i++) {
    if (buffers[i].bytes > 0u) {
      memset(buffers[i].data, byte, buffers[i].bytes);
    }
  }
}

/* What was in memory before must not matter. Done before the inputs are copied: a planner may lay them into the scratch
 * memory, or an output over an input, and the sample must win. */
static void disturb(const hil_agent *a) {
  const hil_run *r = &a->run;
  uint8_t byte = POISON;
  if ((r->flags & HIL_RUN_FILL) != 0u) {
    byte = fillings[r->flags >> HIL_RUN_FILL_SHIFT & 3u];
    fill(r->net->scratch, r->net->n_scratch, byte);
    if ((r->flags & HIL_RUN_PAINT) == 0u) {
      hil_stack_fill(a->port, byte);
    }
  }
  fill(r->net->outputs, r->net->n_outputs, byte);
}

static void give_inputs(hil_run *r) {
  const uint8_t *sample = r->in + (size_t)r->done * r->input_bytes;
  for (uint32_t i = 0; i < r->net->n_inputs; i++) {
    const hil_buffer *b = &r->net->inputs[i];
    if (b->bytes > 0u) {
      memcpy(b->data, sample, b->bytes);
      sample += b->bytes;
    }
  }
  /* Read back from where the network will read, not from the pool. */
  for (uint32_t i = 0; i < r->net->n_inputs; i++) {
    r->input_crc = hil_crc32(r->input_crc, r->net->inputs[i].data, r->net->inputs[i].bytes);
  }
}

static void take_outputs(hil_run *r) {
  uint8_t *sample = r->out + (size_t)r->done * r->output_bytes;
  for (uint32_t i = 0; i < r->net->n_outputs; i++) {
    const hil_buffer *b = &r->net->outputs[i];
    r->output_crc = hil_crc32(r->output_crc, b->data, b->bytes);
    if (b->bytes > 0u) {
      memcpy(sample, b->data, b->bytes);
      sample += b->bytes;
    }
  }
}

static uint8_t invoke_all(hil_agent *a, uint64_t overhead) {
  hil_run *r = &a->run;
  while (r->done < r->count) {
    uint64_t ticks = 0;
    disturb(a);
    give_inputs(r);
    r->layer = r->tap != 0 && r->net->layers > 0u ? 0u : HIL_NO_LAYER;
    r->network_status = hil_timed_call(a, r->net->invoke, &ticks);
    ticks = ticks > overhead ? ticks - overhead : 0u;
    r->total_ticks += ticks;
    if (r->bad_tap) {
      return HIL_RUN_BAD_TAP;
    }
    if (r->network_status != HIL_OK) {
      return HIL_RUN_NETWORK;
    }
    take_outputs(r);
    if (r->mode == HIL_MODE_TIME_TOTAL) {
      hil_put32(r->aux + (size_t)r->done * 4u, ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks);
    }
    r->done++;
    hil_progress(a);
  }
  return HIL_RUN_OK;
}

uint8_t hil_run_samples(hil_agent *a, uint32_t *stack_bytes) {
  hil_run *r = &a->run;
  uintptr_t painted = 0;
  uint64_t overhead;
  uint8_t status = HIL_RUN_INIT;
  *stack_bytes = UINT32_MAX;
  overhead = measurement_overhead(a); /* before a tap is set, which it must not call */
  hil_taps_begin(a);
  r->network_status = prepare(a);
  if (r->network_status == HIL_OK) {
    if ((r->flags & HIL_RUN_PAINT) != 0u) {
      painted = hil_stack_paint(a->port);
    }
    status = invoke_all(a, overhead);
    if (painted != 0u) {
      *stack_bytes = hil_stack_used(a->port, painted, r->stack_base);
    }
  }
  hil_taps_finish(a);
  return status;
}
