/* hil_agent.h: the device's side of docs/protocol.md.
 *
 * The agent owns no main(), interrupt, clock or memory: the port and the configuration bring them all. So it runs
 * below a board's own main loop, in one task of an RTOS, or in a process of the host. It is not re-entrant: poll it
 * from one place only. hil_agent_on_timer/on_hang/on_fault are for interrupt and fault handlers. */
#ifndef HIL_AGENT_H
#define HIL_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "hil_frame.h"
#include "hil_network.h"
#include "hil_port.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HIL_MAX_NETWORKS = 64 };

typedef struct hil_agent_config {
  uint8_t *pool; /* working memory for samples and results, planned by the host */
  uint32_t pool_bytes;
  uint8_t *frame;           /* holds one request */
  uint32_t frame_bytes;     /* maxPayload = frame_bytes - 6; at least 70 */
  uint32_t rx_window_bytes; /* what the link holds while the agent computes or answers */
  const hil_network *const *networks;
  uint32_t n_networks; /* at most HIL_MAX_NETWORKS are shown */
  const uint8_t *preload; /* filled from outside before the start; NULL where there is none */
  uint32_t preload_bytes;
} hil_agent_config;

/* One RUN request and how far it is. */
typedef struct hil_run {
  const hil_network *net;
  uint32_t nonce;
  uint16_t network;
  uint8_t mode;
  uint8_t flags;
  uint32_t first_sample;
  uint32_t count;
  uint8_t *in;
  uint8_t *out;
  uint8_t *state;
  uint8_t *aux;
  uint32_t aux_bytes;
  uint64_t capture_skip;
  uint64_t limit_ticks;
  const uint8_t *mask;
  uint32_t mask_bytes;

  hil_tap_fn tap;
  uint32_t input_bytes; /* of one sample */
  uint32_t output_bytes;
  volatile uint32_t done;
  volatile uint16_t layer; /* being computed */
  uint16_t last_layer;     /* whose tap was called last */
  bool bad_tap;
  int32_t network_status;
  uint32_t input_crc;
  uint32_t output_crc;
  uint64_t total_ticks;
  uint64_t captured;
  uint64_t stamp; /* TIME_LAYERS: when the present layer began */
  uint64_t progress_at;
  uintptr_t stack_base; /* where an invocation's stack begins */
} hil_run;

/* Speed of the line: that after the start; a new one that the host was not heard at yet; one that it was. */
enum { HIL_SPEED_BASE = 0, HIL_SPEED_TRIAL = 1, HIL_SPEED_PROVEN = 2 };

/* Give it memory of its own; its fields are the agent's business. */
typedef struct hil_agent {
  const hil_port *port;
  hil_agent_config config;
  hil_receiver receiver;
  uint8_t record_start; /* first byte of the present record, where HIL_MLPERF reads text */
  bool record_prints;   /* the present record can't be a request */
  hil_sender sender;
  uint16_t counters;
  bool greeted;   /* BOOT was sent */
  uint8_t speed;  /* HIL_SPEED_... */
  uint64_t speed_since;
  uint64_t speed_heard;
  bool initialised[HIL_MAX_NETWORKS];
  bool has_done;
  uint32_t done_nonce;
  uint8_t done[HIL_RUN_DONE_BYTES];
  hil_run run;
  volatile bool in_network; /* the network's code is running, since `entered` */
  volatile bool in_run;
  uint64_t entered;
} hil_agent;

/* What a fault handler has collected; the fields are FAULT's, in its order. */
typedef struct hil_cpu_state {
  uint32_t kind;
  uint32_t stacked[8]; /* r0 r1 r2 r3 r12 lr pc xpsr */
  uint32_t exc_return;
  uint32_t msp;
  uint32_t psp;
  uint32_t fault[7]; /* cfsr hfsr mmfar bfar afsr sfsr sfar */
  uint32_t flags;    /* HIL_FAULT_... */
} hil_cpu_state;

/* `port` must outlive the agent; the configuration is copied. False if something needed is missing or too small. */
bool hil_agent_init(hil_agent *a, const hil_port *port, const hil_agent_config *config);

/* Says BOOT the first time. Takes what the link has received and answers it. Returns at once if there is nothing; a RUN request takes as long as
 * its invocations. True if anything was received. */
bool hil_agent_poll(hil_agent *a);

/* To be called by a periodic timer. True if the present invocation has outrun its limit: collect the interrupted
 * registers, call hil_agent_on_hang and stop. Sends PROGRESS now and then while a network is computing. */
bool hil_agent_on_timer(hil_agent *a);

/* Send HANG or FAULT. The caller must not go on afterwards: a frame may have been cut short, and the code under test
 * is in no known state. */
void hil_agent_on_hang(hil_agent *a, const hil_cpu_state *cpu);
void hil_agent_on_fault(hil_agent *a, const hil_cpu_state *cpu);

#ifdef __cplusplus
}
#endif

#endif
