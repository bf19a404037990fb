/* stm32_pin.h: a pin of a STM32 given to a peripheral. The registers are the same in F4 (RM0390 7.4) and H7 (RM0433 11.4). */
#ifndef HIL_STM32_PIN_H
#define HIL_STM32_PIN_H

#include "cortex_m.h"

/* Fast, with a pull-up: a line that nobody drives rests at 1. `function` is the number in the data sheet's table (AF7). */
static inline void hil_stm32_pin(uint32_t gpio, uint32_t pin, uint32_t function) {
  const uint32_t two = 2u * pin, four = 4u * (pin % 8u), alternate = gpio + 0x20u + 4u * (pin / 8u);
  REGISTER(alternate) = (REGISTER(alternate) & ~(15u << four)) | function << four;
  REGISTER(gpio + 0x08u) = (REGISTER(gpio + 0x08u) & ~(3u << two)) | 2u << two; /* OSPEEDR */
  REGISTER(gpio + 0x0Cu) = (REGISTER(gpio + 0x0Cu) & ~(3u << two)) | 1u << two; /* PUPDR */
  REGISTER(gpio) = (REGISTER(gpio) & ~(3u << two)) | 2u << two;                 /* MODER */
}

#endif
