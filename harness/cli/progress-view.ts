import type { OnEvent, RunEvent } from '../run/index.ts';
import type { Terminal } from './terminal.ts';

/** On a log (CI) a long comparison says something this often. */
const PLAIN_INTERVAL_MS = 10_000;
/** A terminal line is redrawn this often at the most. */
const REDRAW_INTERVAL_MS = 100;

/** Shows a run's progress: one line that is redrawn on a terminal, plain lines now and then elsewhere. */
export function progressView(terminal: Terminal, now: () => number): OnEvent {
  const started = new Map<string, { at: number; said: number }>();
  const show = (event: RunEvent): void => {
    const who = `${event.case} on ${event.device}`;
    switch (event.kind) {
      case 'phase':
        if (terminal.interactive) terminal.status(`${who}: ${event.phase}${event.note === undefined ? '' : ` (${event.note})`}`);
        else terminal.note(`${who}: ${event.phase}${event.note === undefined ? '' : ` (${event.note})`}`);
        return;
      case 'progress': {
        const seen = started.get(who) ?? { at: now(), said: now() };
        started.set(who, seen);
        const interval = terminal.interactive ? REDRAW_INTERVAL_MS : PLAIN_INTERVAL_MS;
        if (now() - seen.said < interval) return;
        seen.said = now();
        const line = `${who}: ${progressText(event.done, event.total, now() - seen.at)}`;
        if (terminal.interactive) terminal.status(line);
        else terminal.note(line);
        return;
      }
      case 'log':
        return terminal.detail(`${event.device}: ${event.line}`);
      case 'case-done':
        started.delete(who);
        return terminal.status('');
    }
  };
  return show;
}

/** e.g. "1200/1800 samples (67 %), 640/s, 1 s left". */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
  const rate = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const left = rate > 0 ? `, ${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s, ${Math.ceil((total - done) / rate)} s left` : '';
  return `${done}/${total} samples (${percent} %)${left}`;
}
