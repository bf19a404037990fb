import path from 'node:path';
import { hilHome, ownedName, ownerOfName, type Device } from '../device/index.ts';
import { LiveRun } from '../history/live/index.ts';
import type { RunSource } from '../report/index.ts';
import type { OnEvent, PlannedCase } from '../run/index.ts';
import type { Terminal } from './terminal.ts';

/** Folder in which every run under way tells of itself; `hil dashboard --serve` shows it. */
export function runningDir(): string {
  return path.join(hilHome(), 'running');
}

export interface LiveProgress {
  readonly onEvent: OnEvent;
  /** @param id of the run, once it has one */
  readonly started: (id: string) => void;
  readonly end: () => Promise<void>;
}

/** Shows a run to others on this computer while it lasts. `view` gets the events too. */
export function liveProgress(plan: { readonly suite: string; readonly cases: readonly PlannedCase[]; readonly devices: readonly Device[]; readonly source: RunSource; readonly priority: string | null }, terminal: Terminal, view: OnEvent): LiveProgress {
  const pairs = plan.cases.flatMap((one) => plan.devices.filter(({ spec }) => one.devices === null || one.devices.includes(spec.id)).map(({ spec }) => ({ case: one.name, device: spec.id })));
  const live = new LiveRun({ suite: plan.suite, source: plan.source, priority: plan.priority, pairs },
    { dir: runningDir(), name: ownedName(), ownerOf: ownerOfName, onProblem: (text) => terminal.detail(text) });
  return {
    onEvent: (event) => {
      if (event.kind === 'phase') live.phase(event.case, event.device, event.phase, event.note);
      else if (event.kind === 'progress') live.progress(event.case, event.device, event.done, event.total);
      else if (event.kind === 'case-done') live.done(event.case, event.device, event.verdict);
      view(event);
    },
    started: (id) => live.started(id),
    end: () => live.end(),
  };
}
