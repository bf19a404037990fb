/* What newlib asks of a system. Text that the code under test prints goes out on the link, between the frames; there
 * is no input, and no files: semihosting would stop a machine that has no debugger. */
#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>

#include "hil_board.h"

extern uint8_t __heap_low[], __heap_high[];

int _write(int file, const char *text, int n);
int _read(int file, char *text, int n);
void *_sbrk(ptrdiff_t more);
int _close(int file);
int _fstat(int file, struct stat *st);
int _isatty(int file);
int _lseek(int file, int offset, int whence);
int _getpid(void);
int _kill(int pid, int signal);
void _exit(int code);

int _write(int file, const char *text, int n) {
  (void)file;
  hil_uart_write(0, (const uint8_t *)text, (uint32_t)(n > 0 ? n : 0));
  return n;
}

int _read(int file, char *text, int n) {
  (void)file;
  (void)text;
  (void)n;
  return 0;
}

void *_sbrk(ptrdiff_t more) {
  static uint8_t *top = __heap_low;
  uint8_t *was = top;
  if (more > __heap_high - top || more < __heap_low - top) {
    errno = ENOMEM;
    return (void *)-1;
  }
  top += more;
  return was;
}

int _close(int file) {
  (void)file;
  return -1;
}

int _fstat(int file, struct stat *st) {
  (void)file;
  st->st_mode = S_IFCHR;
  return 0;
}

int _isatty(int file) {
  (void)file;
  return 1;
}

int _lseek(int file, int offset, int whence) {
  (void)file;
  (void)offset;
  (void)whence;
  return 0;
}

int _getpid(void) { return 1; }

int _kill(int pid, int signal) {
  (void)pid;
  (void)signal;
  _exit(1);
  return -1;
}

/* abort(), assert() and exit() in the code under test end here: a fault is how the host hears of it. */
void _exit(int code) {
  (void)code;
  for (;;) {
    __asm__ volatile("udf #0");
  }
}
