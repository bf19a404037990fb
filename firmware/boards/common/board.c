/* The port of a Cortex-M board with SysTick and one UART. */
#include "hil_board.h"

extern uint8_t __stack_low[], __stack_high[];

#ifndef HIL_UART_BAUD
#define HIL_UART_BAUD 0 /* the line has no speed */
#endif

__attribute__((weak)) void hil_clock_tree_open(void) {}
__attribute__((weak)) uint16_t hil_reset_causes(void) { return 0; }

void hil_board_open(hil_port *port) {
  hil_clock_tree_open();
  hil_uart_open();
  hil_clock_open();
  port->read = hil_uart_read;
  port->write = hil_uart_write;
  port->now = hil_clock_now;
  port->settle = hil_clock_settle;
  port->base_baud = HIL_UART_BAUD;
#if HIL_UART_BAUD
  port->set_baud = hil_uart_set_baud;
#endif
  port->reset_causes = hil_reset_causes();
  port->tick_hz = HIL_TICK_HZ;
  port->clock = HIL_COUNTER_SYSTICK;
  port->other_counters = hil_clock_other_counters();
  port->abilities = HIL_CAN_CATCH_HANGS | HIL_CAN_REPORT_FAULTS;
  port->core = HIL_CORE;
  port->stack_low = __stack_low;
  port->stack_high = __stack_high;
}

void hil_board_attach(hil_agent *agent) { hil_board_agent = agent; }

/* Not WFI: no interrupt announces a byte. */
void hil_board_idle(void) {}
