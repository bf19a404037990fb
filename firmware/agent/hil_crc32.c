/* CRC-32, four table look-ups a 32-bit word: it runs over every frame, input and output. HIL_CRC_SMALL trades speed for
 * 3 KiB less flash.
 *
 * A table is linear over XOR in its index: each entry is the XOR of at most eight constants, one a bit of the index.
 * So only those constants are written here, and the compiler makes the tables. */
#include "hil_crc32.h"

#define BIT(n, b, k) ((((n) >> (b)) & 1u) ? (k) : 0u)
#define SLICE0(n) \
  (BIT(n, 0, 0x77073096u) ^ BIT(n, 1, 0xEE0E612Cu) ^ BIT(n, 2, 0x076DC419u) ^ BIT(n, 3, 0x0EDB8832u) ^ \
   BIT(n, 4, 0x1DB71064u) ^ BIT(n, 5, 0x3B6E20C8u) ^ BIT(n, 6, 0x76DC4190u) ^ BIT(n, 7, 0xEDB88320u))
#define SLICE1(n) \
  (BIT(n, 0, 0x191B3141u) ^ BIT(n, 1, 0x32366282u) ^ BIT(n, 2, 0x646CC504u) ^ BIT(n, 3, 0xC8D98A08u) ^ \
   BIT(n, 4, 0x4AC21251u) ^ BIT(n, 5, 0x958424A2u) ^ BIT(n, 6, 0xF0794F05u) ^ BIT(n, 7, 0x3B83984Bu))
#define SLICE2(n) \
  (BIT(n, 0, 0x01C26A37u) ^ BIT(n, 1, 0x0384D46Eu) ^ BIT(n, 2, 0x0709A8DCu) ^ BIT(n, 3, 0x0E1351B8u) ^ \
   BIT(n, 4, 0x1C26A370u) ^ BIT(n, 5, 0x384D46E0u) ^ BIT(n, 6, 0x709A8DC0u) ^ BIT(n, 7, 0xE1351B80u))
#define SLICE3(n) \
  (BIT(n, 0, 0xB8BC6765u) ^ BIT(n, 1, 0xAA09C88Bu) ^ BIT(n, 2, 0x8F629757u) ^ BIT(n, 3, 0xC5B428EFu) ^ \
   BIT(n, 4, 0x5019579Fu) ^ BIT(n, 5, 0xA032AF3Eu) ^ BIT(n, 6, 0x9B14583Du) ^ BIT(n, 7, 0xED59B63Bu))
#define FOUR(s, n) s((n)), s((n) + 1u), s((n) + 2u), s((n) + 3u)
#define SIXTEEN(s, n) FOUR(s, n), FOUR(s, (n) + 4u), FOUR(s, (n) + 8u), FOUR(s, (n) + 12u)
#define SIXTY_FOUR(s, n) SIXTEEN(s, n), SIXTEEN(s, (n) + 16u), SIXTEEN(s, (n) + 32u), SIXTEEN(s, (n) + 48u)
#define TABLE(s) \
  { SIXTY_FOUR(s, 0u), SIXTY_FOUR(s, 64u), SIXTY_FOUR(s, 128u), SIXTY_FOUR(s, 192u) }

#if defined(HIL_CRC_SMALL) || !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#define WORDS 0
static const uint32_t table[1][256] = {TABLE(SLICE0)};
#else
#define WORDS 1
static const uint32_t table[4][256] = {TABLE(SLICE0), TABLE(SLICE1), TABLE(SLICE2), TABLE(SLICE3)};
#endif

static uint32_t one(uint32_t crc, uint32_t byte) { return (crc >> 8) ^ table[0][(crc ^ byte) & 0xFFu]; }

#if WORDS
#if defined(__GNUC__)
typedef uint32_t __attribute__((may_alias)) word; /* the bytes may have been written as any type */
#else
typedef uint32_t word;
#endif

static uint32_t four(uint32_t crc, uint32_t bytes) {
  crc ^= bytes;
  return table[3][crc & 0xFFu] ^ table[2][(crc >> 8) & 0xFFu] ^ table[1][(crc >> 16) & 0xFFu] ^ table[0][crc >> 24];
}
#endif

uint32_t hil_crc32(uint32_t crc, const void *data, uint32_t bytes) {
  const uint8_t *p = (const uint8_t *)data;
  crc = ~crc;
#if WORDS
  /* Words are read aligned only: Armv6-M has no other loads. */
  while (bytes > 0u && ((uintptr_t)p & 3u) != 0u) {
    crc = one(crc, *p++);
    bytes--;
  }
  while (bytes >= 16u) {
    const word *w = (const word *)(const void *)p;
    crc = four(crc, w[0]);
    crc = four(crc, w[1]);
    crc = four(crc, w[2]);
    crc = four(crc, w[3]);
    p += 16;
    bytes -= 16u;
  }
#endif
  while (bytes > 0u) {
    crc = one(crc, *p++);
    bytes--;
  }
  return ~crc;
}
