/**
 * Why this process should stop: a signal of its own, or one that the launcher (bin/launch.mjs) passes on as a message, or
 * the launcher's death. On Node 24 and newer there is no launcher process and only signals are left.
 */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'parent-gone';

/** What is needed of `process`; tests give something smaller. */
export interface WatchedProcess extends NodeJS.EventEmitter {
  readonly channel?: { unref(): void } | null | undefined;
}

export interface WatchOptions {
  readonly process?: WatchedProcess;
  /** Milliseconds, from any start. */
  readonly now?: () => number;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Ctrl-C reaches the launcher and this process at one moment; no person presses it twice that fast. */
const SAME_MOMENT_MS = 250;

/**
 * Calls `stop` once for each request to stop: Ctrl-C that arrives both as a signal and as the launcher's message counts
 * once; a second Ctrl-C, later, counts again. While it watches, the signals do not end the process by themselves.
 * Watching keeps no process alive.
 * @returns a function that ends the watching
 */
export function watchParent(stop: (reason: StopReason) => void, options: WatchOptions = {}): () => void {
  const watched = options.process ?? process;
  const now = options.now ?? (() => performance.now());
  const last = new Map<StopReason, number>();
  const request = (reason: StopReason): void => {
    const time = now();
    const before = last.get(reason);
    last.set(reason, time);
    if (before === undefined || time - before > SAME_MOMENT_MS) stop(reason);
  };
  const listeners: [event: string, listener: (argument: unknown) => void][] = [
    ...SIGNALS.map((signal): [string, () => void] => [signal, () => request(signal)]),
    ['message', (message: unknown) => { if (isSignalMessage(message)) request(message.signal); }],
    ['disconnect', () => request('parent-gone')],
  ];
  for (const [event, listener] of listeners) watched.on(event, listener);
  // Listening for messages would keep the process alive for as long as the launcher lives: for ever.
  watched.channel?.unref();
  return () => {
    for (const [event, listener] of listeners) watched.removeListener(event, listener);
  };
}

function isSignalMessage(message: unknown): message is { signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' } {
  if (typeof message !== 'object' || message === null || !('hil' in message) || message.hil !== 'signal') return false;
  return 'signal' in message && SIGNALS.some((signal) => signal === message.signal);
}
