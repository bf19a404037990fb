/* hil_internal.h: what the agent's files share with each other and with nobody else. */
#ifndef HIL_INTERNAL_H
#define HIL_INTERNAL_H

#include "hil_agent.h"

static inline uint64_t hil_now(const hil_agent *a) { return a->port->now(a->port->ctx); }

/* The payload of a request. */
typedef struct hil_request {
  uint8_t type;
  uint8_t seq;
  const uint8_t *payload;
  uint32_t n;
} hil_request;

uint32_t hil_max_payload(const hil_agent *a);
uint32_t hil_network_total(const hil_agent *a);
/* Offsets and lengths come from the wire: their sum is formed in 64 bits. */
bool hil_pool_holds(const hil_agent *a, uint32_t offset, uint64_t bytes);
/* Sum of the buffers, in the 64 bits that it may need. */
uint64_t hil_buffers_bytes(const hil_buffer *buffers, uint32_t n);
void hil_refuse(hil_agent *a, const hil_request *q, uint8_t reason);

void hil_on_hello(hil_agent *a, const hil_request *q);
void hil_on_network(hil_agent *a, const hil_request *q);
void hil_on_write(hil_agent *a, const hil_request *q);
void hil_on_read(hil_agent *a, const hil_request *q);
void hil_on_copy(hil_agent *a, const hil_request *q);
void hil_on_baud(hil_agent *a, const hil_request *q);
void hil_on_run(hil_agent *a, const hil_request *q);

bool hil_can_change_baud(const hil_agent *a);
/* A request with a right CRC was received. */
void hil_baud_heard(hil_agent *a);
/* Returns to the speed after the start when the present one does not hold; call it often. */
void hil_baud_watch(hil_agent *a, bool received);

/* 0 if the request is sound and a->run is filled in, else the reason for REFUSED. */
uint8_t hil_run_parse(hil_agent *a, const hil_request *q);
/* Runs the samples of a->run; returns RUN_DONE's status. */
uint8_t hil_run_samples(hil_agent *a, uint32_t *stack_bytes);
/* One invocation, and the ticks that it took, with the cost of an empty measurement still in them. */
int32_t hil_timed_call(hil_agent *a, int32_t (*invoke)(void *ctx, hil_tap_fn tap), uint64_t *ticks);

/* Prepares the aux area and a->run.tap for the mode; finish writes what is known only at the end. */
void hil_taps_begin(hil_agent *a);
void hil_taps_finish(hil_agent *a);
/* Digest of the digests in the aux area; 0 in a mode that has none. */
uint32_t hil_taps_digest(const hil_run *r);
uint32_t hil_taps_aux_needed(const hil_network *net, uint8_t mode, uint32_t count, bool *too_many);

/* Text on the link that is no frame: HIL_MLPERF builds answer another protocol's commands there.
 *
 * hil_mlperf_byte is given, in their order and before anything after them is read, all bytes of a record that cannot be
 * a request: one whose second byte is 0x20 or above (a request's second byte is its type, 01 to 07). The first byte is
 * given when the second has shown that; a frame's bytes never are. So a line noise of one byte before "name%" does no
 * harm, but bytes that do not print can be among those given. It may take as long as it likes: nothing is read meanwhile. */
#ifndef HIL_MLPERF
#define HIL_MLPERF 0
#endif
#if HIL_MLPERF
void hil_mlperf_byte(hil_agent *a, uint8_t byte);
#endif

/* Sends PROGRESS if it is due. */
void hil_progress(hil_agent *a);

/* Fills the free part of the stack; returns where the filling ends, 0 if it could not be done. */
uintptr_t hil_stack_paint(const hil_port *port);
/* Fills the free stack that an invocation reaches first, some KiB at the most, with `byte`. */
void hil_stack_fill(const hil_port *port, uint8_t byte);
/* Bytes from `base` down to the deepest place that is no longer as painted. */
uint32_t hil_stack_used(const hil_port *port, uintptr_t painted_to, uintptr_t base);

#endif
