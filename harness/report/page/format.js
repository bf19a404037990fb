/** Numbers for people. Figures may be null, or "NaN" and "Infinity" as text, since JSON has no such numbers. */
const THIN = '\u202f';

function num(value) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return String(value).replace(/\B(?=(\d{3})+$)/g, THIN);
  if (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3) return value.toExponential(3);
  if (Math.abs(value) >= 1000 && Math.abs(value) < 1e15) return num(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

function bytes(value) {
  if (value === null || value === undefined) return '–';
  if (value < 1024) return `${value}${THIN}B`;
  return value < 1048576 ? `${(value / 1024).toFixed(1)}${THIN}KiB` : `${(value / 1048576).toFixed(2)}${THIN}MiB`;
}

function unit(text) {
  return text.replace(/^u(?=[A-Za-z]$)/, 'µ').replace(/^lsb$/, 'LSB');
}

function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)}${THIN}ms`;
  return ms < 120000 ? `${(ms / 1000).toFixed(1)}${THIN}s` : `${Math.floor(ms / 60000)}${THIN}min ${Math.round((ms % 60000) / 1000)}${THIN}s`;
}

function clock(hz) {
  if (hz <= 0) return '';
  return hz >= 1e6 ? `${num(hz / 1e6)}${THIN}MHz` : `${num(hz)}${THIN}Hz`;
}

function percent(part, whole) {
  if (!(whole > 0)) return '–';
  const share = (100 * part) / whole;
  if (part < whole && share > 99.9) return `99.9${THIN}%`; // almost all is not all
  return share > 0 && share < 0.01 ? `<0.01${THIN}%` : `${share.toFixed(share < 1 ? 2 : 1)}${THIN}%`;
}

function plural(count, word) {
  return `${num(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** A finite number, or null: what a chart can draw. */
function drawable(value) {
  return Number.isFinite(value) ? value : null;
}

const VERDICTS = {
  pass: { word: 'Pass', mark: '✓' }, fail: { word: 'Fail', mark: '✕' }, 'build-error': { word: 'Build error', mark: '!' },
  'bench-error': { word: 'Bench error', mark: '!' }, skipped: { word: 'Skipped', mark: '»' }, interrupted: { word: 'Interrupted', mark: '■' },
};

const VERDICT_MEANING = {
  pass: 'Every element that was compared is right.', fail: 'The code under test is wrong.', 'build-error': 'The code under test does not build. Nothing was compared.',
  'bench-error': 'The bench failed, not the code under test. Nothing is said about it.', skipped: 'Quarantined: not run.', interrupted: 'Stopped from outside before the end.',
};
