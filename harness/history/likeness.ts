import { createHash } from 'node:crypto';
import type { CaseReport, Quality, Report } from '../report/index.ts';

export interface Likeness {
  readonly likeness: string;
  readonly likenessText: string;
}

/** What a figure is, besides its number, where that decides which others it may be compared with. */
export interface FigureKind {
  readonly unit: string;
  readonly quality: Quality;
  readonly exact: boolean;
  /** Of energy: which model or meter; else ''. */
  readonly source?: string;
}

/**
 * Hash, and words, of all that must be the same for two figures to be compared. The model and the generator are not in it: a change of
 * those is what one wants to see in the figures.
 */
export function likenessOf(report: Report, one: CaseReport, { unit, quality, exact, source = '' }: FigureKind): Likeness {
  const device = report.devices.find(({ id }) => id === one.device) ?? null;
  const compiler = one.image?.compiler ?? '';
  const flags = meaningfulFlags(one.image?.flags ?? []);
  // Where this computer's clock is the measure, its speed is in the figure.
  const hostClock = !exact && (device?.kind === 'host' || (device?.simulated === true && unit === 'us') || unit === 'ms');
  const cpu = hostClock ? report.run.hostFingerprint.cpu : '';
  // Two boards of a kind differ in crystal, voltage and temperature; a count of bytes or elements does not.
  const bench = !exact && (quality === 'measured' || quality === 'hardware') ? report.run.source?.bench ?? '' : '';
  // The inputs of a suite belong to its commit; those of `hil check` come with the command, and bytes do not depend on them.
  const inputs = report.suite.file === null && unit !== 'B' ? one.sequences.map(({ name, samples }) => `${name} ${samples}`).join(', ') : '';
  const facts = [one.device, device?.kind ?? '', device?.core ?? '', device?.clockHz ?? 0, compiler, flags, quality, unit, source, cpu, bench, ...(inputs === '' ? [] : [inputs])];
  const level = flags.filter((flag) => /^-O/.test(flag)).at(-1) ?? '';
  return {
    likeness: createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32),
    likenessText: [
      `device ${one.device}${device === null || device.core === '' ? '' : ` (${device.core})`}`, device === null || device.clockHz === 0 ? '' : `clock ${device.clockHz} Hz`,
      `${compiler} ${level}`.trim(), `${quality} ${unit}`.trim(), source, cpu === '' ? '' : `host ${cpu}`, bench === '' ? '' : `bench ${bench}`, inputs === '' ? '' : `samples ${inputs}`,
    ].filter((part) => part !== '').join('; ').slice(0, MOST_TEXT),
  };
}

const MOST_TEXT = 400;

/** Followed by a path in an argument of its own. */
const PATH_OPTIONS: readonly string[] = ['-I', '-L', '-T', '-isystem', '-iquote', '-idirafter', '-include', '-imacros', '--sysroot', '-isysroot', '-o'];

/** The flags that shape the code: neither those that name places on one computer, nor those that only say how the compiler talks. */
export function meaningfulFlags(flags: readonly string[]): string[] {
  return flags.filter((flag, at) => !PATH_OPTIONS.includes(flags[at - 1] ?? '') && !PATH_OPTIONS.includes(flag)
    && !/^-(I|L|T|isystem|iquote|idirafter|-sysroot=|f(file|debug|macro|profile)-prefix-map=|fdiagnostics-|fmax-errors=)/.test(flag)
    && !/^-W(?![alp],)/.test(flag)
    // An absolute path, wherever it stands: -specs=/opt/..., -Wl,-Map,C:\...
    && !/(^|[=,:"'])(\/|[A-Za-z]:[\\/])[^=]/.test(flag));
}
