import type { DeviceSpec, LeaseHolder, Quarantine, Usability } from '../../device/index.ts';

/** What a device is ready for, in one word and a sentence. */
export interface DeviceState {
  readonly state: 'ready' | 'busy' | 'quarantined' | 'missing tool' | 'not connected' | 'several boards' | 'no permission';
  /** What belongs to it: until when and why, who holds it, what is missing. Untrusted text. */
  readonly detail: string;
  /** What to do about it. */
  readonly todo: readonly string[];
}

/** What was seen of a port. */
export interface PortFacts {
  readonly state: 'free' | 'not connected' | 'several boards' | 'no permission';
  readonly what: string;
  readonly howToGet: string;
}

/** What was seen of a device. */
export interface DeviceFacts {
  readonly spec: DeviceSpec;
  readonly usability: Usability;
  readonly holders: readonly LeaseHolder[];
  readonly quarantine: Quarantine | null;
  /** Of a board on a port of this computer: is the port there, and may it be opened? null: there is no such port to look for. */
  readonly port: PortFacts | null;
}

/**
 * The one state that counts: what a run would meet first. A board that is not plugged in says nothing of its tools: nobody needs
 * them for a board that they do not have.
 */
export function deviceState({ spec, usability, holders, quarantine, port }: DeviceFacts): DeviceState {
  if (quarantine !== null) {
    return { state: 'quarantined', detail: `until ${quarantine.until}: ${quarantine.reason}${quarantine.by === null ? ' (in its device file)' : ` (${quarantine.by})`}`, todo: [] };
  }
  if (port?.state === 'not connected') return { state: 'not connected', detail: '', todo: [] };
  if (port !== null && port.state !== 'free') return { state: port.state, detail: port.what, todo: port.howToGet === '' ? [] : [port.howToGet] };
  if (!usability.usable) {
    const { missing } = usability;
    return { state: 'missing tool', detail: missing.map(({ what }) => what).join('; '), todo: [...new Set(missing.map(({ howToGet }) => howToGet))].filter((text) => text !== '') };
  }
  if (holders.length >= spec.slots) return { state: 'busy', detail: `by ${holdersText(holders)}`, todo: [] };
  return { state: 'ready', detail: holders.length === 0 ? '' : `${holders.length} of ${spec.slots} places in use by ${holdersText(holders)}`, todo: [] };
}

function holdersText(holders: readonly LeaseHolder[]): string {
  return holders.map(({ user, pid, since, command }) => `${user} (process ${pid} since ${since}: ${command})`).join(', ');
}
