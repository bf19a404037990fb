/** What an FVP says on its own output. Texts differ between releases and may be missing: nothing depends on one coming. */

export interface Terminal {
  /** 'telnetterminal0' is that of UART0. */
  readonly name: string;
  readonly port: number;
}

/**
 * The line that names a terminal's TCP port. The order of these lines varies, and so does which terminal got which port: a
 * taken port silently becomes the next free one.
 */
export function parseListening(line: string): Terminal | null {
  const match = /(?:^|[\s.])(telnetterminal\d{1,3}): Listening for serial connection on port (\d{1,5})\s*$/.exec(line);
  if (match === null) return null;
  const port = Number(match[2]);
  return port >= 1 && port <= 65_535 ? { name: match[1]!, port } : null;
}

/** '11.16.24 (Nov 4 2021)' of the text of --version; null where there is none. */
export function parseVersion(text: string): string | null {
  const match = /Fast Models \[(\d[\d.]{0,30}(?: \([A-Za-z0-9 ]{1,30}\))?)\]/.exec(text);
  return match === null ? null : match[1]!;
}

/** The line with which a model refuses to run for its licence's sake: "Fatal: license error: ...". */
export function licenceRefusal(text: string): string | null {
  return text.split('\n').find((line) => /^\s*(fatal|error)\b.{0,40}\blicen[cs]e\b/i.test(line))?.trim() ?? null;
}

/** The line that tells that the image or the data did not get into the memory as a whole. */
export function loadFailure(line: string): string | null {
  return /^\s*(warning|error|fatal)\b.{0,20}\bfailed to write bytes at address\b/i.test(line) ? line.trim() : null;
}

/** Why a model says that it stops; null where it does not say. */
export function stopReason(text: string): string | null {
  const limit = /Simulation is stopping\. Reason: ([^\n]{1,80}?)\.?\s*(?:\n|$)/.exec(text);
  if (limit !== null) return `the model stopped by itself: ${limit[1]}`;
  return /Simulation stopped by user/.test(text) ? 'the simulation was stopped: from outside, or by the program in it' : null;
}

/** The banner and the terminals' lines: nothing to tell about. */
export function isBanner(line: string): boolean {
  return parseListening(line) !== null || /^\s*$|^\s+(Ethos-U rev \S+ ---|\(C\) COPYRIGHT|ALL RIGHTS RESERVED)/.test(line);
}
