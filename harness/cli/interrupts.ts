import { HilError } from '../errors.ts';
import { EXIT } from './exit-codes.ts';
import { watchParent, type StopReason } from './parent-watch.ts';

const TEXT: Readonly<Record<StopReason, string>> = {
  SIGINT: 'interrupted by SIGINT', SIGTERM: 'interrupted by SIGTERM', SIGHUP: 'interrupted by SIGHUP',
  'parent-gone': 'interrupted: the program that started hil is gone',
};

/**
 * One abort signal for everything that can stop a command: Ctrl-C, SIGTERM, a closed terminal, the launcher's end, or
 * --timeout-ms. The first stops it cleanly (targets ended, report of the finished cases written); a second Ctrl-C leaves at
 * once, and the keeper process ends what is still running.
 */
export function watchSignals(timeoutMs: number | null): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const unwatch = watchParent((reason) => {
    if (controller.signal.aborted) {
      // A launcher that dies after it passed Ctrl-C on is no second request.
      if (reason !== 'parent-gone') process.exit(EXIT.interrupted);
      return;
    }
    controller.abort(new HilError('cancelled', 'cli.interrupted', TEXT[reason]));
  });
  if (timeoutMs !== null) {
    timer = setTimeout(() => controller.abort(new HilError('bench', 'cli.timeout', `not finished after --timeout-ms ${timeoutMs}`,
      { hint: 'Give it more time, fewer cases (--case) or fewer samples.' })), timeoutMs);
    timer.unref();
  }
  return {
    signal: controller.signal,
    stop(): void {
      if (timer !== null) clearTimeout(timer);
      unwatch();
    },
  };
}
