/**
 * What known firmware prints when it dies, starts, or runs out of power. A device that has said such a thing and then keeps
 * silent needs no guess. Only texts that their source prints word for word are here: a wrong match would lay a broken bench
 * to the code under test, or the other way round.
 */
export type BannerMeaning = 'brown-out' | 'crash' | 'start';

export interface Banner {
  readonly meaning: BannerMeaning;
  /** Whose text it is: 'ESP-IDF'. */
  readonly system: string;
  /** The line, cut to MAX_SCANNED; untrusted, not escaped. */
  readonly line: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly meaning: BannerMeaning;
  readonly system: string;
}

/** No known text begins later in its line. */
const MAX_SCANNED = 200;

/** The first that matches counts. */
const KNOWN: readonly Known[] = [
  // ESP-IDF, components/esp_system/port/brownout.c
  { pattern: /Brownout detector was triggered/, meaning: 'brown-out', system: 'ESP-IDF' },
  // ESP32 boot ROM: "rst:0xf (RTCWDT_BROWN_OUT_RESET),boot:0x13"; the names are those of esp_rom/include/*/rom/rtc.h
  { pattern: /^rst:0x[0-9a-f]+ \((?:RTCWDT_)?BROWN_OUT_R(?:ESET|ST)\)/, meaning: 'brown-out', system: 'ESP32 boot ROM' },
  { pattern: /^rst:0x[0-9a-f]+ \([A-Z0-9_]+\),boot:0x/, meaning: 'start', system: 'ESP32 boot ROM' },
  // ESP-IDF, components/esp_system/panic.c
  { pattern: /^Guru Meditation Error: Core +\d+ panic'ed \(/, meaning: 'crash', system: 'ESP-IDF' },
  { pattern: /^abort\(\) was called at PC 0x/, meaning: 'crash', system: 'ESP-IDF' },
  // Zephyr, kernel/fatal.c (its own test runner looks for these words) and arch/arm/core/cortex_m/fault.c
  { pattern: />>> ZEPHYR FATAL ERROR \d/, meaning: 'crash', system: 'Zephyr' },
  { pattern: /\*{5} (?:HARD|BUS|USAGE|MPU|SECURE) FAULT \*{5}/, meaning: 'crash', system: 'Zephyr' },
  // Zephyr, kernel/banner.c
  { pattern: /\*\*\* Booting (?:Zephyr OS|MCUboot|nRF Connect SDK)\b/, meaning: 'start', system: 'Zephyr' },
  // Mbed OS, platform/source/mbed_error.c and TARGET_CORTEX_M/mbed_fault_handler.c
  { pattern: /^\+\+ MbedOS (?:Error Info|Fault Handler) \+\+/, meaning: 'crash', system: 'Mbed OS' },
  // RIOT, core/lib/panic.c
  { pattern: /\*\*\* RIOT kernel panic\b/, meaning: 'crash', system: 'RIOT' },
  { pattern: /^(?:main\(\): )?This is RIOT! \(Version: /, meaning: 'start', system: 'RIOT' },
  // newlib, libc/stdlib/assert.c
  { pattern: /^assertion ".*" failed: file "/, meaning: 'crash', system: 'newlib' },
  // What vendors' templates and tutorials print from the handler of that name; nothing else on the line but marks.
  { pattern: /^[\s*!>#\-=[\]]*Hard ?Fault(?:_Handler)?[\s*!<#\-=[\].:]*$/i, meaning: 'crash', system: 'a HardFault handler' },
];

/** @param line one line that the device printed. @returns what it means, if it is known */
export function readBanner(line: string): Banner | null {
  const scanned = line.slice(0, MAX_SCANNED);
  const known = KNOWN.find(({ pattern }) => pattern.test(scanned));
  return known === undefined ? null : { meaning: known.meaning, system: known.system, line: scanned };
}

/** What the device printed lately: its last line, and the last that is known. */
export class LastWords {
  /** The last line since the last frame; '' where there is none. Untrusted, not escaped. */
  line = '';
  /** The last death or brown-out since the last frame: a device that sends frames has got over it. */
  banner: Banner | null = null;
  /** Lines that say that something starts. */
  starts = 0;

  /** @param text any part of what was printed, lines whole */
  take(text: string): void {
    for (const line of text.split(/\r\n|\n|\r/)) {
      if (line.trim() === '') continue;
      this.line = line.slice(0, MAX_SCANNED);
      const banner = readBanner(line);
      if (banner?.meaning === 'start') this.starts += 1;
      else if (banner !== null && this.banner?.meaning !== 'brown-out') this.banner = banner;
    }
  }

  /** A frame came. */
  alive(): void {
    this.line = '';
    this.banner = null;
  }
}
