/* hil_uart.h: what a UART's driver and the ring behind it (uart_ring.c) give each other. */
#ifndef HIL_UART_H
#define HIL_UART_H

#include "hil_board.h"

/* The driver: takes a byte that the UART has received; false if there is none. Also clears an overrun. */
bool hil_uart_receive(uint8_t *byte);

/* The ring: lets the UART's interrupt through (its number is HIL_UART_IRQ), from the end of hil_uart_open on. */
void hil_uart_listen(void);
void hil_uart_interrupt(void);

/* What to divide `clock_hz` by for the speed nearest to `baud`. 0 where that is less than `least`, more than `most`, or
 * more than 2 % off: a frame of ten bits is read wrongly from about 5 % on, and the other side may be off too. */
uint32_t hil_uart_divider(uint32_t clock_hz, uint32_t baud, uint32_t least, uint32_t most);

#endif
