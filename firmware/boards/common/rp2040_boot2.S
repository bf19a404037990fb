/* The 256 bytes that the RP2040's boot ROM reads from flash and runs in RAM: they make the flash readable as memory, then go to
 * the vectors behind them. Plain serial reads (command 03h), which every flash knows, at a quarter of the core's clock.
 * The last word is the CRC-32 of the rest (polynomial 04C11DB7, start FFFFFFFF, neither reflected nor inverted); a test
 * computes it. Source: RP2040 Datasheet 2.8.1.3.1, 4.10 (SSI). */
    .syntax unified
    .cpu cortex-m0plus
    .thumb

    .section .boot2, "ax"
    .balign 256
    .global hil_boot2
hil_boot2:
    push {lr}               /* 0 from the boot ROM; code that turned the flash off calls this to turn it on again */
    ldr r3, =0x18000000     /* SSI */
    movs r0, #0
    str r0, [r3, #0x08]     /* SSIENR: off */
    movs r0, #4
    str r0, [r3, #0x14]     /* BAUDR: clock / 4 */
    ldr r0, =0x001f0300     /* CTRLR0: frames of 32 bits, one line, send then receive */
    str r0, [r3, #0x00]
    movs r0, #0
    str r0, [r3, #0x04]     /* CTRLR1: one frame a read */
    ldr r0, =0x03000218     /* SPI_CTRLR0: command 03h of 8 bits, address of 24 */
    ldr r1, =0x180000f4
    str r0, [r1]
    movs r0, #1
    str r0, [r3, #0x08]     /* SSIENR: on */
    pop {r0}
    cmp r0, #0
    beq 1f
    bx r0
1:  ldr r0, =0x10000100     /* the vectors */
    ldr r1, =0xe000ed08     /* VTOR */
    str r0, [r1]
    ldmia r0!, {r1, r2}
    msr msp, r1
    bx r2
    .ltorg
    .org hil_boot2 + 252, 0
    .word 0x79eae45e        /* CRC */
