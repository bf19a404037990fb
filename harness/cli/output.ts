import { EXIT } from './exit-codes.ts';

/**
 * Watches for output that cannot be written. A reader that went away (`hil inspect | head -1`) is no error: the command goes
 * on, and a run still writes its report. Anything else (a full disk) must not end in exit code 0 with half an answer.
 * @returns the exit code that a command's own one becomes.
 */
export function watchOutput(): (exitCode: number) => number {
  let problem: Error | null = null;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || problem !== null) return;
    problem = error;
    process.stderr.write(`hil: cannot write to standard output: ${error.message}\n`);
    process.exitCode = worst(Number(process.exitCode ?? EXIT.ok));
  });
  // Where nothing can be said, nothing is.
  process.stderr.on('error', () => undefined);
  const worst = (exitCode: number): number => (problem !== null && exitCode === EXIT.ok ? EXIT.bench : exitCode);
  return worst;
}
