import { around } from '../plant/around.ts';
import { amount, places, type Recipe } from './recipe.ts';

/** Operators whose outputs are worth changing: not those of a table, where any change is another table. */
const EXCEPT = ['LOGISTIC', 'TANH', 'RESHAPE'];
/** Places that are changed at least, so that chance doesn't make them look like something else. */
const LEAST = 12;

/** Random elements of the output are off, each by its own amount and differently with its own value. */
export const bytes: Recipe = {
  id: 'elements',
  mutate: (site, draw) => {
    if (EXCEPT.includes(site.operator.name) || site.output.dtype !== 'int8' || site.output.elements < 2 * LEAST) return null;
    const lines = places(draw, Math.max(LEAST, Math.floor(site.output.elements / 12)), site.output.elements).map((at) => `  data[${at}] = (uint8_t)(data[${at}] * ${2 * draw(1, 40) + 1}u + ${draw(20, 230)}u);\n`);
    return around(() => ({ after: lines.join('') }))(site);
  },
};

/** Each element is changed by a polynomial of its place, with random coefficients. */
export const drift: Recipe = {
  id: 'drift',
  mutate: (site, draw) => {
    if (EXCEPT.includes(site.operator.name) || site.output.dtype !== 'int8' || site.output.elements < 2 * LEAST) return null;
    return around(() => ({ after: `  for (int32_t i = 0; i < (int32_t)sizeof kept; i++) {\n    const int32_t code = (int8_t)data[i] + (i * i * ${draw(1, 9)} + i * ${draw(1, 30)}) % ${draw(5, 23)} ${amount(draw, 1, 6) < 0 ? '-' : '+'} ${draw(1, 6)};\n    data[i] = (uint8_t)(code < -128 ? -128 : code > 127 ? 127 : code);\n  }\n` }))(site);
  },
};
