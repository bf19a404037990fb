import type { BuiltImage } from '../build/index.ts';
import { HilError } from '../errors.ts';
import { openLink, type Link, type NetworkInfo, type TranscriptSink } from '../link/index.ts';
import { systemClock } from '../link/index.ts';
import type { Device, DeviceSession, TargetEnd } from '../device/index.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { agreeSpeed } from './agree-speed.ts';
import type { PreloadedInputs } from './preload.ts';

/** A started target with an open link to the very image that was built. */
export interface CaseSession {
  readonly device: DeviceSession;
  readonly link: Link;
  readonly network: NetworkInfo;
  /** For the report: what the driver and the line's speed have to say. */
  readonly notes: readonly string[];
  /** Inputs that need not go over the link; null: none. */
  readonly preloaded: PreloadedInputs | null;
  /** How the target ended, once it has, within a short time after the link broke; null while it lives. */
  howItEnded(): Promise<TargetEnd | null>;
  /**
   * The same running image, for another of its networks; log lines and transcript go to the new case from now on.
   * @throws HilError 'bench' 'run.wrong-network'
   */
  forNetwork(manifest: NetworkManifest, onLog: (line: string) => void, transcript: TranscriptSink): CaseSession;
  close(): Promise<void>;
}

export interface CaseSessionOptions {
  readonly device: Device;
  readonly image: BuiltImage;
  readonly manifest: NetworkManifest;
  readonly workDir: string;
  readonly signal: AbortSignal;
  readonly onLog: (line: string) => void;
  /** What the driver does on the way, one line each. */
  readonly onStep: (line: string) => void;
  /** To be in the target's memory from the start; null: everything goes over the link. */
  readonly preloaded: PreloadedInputs | null;
  readonly transcript: TranscriptSink;
}

/** After the link broke, the target's own end is waited for this long. */
const END_GRACE_MS = 500;

/**
 * Starts the image and proves by HELLO that it is this image that runs.
 * @throws HilError 'bench' 'run.wrong-image' | 'run.wrong-network' where another one answers; whatever start and link throw.
 */
export async function openCaseSession(options: CaseSessionOptions): Promise<CaseSession> {
  const { device, image, manifest, signal } = options;
  const { spec } = device;
  let { onLog, transcript } = options;
  const { preloaded } = options;
  const session = await device.start(image, { signal, workDir: options.workDir, onText: (line) => onLog(line), onStep: options.onStep,
    ...(preloaded === null ? {} : { preload: preloaded.preload }) });
  const howItEnded = (): Promise<TargetEnd | null> => Promise.race([session.ended, new Promise<null>((resolve) => setTimeout(resolve, END_GRACE_MS, null))]);
  try {
    const link = await openLink(session.stream, {
      deviceId: spec.id, signal, clock: session.clock ?? systemClock, helloTimeoutMs: spec.timeouts.helloMs, replyTimeoutMs: spec.timeouts.replyMs,
      silenceMs: spec.timeouts.silenceMs, onLog: (line) => onLog(line), transcript: { record: (event) => transcript.record(event) },
      ...(session.pace === undefined ? {} : { pace: session.pace }),
    });
    try {
      const notes = [...session.notes ?? [], ...await agreeSpeed(link, session.speed)];
      const caseSession = (of: NetworkManifest): CaseSession => ({
        device: session, link, network: checkIdentity(spec.id, link, image, of), notes, preloaded, howItEnded,
        forNetwork: (next, nextLog, nextTranscript) => {
          [onLog, transcript] = [nextLog, nextTranscript];
          return caseSession(next);
        },
        close: async () => { await link.close(); await session.stop(); },
      });
      return caseSession(manifest);
    } catch (error) {
      await link.close();
      throw error;
    }
  } catch (caught) {
    const error = ofThisImage(caught, image);
    // Only where the link failed does the target's end say why; after any other error it ended because the link was closed.
    const end = error instanceof HilError && error.code.startsWith('link.') ? await howItEnded() : null;
    await session.stop();
    throw end !== null && error instanceof HilError && error.kind === 'bench' ? withEnd(error, end) : error;
  }
}

/** A board that starts again and again before it answers HELLO may still have another image: that is not held against this one. */
function ofThisImage(error: unknown, image: BuiltImage): unknown {
  if (!(error instanceof HilError) || error.code !== 'target.reset-loop' || error.facts['buildId'] === image.buildId) return error;
  return wrongImage(`${error.message}; another image runs: BOOT`, error.facts['buildId'] as string, image, error);
}

/** @param what up to whose word it is */
function wrongImage(what: string, runs: string, image: BuiltImage, cause?: unknown): HilError {
  return new HilError('bench', 'run.wrong-image', `${what} says build ${runs}, built was ${image.buildId}`,
    { hint: 'The device was not flashed, or something else started it: flash or start it again.', facts: { runs, image: image.buildId }, cause });
}

function checkIdentity(deviceId: string, link: Link, image: BuiltImage, manifest: NetworkManifest): NetworkInfo {
  if (link.hello.buildId !== image.buildId) throw wrongImage(`device ${deviceId}: another image runs: HELLO`, link.hello.buildId, image);
  const network = link.networks.find((candidate) => candidate.name === manifest.name);
  if (network === undefined) {
    throw new HilError('bench', 'run.wrong-network', `device ${deviceId}: the image has no network ${manifest.name} (it has ${link.networks.map((each) => each.name).join(', ') || 'none'})`);
  }
  const taps = manifest.layers.reduce((sum, layer) => sum + layer.taps.length, 0);
  const bytes = (list: readonly { bytes: number }[]): number => list.reduce((sum, each) => sum + each.bytes, 0);
  const checks: [string, string | number, string | number][] = [
    ['model SHA-256', network.modelSha256, manifest.model.sha256],
    ['layers', network.layers, manifest.layers.length],
    ['taps', network.taps, taps],
    ['input bytes', network.inputBytes, bytes(manifest.inputs)],
    ['output bytes', network.outputBytes, bytes(manifest.outputs)],
    ['state bytes', network.stateBytes, bytes(manifest.state)],
  ];
  for (const [what, onDevice, expected] of checks) {
    if (onDevice !== expected) {
      throw new HilError('bench', 'run.wrong-network', `device ${deviceId}: network ${manifest.name} in the image has ${what} ${onDevice}, the manifest says ${expected}`,
        { hint: 'The C and its network.json do not belong together, or the C was made from another model: generate both again.', facts: { what, onDevice, expected } });
    }
  }
  return network;
}

/** Adds how the target ended to an error that only knows that the link broke; once, however often it is asked. */
export function withEnd(error: HilError, end: TargetEnd): HilError {
  if ('exitCode' in error.facts) return error;
  const facts = { exitCode: end.exitCode, signal: end.signal };
  const said = end.text.trim().split('\n').slice(-4).join(' / ').slice(0, 600);
  if (end.exitCode === null && end.signal === null) { // a board: no process, but the line may know why it is gone
    const named = /^device [^\s:]+: /;
    return error.inContext({ after: said === '' ? '' : `: ${said.replace(named, '')}`, facts });
  }
  const why = end.reason === undefined ? '' : ` (${end.reason})`;
  const how = `${end.signal !== null ? `was ended by ${end.signal}` : `ended with exit code ${end.exitCode}`}${why}`;
  return error.inContext({ after: `; the target process ${how}${said === '' ? '' : `; it printed: ${said}`}`, facts });
}
