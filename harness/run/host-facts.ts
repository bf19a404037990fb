import os from 'node:os';
import type { RunFacts } from '../report/index.ts';

/** What a figure may depend on, of this machine. @param tools e.g. {'arm-none-eabi-gcc': '12.2.1'} */
export function hostFacts(tools: Readonly<Record<string, string>>): RunFacts['hostFingerprint'] {
  return { os: `${os.type()} ${os.release()}`, arch: os.arch(), cpu: os.cpus()[0]?.model.trim() ?? 'unknown', node: process.version, tools };
}

/** e.g. "20261121T101530Z-3f2a": sorts by time, unique enough for folders of one bench. */
export function newRunId(now: Date, random: string): string {
  return `${now.toISOString().replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z')}-${random}`;
}
