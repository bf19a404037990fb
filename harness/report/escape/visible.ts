/**
 * Characters that act instead of showing: C0 and C1 controls, DEL, bidirectional controls, line and paragraph separators,
 * zero-width and other invisible format characters, interlinear marks, tags, and halves of surrogate pairs.
 */
const ACTING = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes every acting character readable (`\n`, `\x1b`, `\u202e`), so that text from models, suites and devices can't move
 * a cursor, break a line or reorder what stands beside it. The first step of every output language's escapeText.
 * @param most longest result in UTF-16 units; what is longer is cut and says so with an ellipsis.
 */
export function visible(text: string, most = 2000): string {
  // Cut first: a device may send megabytes, and one character becomes at most nine.
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  const shown = cut.replace(ACTING, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`);
  });
  // What became readable became longer. A pair that is cut in two would be half of one.
  return shown.length > most ? `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown;
}
