/* What newlib asks of a system. Text that the code under test prints goes out on the link, between the frames; there
 * is no input, and no files: semihosting would stop a machine that has no debugger. */
#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
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
void _exit(int code) __attribute__((noreturn));

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
}

/* How the code under test ends itself, told to the host as a FAULT with the place of the call. The message before it is
 * an ordinary line of text. */

enum { LONGEST_NAME = 200 };

#define CALLER() ((uint32_t)(uintptr_t)__builtin_return_address(0))

static void say(const char *text) {
  uint32_t n = 0;
  while (n < (uint32_t)LONGEST_NAME && text[n] != '\0') {
    n++;
  }
  hil_uart_write(0, (const uint8_t *)text, n);
}

static void say_number(int number) {
  char digits[12];
  char *at = digits + sizeof digits - 1;
  unsigned rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;
  *at = '\0';
  do {
    *--at = (char)('0' + rest % 10u);
    rest /= 10u;
  } while (rest > 0u);
  if (number < 0) {
    *--at = '-';
  }
  say(at);
}

/* No frame may come between the message and the FAULT: it would look as if the device had got over it. */
static void begin_message(void) {
  __asm__ volatile("cpsid i" : : : "memory");
  say("\n");
}

/* In the words of newlib's own, which is not linked: it needs stdio. */
void __assert_func(const char *file, int line, const char *function, const char *expression) {
  uint32_t caller = CALLER();
  begin_message();
  say("assertion \"");
  say(expression);
  say("\" failed: file \"");
  say(file);
  say("\", line ");
  say_number(line);
  if (function != 0) {
    say(", function: ");
    say(function);
  }
  say("\n");
  hil_board_end(HIL_KIND_ASSERT, caller);
}

void abort(void) {
  uint32_t caller = CALLER();
  begin_message();
  say("abort() was called\n");
  hil_board_end(HIL_KIND_EXIT, caller);
}

static void leave(int code, uint32_t caller) __attribute__((noreturn));
static void leave(int code, uint32_t caller) {
  begin_message();
  say("exit(");
  say_number(code);
  say(") was called\n");
  hil_board_end(HIL_KIND_EXIT, caller);
}

void exit(int code) { leave(code, CALLER()); }

void _exit(int code) { leave(code, CALLER()); }
