/* hil_port.h: what the agent needs from its surroundings: a board's start-up code, or a task of a user's own firmware. */
#ifndef HIL_PORT_H
#define HIL_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "hil_protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hil_port {
  void *ctx; /* given back to every function below */

  /* Takes what has been received, at most `room` bytes; returns how many, 0 if there are none. Never waits. */
  uint32_t (*read)(void *ctx, uint8_t *bytes, uint32_t room);
  /* Returns when all bytes are accepted. Also called from fault handlers, so that it must not need interrupts. */
  void (*write)(void *ctx, const uint8_t *bytes, uint32_t n);
  /* A frame is complete: send what write() may have gathered. May be NULL. */
  void (*flush)(void *ctx);
  /* Ticks since any fixed moment; never goes back. Also called from the timer's interrupt. */
  uint64_t (*now)(void *ctx);
  /* Called before each timed invocation: brings the clock to the same phase each time, so that equal work takes equal
   * ticks. now() must go on without a jump back. May be NULL. */
  void (*settle)(void *ctx);

  /* Is this speed possible? Called again with `now` when everything written has to leave before the change. May be NULL. */
  bool (*set_baud)(void *ctx, uint32_t baud, bool now);

  uint32_t base_baud; /* speed after the start; 0 where set_baud is NULL */
  uint32_t tick_hz;
  uint16_t clock;          /* HIL_COUNTER_...: what now() reads; HELLO lists it only after it was seen to move */
  uint16_t other_counters; /* HIL_COUNTER_...: that the board itself has seen move */
  uint16_t abilities;      /* HIL_CAN_CATCH_HANGS if a timer calls hil_agent_on_timer, HIL_CAN_REPORT_FAULTS */
  uint16_t reset_causes;   /* HIL_CAUSE_... */
  const char *core;        /* "cortex-m55"; at most 20 characters are shown */
  uint8_t build_id[16];
  uint8_t *stack_low; /* bounds of the stack that hil_agent_poll() runs on, for painting; NULL where unknown */
  uint8_t *stack_high;
} hil_port;

#ifdef __cplusplus
}
#endif

#endif
