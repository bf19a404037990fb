import type { Device, DeviceSession } from '../../device/index.ts';
import type { Bench } from '../bench.ts';
import type { CaseContext } from '../case-context.ts';
import { noting, recordedError, type OnStage } from './run-record.ts';

/** The same bench, whose answers are noted. @param note called with the case that an answer belongs to */
export function recordingBench(bench: Bench, note: (context: CaseContext) => OnStage): Bench {
  return {
    generate: async (context) => noting(() => bench.generate(context), (outcome) => note(context)({ stage: 'generate', outcome: 'error' in outcome ? outcome : { value: outcome.value.manifest } })),
    build: async (contexts, packages) => noting(() => bench.build(contexts, packages), (outcome) => {
      if ('error' in outcome) return note(contexts[0] as CaseContext)({ stage: 'build', outcome });
      // Paths mean nothing elsewhere; the image itself is kept beside the report.
      const { elf: _elf, files: _files, addr2line: _addr2line, ...value } = outcome.value;
      return note(contexts[0] as CaseContext)({ stage: 'build', outcome: { value } });
    }),
    async occupy(context, work) {
      let occupied = false;
      try {
        return await bench.occupy(context, (workDir) => {
          occupied = true;
          note(context)({ stage: 'occupy', outcome: { value: null } });
          return work(workDir);
        });
      } catch (error) {
        if (!occupied) note(context)({ stage: 'occupy', outcome: { error: recordedError(error) } });
        throw error;
      }
    },
    pause: (context, ms) => noting(() => bench.pause(context, ms), (outcome) => note(context)({ stage: 'pause', outcome: 'error' in outcome ? outcome : { value: null } })),
    async resolvePc(context, image, address) {
      const place = await bench.resolvePc(context, image, address);
      note(context)({ stage: 'resolve', address, place });
      return place;
    },
  };
}

/** The same device, whose answers are noted. */
export function recordingDevice(device: Device, note: OnStage): Device {
  return {
    spec: device.spec,
    probe: () => noting(() => device.probe(), (outcome) => note({ stage: 'probe', outcome })),
    async start(image, options) {
      const onText = (line: string): void => {
        note({ stage: 'printed', line });
        options.onText?.(line);
      };
      try {
        const session = await device.start(image, { ...options, onText });
        const { notes = [], speed, pace } = session;
        note({ stage: 'start', outcome: { value: { notes, speed: speed === undefined ? null : { baud: speed.baud, faster: speed.faster }, pace: pace === undefined ? null : { writeBytes: pace.writeBytes } } } });
        return recordingSession(session, note);
      } catch (error) {
        note({ stage: 'start', outcome: { error: recordedError(error) } });
        throw error;
      }
    },
    ...(device.preloads === undefined ? {} : { preloads: device.preloads }),
    ...(device.recover === undefined ? {} : { recover: (options) => noting(async () => await device.recover?.(options) ?? 'nothing', (outcome) => note({ stage: 'recover', outcome })) }),
  };
}

function recordingSession(session: DeviceSession, note: OnStage): DeviceSession {
  let stopped = false;
  const ended = session.ended.then((end) => {
    note({ stage: 'ended', end, stopped });
    return end;
  });
  return {
    stream: session.stream, ended,
    stop: () => {
      stopped = true;
      return session.stop();
    },
    ...(session.notes === undefined ? {} : { notes: session.notes }),
    ...(session.speed === undefined ? {} : { speed: session.speed }),
    ...(session.pace === undefined ? {} : { pace: session.pace }),
    ...(session.clock === undefined ? {} : { clock: session.clock }),
  };
}
