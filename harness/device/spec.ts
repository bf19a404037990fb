/** devices/<id>.json, schema "hil-device/1" (device.schema.json; unknown fields refused with their JSON path). */
export interface DeviceSpec {
  readonly schema: 'hil-device/1';
  readonly id: string;
  readonly description: string;
  readonly kind: 'host' | 'qemu' | 'fvp' | 'serial';
  /** 'cortex-m55', 'cortex-m4', 'cortex-m0', 'native', ... */
  readonly core: string;
  /** Folder name below firmware/boards; its board.json holds sources, linker script and compiler flags. */
  readonly board: string;
  readonly simulated: boolean;
  /** Core clock; 0 where it means nothing (host). */
  readonly clockHz: number;
  /** How many runs may use the device at once on this machine (1 for a board). */
  readonly slots: number;
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
  readonly qemu?: { readonly machine: string; readonly cpu?: string; readonly icountShift: number };
  /** Modelled energy table; null with a reason where none is known. */
  readonly energy: EnergyTable | { readonly none: string };
}

export interface EnergyTable {
  readonly source: string;
  readonly picojoulePerMac: number;
  readonly picojoulePerOtherOp: number;
  readonly picojoulePerRamByte: number;
  readonly picojoulePerFlashByte: number;
}
