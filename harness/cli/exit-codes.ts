import type { ErrorKind } from '../errors.ts';

/** Process exit codes (README.md, "Verdicts and exit codes"). */
export const EXIT = { ok: 0, fail: 1, usage: 2, build: 3, bench: 4, interrupted: 130 } as const;

/** Exit code of an error that ended a command before there was a report. */
export function exitCodeOf(kind: ErrorKind): number {
  switch (kind) {
    case 'target': return EXIT.fail;
    case 'config': return EXIT.usage;
    case 'build': return EXIT.build;
    case 'bench': return EXIT.bench;
    case 'cancelled': return EXIT.interrupted;
  }
}
