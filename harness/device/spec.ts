/** devices/<id>.json, schema "hil-device/1" (device.schema.json; unknown fields refused with their JSON path). */
export interface DeviceSpec {
  readonly schema: 'hil-device/1';
  readonly id: string;
  readonly description: string;
  readonly kind: 'host' | 'qemu' | 'fvp' | 'serial';
  /** 'cortex-m55', 'cortex-m4', 'cortex-m0', 'native', ... */
  readonly core: string;
  /** Folder name below firmware/boards (or below `boards` beside the device file); its board.json holds sources, linker script and compiler flags. */
  readonly board: string;
  readonly simulated: boolean;
  /** Core clock; 0 where it means nothing (host). */
  readonly clockHz: number;
  /** How many runs may use the device at once on this machine (1 for a board). */
  readonly slots: number;
  /** Devices that are one piece of hardware (two cores of one board) give the same name here: leased as one. Default: the id. */
  readonly lock?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly latency: {
    readonly unit: 'instructions' | 'cycles' | 'us';
    readonly quality: 'modelled' | 'approximate' | 'hardware';
    /** unit = ticks * numerator / denominator, ticks being the agent's now(). */
    readonly numerator: number;
    readonly denominator: number;
  };
  readonly timeouts: { readonly startMs: number; readonly helloMs: number; readonly replyMs: number; readonly silenceMs: number };
  /** An invocation that takes longer than this much device time is an endless loop. */
  readonly invocationLimitMs: number;
  /** What answers on the link. 'mlperf-tiny': a stock MLPerf Tiny / EnergyRunner firmware, which is never flashed. Default 'hil'. */
  readonly firmware?: 'hil' | 'mlperf-tiny';
  /** How a stock MLPerf Tiny firmware is spoken to; only with that firmware. */
  readonly mlperfTiny?: {
    /** It is reached through an IO manager's `dut` command. Default false. */
    readonly ioManager?: boolean;
    /** Each sample is read back before it is used; without, a byte that the line changed shows in the results only. Default true. */
    readonly readBack?: boolean;
  };
  readonly qemu?: QemuSpec;
  readonly fvp?: FvpSpec;
  readonly serial?: SerialSpec;
  /** How an image gets onto the board; absent: it is there already ("attached"), and HELLO must show the build that was made. */
  readonly flasher?: FlasherSpec;
  readonly power?: PowerSpec;
  /** Not to be used until this date: cases on it are skipped, with the reason. */
  readonly quarantine?: { readonly reason: string; /** ISO date, YYYY-MM-DD: the last day. */ readonly until: string };
  /** Modelled energy table; null with a reason where none is known. */
  readonly energy: EnergyTable | { readonly none: string };
}

export interface QemuSpec {
  readonly machine: string;
  readonly cpu?: string;
  readonly icountShift: number;
}

/** An Arm Fixed Virtual Platform. */
export interface FvpSpec {
  /** Names of the executable, best first, e.g. FVP_Corstone_SSE-300_Ethos-U55, VHT_Corstone_SSE-300_Ethos-U55. */
  readonly programs: readonly string[];
  /** Instance that holds UART and terminals: mps3_board or mps4_board. */
  readonly boardInstance: string;
  /** -C name=value; those that the program at hand does not list (-l) are left out, and said. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For the report. */
  readonly npu: { readonly name: string; readonly macs: number; /** Its counters mean nothing. */ readonly fast: boolean };
}

/** A board on a serial line, near or far. */
export interface SerialSpec {
  readonly port: PortIdentity;
  readonly baud: {
    /** After reset. */
    readonly start: number;
    /** Tried best first after HELLO; the fastest that both sides do is used. Empty: stay. */
    readonly faster: readonly number[];
  };
  readonly reset: {
    /** What opening the port does with the control lines: 'none' leaves them alone, 'dtr' and 'rts' pulse that line. */
    readonly onOpen: 'none' | 'dtr' | 'rts';
    readonly pulseMs: number;
    /** From reset or power until the board can hear. */
    readonly bootMs: number;
    /** Level of the lines while the port is open. Default true. */
    readonly dtr?: boolean;
    readonly rts?: boolean;
  };
}

/** Which port: never /dev/ttyACM3, which moves. */
export type PortIdentity =
  /** USB ids (4 hex digits); with several equal boards the serial number decides, and must be given. */
  | { readonly usb: { readonly vendorId: string; readonly productIds: readonly string[]; readonly serialNumber?: string; /** Of several ports of one board (by-id "-if00"). */ readonly interface?: number } }
  /** A fixed path, best one below /dev/serial/by-id; also a pty. */
  | { readonly path: string }
  | { readonly tcp: { readonly host: string; readonly port: number } }
  | { readonly rfc2217: { readonly host: string; readonly port: number } };

/** Each tool's own words; the adapter (harness/device/flashers) makes its command line. */
export type FlasherSpec =
  | { readonly tool: 'openocd'; readonly configs: readonly string[]; readonly searchDirs?: readonly string[]; readonly probeSerial?: string; readonly speedKhz?: number }
  | { readonly tool: 'pyocd'; readonly target: string; readonly probeSerial?: string; readonly speedKhz?: number }
  | { readonly tool: 'probe-rs'; readonly chip: string; /** VID:PID[:SERIAL] */ readonly probe?: string; readonly speedKhz?: number }
  | { readonly tool: 'jlink'; readonly device: string; readonly interface: 'SWD' | 'JTAG'; readonly speedKhz: number; readonly probeSerial?: string }
  | { readonly tool: 'stm32cubeprogrammer'; readonly port: 'SWD' | 'JTAG'; readonly probeSerial?: string; readonly speedKhz?: number }
  | { readonly tool: 'dfu-util'; /** VID:PID of the boot loader. */ readonly usbId: string; readonly alt: number; readonly address: string; readonly serialNumber?: string; readonly touch1200?: boolean }
  | { readonly tool: 'bossac'; readonly touch1200: boolean; /** Where the application begins, for -o; absent: the tool's own. */ readonly offset?: string; readonly usbPort?: boolean }
  | { readonly tool: 'picotool'; readonly serialNumber?: string; readonly forceReboot?: boolean }
  | { readonly tool: 'uf2'; readonly volumeLabel: string; readonly familyId: string }
  | { readonly tool: 'alif-setools'; readonly part: string; readonly cpu: 'M55_HE' | 'M55_HP'; readonly address: string; readonly revision?: string }
  /** Any other: {elf}, {bin} and {port} stand for paths. Exit code 0 is success. */
  | { readonly tool: 'command'; readonly argv: readonly string[] };

/** Programs that switch the board's supply (uhubctl, a relay's tool): argument arrays, no shell. */
export interface PowerSpec {
  readonly off: readonly string[];
  readonly on: readonly string[];
  readonly offMs: number;
}

export interface EnergyTable {
  readonly source: string;
  readonly picojoulePerMac: number;
  readonly picojoulePerOtherOp: number;
  readonly picojoulePerRamByte: number;
  readonly picojoulePerFlashByte: number;
}
