import { HilError } from '../errors.ts';
import { EXIT } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One abort signal for everything that can stop a command: Ctrl-C, SIGTERM, a closed terminal, or --timeout-ms.
 * The first stops it cleanly (targets ended, report of the finished cases written); a second Ctrl-C leaves at once, and
 * the keeper process ends what is still running.
 */
export function watchSignals(timeoutMs: number | null): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new HilError('cancelled', 'cli.interrupted', `interrupted by ${name}`));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  if (timeoutMs !== null) {
    timer = setTimeout(() => controller.abort(new HilError('bench', 'cli.timeout', `not finished after --timeout-ms ${timeoutMs}`,
      { hint: 'Give it more time, fewer cases (--case) or fewer samples.' })), timeoutMs);
    timer.unref();
  }
  return {
    signal: controller.signal,
    stop(): void {
      if (timer !== null) clearTimeout(timer);
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
