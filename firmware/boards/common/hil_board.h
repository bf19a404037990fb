/* hil_board.h: what main() asks of a board, and what the parts of a Cortex-M board give each other. */
#ifndef HIL_BOARD_H
#define HIL_BOARD_H

#include "hil_agent.h"

/* Brings clock and link up and fills in the port, but for its build id. */
void hil_board_open(hil_port *port);
/* From here on faults and the timer are reported through this agent. */
void hil_board_attach(hil_agent *agent);
/* Nothing was received: may wait for the next byte. */
void hil_board_idle(void);

/* The agent given to hil_board_attach; NULL before. */
extern hil_agent *hil_board_agent;

/* Reports through hil_board_agent, then never returns. */
void hil_board_report(uint32_t msp, uint32_t psp, uint32_t exc_return, bool hang) __attribute__((noreturn));

/* Reports that the code under test ended itself by a call (HIL_KIND_...), then never returns. Interrupts must be off. */
void hil_board_end(uint32_t kind, uint32_t return_address) __attribute__((noreturn));

/* Power, oscillators and PLL up to HIL_TICK_HZ; called first. A board whose reset state will do has none (weak). */
void hil_clock_tree_open(void);
/* HIL_CAUSE_... of the last reset, read once and cleared. 0 where the chip does not tell (weak). */
uint16_t hil_reset_causes(void);

void hil_uart_open(void);
/* As hil_port.set_baud: false where the UART's clock does not divide down to it within 2 %. Only where board.json defines HIL_UART_BAUD, the speed after the start. */
bool hil_uart_set_baud(void *ctx, uint32_t baud, bool now);
uint32_t hil_uart_read(void *ctx, uint8_t *bytes, uint32_t room);
void hil_uart_write(void *ctx, const uint8_t *bytes, uint32_t n);

void hil_clock_open(void);
uint64_t hil_clock_now(void *ctx);
void hil_clock_settle(void *ctx);
/* HIL_COUNTER_DWT if the core's cycle counter is there and moves. */
uint16_t hil_clock_other_counters(void);

#endif
