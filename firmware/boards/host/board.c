/* The port of a process: standard input and output are the link, the monotonic clock is the clock, signals are faults.
 *
 * Text that generated C prints goes through stdio to the same descriptor; flushing it before each frame keeps the two
 * in order, and nothing can come between the parts of a frame, which is gathered and written as one. */
#define _GNU_SOURCE 1 /* names of the registers in ucontext_t */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "hil_board.h"
#include "host_signals.h"

enum { PAINTED_STACK_BYTES = 512 * 1024, CHECK_EVERY_MS = 50 };

static uint8_t gathered[8192];
static uint32_t n_gathered;

static void wait_for(int file, short events) {
  struct pollfd p = {file, events, 0};
  (void)poll(&p, 1, -1);
}

static void write_all(const uint8_t *bytes, size_t n) {
  while (n > 0u) {
    ssize_t done = write(STDOUT_FILENO, bytes, n);
    if (done > 0) {
      bytes += done;
      n -= (size_t)done;
    } else if (done < 0 && errno == EAGAIN) {
      wait_for(STDOUT_FILENO, POLLOUT);
    } else if (done < 0 && errno != EINTR) {
      _exit(3); /* the host is gone */
    }
  }
}

static void link_flush(void *ctx) {
  (void)ctx;
  write_all(gathered, n_gathered);
  n_gathered = 0;
}

static void link_write(void *ctx, const uint8_t *bytes, uint32_t n) {
  if (n_gathered == 0u && !hil_host_in_signal()) {
    (void)fflush(stdout);
  }
  for (uint32_t i = 0; i < n; i++) {
    gathered[n_gathered++] = bytes[i];
    if (n_gathered == sizeof gathered) {
      link_flush(ctx);
    }
  }
}

static uint32_t link_read(void *ctx, uint8_t *bytes, uint32_t room) {
  struct pollfd p = {STDIN_FILENO, POLLIN, 0};
  ssize_t n;
  (void)ctx;
  if (poll(&p, 1, 0) <= 0) {
    return 0;
  }
  n = read(STDIN_FILENO, bytes, room);
  if (n == 0) {
    _exit(0); /* the host has closed the link */
  }
  return n > 0 ? (uint32_t)n : 0u;
}

static uint64_t now(void *ctx) {
  struct timespec t;
  (void)ctx;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void hil_board_open(hil_port *port) {
  port->read = link_read;
  port->write = link_write;
  port->flush = link_flush;
  port->now = now;
  port->tick_hz = 1000000000u;
  port->clock = HIL_COUNTER_HOST;
  port->abilities = HIL_CAN_CATCH_HANGS | HIL_CAN_REPORT_FAULTS;
  port->core = HIL_CORE;
  /* The system adds pages as they are touched, far beyond this. */
  port->stack_high = (uint8_t *)__builtin_frame_address(0);
  port->stack_low = port->stack_high - PAINTED_STACK_BYTES;
}

void hil_board_attach(hil_agent *agent) {
  const struct itimerval every = {{0, CHECK_EVERY_MS * 1000}, {0, CHECK_EVERY_MS * 1000}};
  hil_board_agent = agent;
  hil_host_catch_signals();
  (void)setitimer(ITIMER_REAL, &every, 0);
}

void hil_board_idle(void) { wait_for(STDIN_FILENO, POLLIN); }
