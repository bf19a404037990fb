import type { BuiltImage, SourcePlace } from '../../build/index.ts';
import { HilError } from '../../errors.ts';
import { recordDamaged, thrownAgain, type Outcome, type RecordedImage } from '../../run/index.ts';
import { checkManifest, readManifest, type NetworkManifest } from '../../runtimes/index.ts';
import type { RecordedRun } from '../read-run.ts';
import type { DeviceEvent } from '../replay-device.ts';

/** What generator and compiler made in a recorded run for one device, found by what it is rather than by when it came. */
export class RecordedBuilds {
  readonly #run: RecordedRun;
  readonly #device: string;
  readonly #manifests = new Map<string, Outcome<NetworkManifest>>();
  readonly #builds = new Map<string, RecordedImage>();
  readonly #failures = new Map<string, HilError>();
  readonly #places = new Map<string, SourcePlace | null>();

  /** @param events of the device @throws HilError 'config' record.damaged */
  constructor(run: RecordedRun, device: string, events: readonly DeviceEvent[]) {
    [this.#run, this.#device] = [run, device];
    for (const { case: of, ...event } of events) {
      if (of === null || !('stage' in event)) continue;
      const { stage } = event;
      if ((stage.stage === 'generate' || stage.stage === 'build') && !isOutcome(stage.outcome)) throw recordDamaged(`transcript.ndjson: it does not tell what "${stage.stage}" of ${of} on ${device} came to`);
      if (stage.stage === 'generate') this.#manifests.set(of, stage.outcome);
      else if (stage.stage === 'resolve') this.#places.set(`${of}\n${stage.address}`, stage.place);
      else if (stage.stage === 'build') {
        if ('error' in stage.outcome) this.#failures.set(of, thrownAgain(stage.outcome.error));
        else this.#builds.set(checkedBuild(stage.outcome.value, device).sha256, stage.outcome.value);
      }
    }
  }

  /** The SHA-256 of the image that a case ran; null: it came to none. */
  shaOf(name: string): string | null {
    return this.#run.report.cases.find((one) => one.name === name && one.device === this.#device)?.image?.sha256 ?? null;
  }

  /** @throws HilError what the generator ended with; 'config' record.damaged, or as checkManifest() */
  manifestOf(name: string): NetworkManifest {
    const outcome = this.#manifests.get(name);
    if (outcome === undefined) throw recordDamaged(`the transcript does not have the manifest of ${name} on ${this.#device}`);
    if ('error' in outcome) throw thrownAgain(outcome.error);
    const plan = this.#run.cases.find((one) => one.name === name);
    if (plan === undefined) throw recordDamaged(`there is no plan of ${name}`);
    const manifest = readManifest(JSON.stringify(outcome.value), `the recorded manifest of ${name}`);
    checkManifest(manifest, plan.model);
    return manifest;
  }

  /**
   * The image that all of these cases ran.
   * @throws HilError 'build' as recorded where they never shared one; 'config' replay.no-image where it is not kept
   */
  imageOf(names: readonly string[]): BuiltImage {
    const [first] = names as [string];
    const sha256 = this.shaOf(first);
    if (sha256 === null || names.some((name) => this.shaOf(name) !== sha256)) {
      throw this.#failures.get(first) ?? recordDamaged(`the transcript does not tell how the image of ${first} on ${this.#device} was built`);
    }
    const facts = this.#builds.get(sha256);
    const elf = this.#run.images.get(sha256);
    if (facts === undefined) throw recordDamaged(`the transcript does not tell how the image of ${first} on ${this.#device} was built`);
    if (elf === undefined) throw noImage(first, this.#device);
    // Nothing but the ELF was ever kept or is needed: drivers and flashers make raw binaries of it.
    return { ...facts, cached: true, elf, files: {}, addr2line: '' };
  }

  /** As the recorded run resolved it; undefined: it did not ask. */
  placeOf(name: string, address: number): SourcePlace | null | undefined {
    return this.#places.get(`${name}\n${address}`);
  }
}

export function noImage(name: string, device: string): HilError {
  return new HilError('config', 'replay.no-image', `the image of ${name} on ${device} is not in the run's folder images/, or was changed`, { hint: 'Take the whole folder of the run, or a file of hil bundle.' });
}

function isOutcome(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'value' in value || ('error' in value && typeof value.error === 'object' && value.error !== null && 'message' in value.error);
}

/** As much as the rest relies on. @throws HilError 'config' record.damaged */
function checkedBuild(value: RecordedImage, device: string): RecordedImage {
  const given = value as Partial<Record<keyof RecordedImage, unknown>> | null;
  const memory = given?.memory as Partial<Record<keyof BuiltImage['memory'], unknown>> | null | undefined;
  const fine = typeof given?.sha256 === 'string' && typeof given.buildId === 'string' && /^[0-9a-f]{32}$/.test(given.buildId) && typeof given.compiler === 'string' && Array.isArray(given.flags)
    && given.flags.every((flag) => typeof flag === 'string') && typeof memory?.flashBytes === 'number' && typeof memory.ramBytes === 'number' && typeof memory.stackBounds === 'object' && memory.stackBounds !== null;
  if (!fine) throw recordDamaged(`transcript.ndjson: what it says of an image for ${device} is not what hil writes`);
  return value;
}
