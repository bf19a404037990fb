import fc from 'fast-check';
import t from 'tap';
import { LastWords, readBanner } from './banners.ts';

t.test('known lines, as they really look', (t) => {
  for (const [line, meaning, system] of [
    ['Brownout detector was triggered', 'brown-out', 'ESP-IDF'],
    ['E BOD: Brownout detector was triggered', 'brown-out', 'ESP-IDF'],
    ['rst:0xf (RTCWDT_BROWN_OUT_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)', 'brown-out', 'ESP32 boot ROM'],
    ['rst:0x1 (POWERON_RESET),boot:0x17 (SPI_FAST_FLASH_BOOT)', 'start', 'ESP32 boot ROM'],
    ["Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.", 'crash', 'ESP-IDF'],
    ['abort() was called at PC 0x400d1234 on core 0', 'crash', 'ESP-IDF'],
    ['[00:00:05.979,000] <err> os: >>> ZEPHYR FATAL ERROR 25: Unknown error on CPU 0', 'crash', 'Zephyr'],
    ['[00:00:05.979,000] <err> os: ***** BUS FAULT *****', 'crash', 'Zephyr'],
    ['*** Booting Zephyr OS build v3.5.0-rc2-230-ga80246d0863d ***', 'start', 'Zephyr'],
    ['++ MbedOS Error Info ++', 'crash', 'Mbed OS'],
    ['++ MbedOS Fault Handler ++', 'crash', 'Mbed OS'],
    ['*** RIOT kernel panic (6): HARD FAULT HANDLER', 'crash', 'RIOT'],
    ['main(): This is RIOT! (Version: 2023.04)', 'start', 'RIOT'],
    ['assertion "n > 0" failed: file "main.c", line 7, function: main', 'crash', 'newlib'],
    ['HardFault_Handler', 'crash', 'a HardFault handler'],
    ['!!! Hard fault !!!', 'crash', 'a HardFault handler'],
  ] as const) t.match(readBanner(line), { meaning, system, line }, line);
  t.end();
});

t.test('lines that only speak of such things are not taken for them', (t) => {
  for (const line of [
    'brown-out reset enabled', 'BOR level 3', 'brownout detector: off', 'HardFault handler installed', 'no hard fault so far', 'watchdog fed',
    'test: assertion helper loaded', 'Booting Zephyr', 'reset', 'fatal: none', 'rst:0xf', 'Guru Meditation',
  ]) t.equal(readBanner(line), null, line);
  t.end();
});

t.test('the last words: a brown-out outranks what it brought about; a frame wipes all but the starts', (t) => {
  const words = new LastWords();
  words.take('boot\r\n*** Booting Zephyr OS build 1 ***\n\n***** HARD FAULT *****\r\n  detail\n \n');
  t.match(words, { line: '  detail', starts: 1, banner: { meaning: 'crash' } });
  words.take('Brownout detector was triggered\n>>> ZEPHYR FATAL ERROR 3: x on CPU 0\n');
  t.match(words.banner, { meaning: 'brown-out' });
  words.alive();
  t.match(words, { line: '', starts: 1, banner: null });
  t.end();
});

t.test('any text takes little time and memory', (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (text) => {
    const words = new LastWords();
    words.take(text);
    return words.line.length <= 200 && (words.banner === null || words.banner.line.length <= 200);
  }), { numRuns: 500 });
  const start = performance.now();
  const words = new LastWords();
  for (const piece of ['*', ' ', '=[]', 'Hard Fault ', 'assertion "', '***** ']) words.take(piece.repeat(60_000));
  t.ok(performance.now() - start < 2000, 'no pattern looks at a long line again and again');
  t.end();
});
