/* cortex_m.h: the few system registers that the boards use, by their architectural names. */
#ifndef HIL_CORTEX_M_H
#define HIL_CORTEX_M_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define NVIC_ISER(i) REGISTER(0xE000E100u + 4u * (i))
#define NVIC_ICER(i) REGISTER(0xE000E180u + 4u * (i))
#define NVIC_ICPR(i) REGISTER(0xE000E280u + 4u * (i))
#define ICSR REGISTER(0xE000ED04u)
#define VTOR REGISTER(0xE000ED08u)
#define CCR REGISTER(0xE000ED14u)
#define SHPR3 REGISTER(0xE000ED20u)
#define SHCSR REGISTER(0xE000ED24u)
#define CFSR REGISTER(0xE000ED28u)
#define HFSR REGISTER(0xE000ED2Cu)
#define MMFAR REGISTER(0xE000ED34u)
#define BFAR REGISTER(0xE000ED38u)
#define AFSR REGISTER(0xE000ED3Cu)
#define CPACR REGISTER(0xE000ED88u)
#define MPU_TYPE REGISTER(0xE000ED90u)
#define MPU_CTRL REGISTER(0xE000ED94u)
#define MPU_RNR REGISTER(0xE000ED98u)
#define MPU_RBAR REGISTER(0xE000ED9Cu)
#define MPU_RASR REGISTER(0xE000EDA0u)
#define SFSR REGISTER(0xE000EDE4u)
#define SFAR REGISTER(0xE000EDE8u)
#define CCSIDR REGISTER(0xE000ED80u)
#define CSSELR REGISTER(0xE000ED84u)
#define ICIALLU REGISTER(0xE000EF50u)
#define DCISW REGISTER(0xE000EF60u)
#define DEMCR REGISTER(0xE000EDFCu)
#define DWT_CTRL REGISTER(0xE0001000u)
#define DWT_CYCCNT REGISTER(0xE0001004u)
#define DWT_LAR REGISTER(0xE0001FB0u)

enum {
  ICSR_PENDSTCLR = 1 << 25,
  ICSR_PENDSTSET = 1 << 26,
  ICSR_PENDSVCLR = 1 << 27,
  CCR_UNALIGN_TRP = 1 << 3,
  CCR_DIV_0_TRP = 1 << 4,
  CCR_DC = 1 << 16,
  CCR_IC = 1 << 17,
  CCR_LOB = 1 << 19,
  CFSR_MSTKERR = 1 << 4,
  CFSR_STKERR = 1 << 12,
  CFSR_STKOF = 1 << 20,
  SHCSR_FAULTS = 0xF << 16 /* MemManage, BusFault, UsageFault, SecureFault */
};

/* HIL_V7M_MACHINE: Armv6-M code that runs on an Armv7-M machine, whose fault registers then tell more. */
#if defined(__ARM_ARCH_7M__) || defined(__ARM_ARCH_7EM__) || defined(__ARM_ARCH_8M_MAIN__) || \
    defined(__ARM_ARCH_8_1M_MAIN__) || defined(HIL_V7M_MACHINE)
#define HAS_V7M_FAULTS 1
#else
#define HAS_V7M_FAULTS 0
#endif
#if defined(__ARM_ARCH_8M_MAIN__) || defined(__ARM_ARCH_8_1M_MAIN__)
#define HAS_V8M_MAINLINE 1
#else
#define HAS_V8M_MAINLINE 0
#endif

#endif
