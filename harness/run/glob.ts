/**
 * Whether all of `text` matches a pattern in which * is any text, none too, and ? one character. Takes time in proportion to the product of
 * both lengths at the most, whatever they are.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [p, t] = [[...pattern], [...text]];
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < t.length;) {
    if (p[at] === '*') {
      star = at++;
      resume = i;
    } else if (p[at] === '?' || p[at] === t[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  return p.slice(at).every((char) => char === '*');
}
