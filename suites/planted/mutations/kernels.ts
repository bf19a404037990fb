import { ELEMENTWISE } from '../plant/naive-elementwise.ts';
import { POOLS } from '../plant/naive-pool.ts';
import { PRODUCTS } from '../plant/naive-product.ts';
import { honest } from '../plant/honest.ts';
import { privateKernels, replaceOnce } from '../plant/private-kernels.ts';
import type { Files } from '../plant/planting.ts';
import { amount, type Draw, type Recipe } from './recipe.ts';
import { withBody } from '../plant/write-network.ts';

interface Edit { readonly header: string; readonly from: string; readonly to: (draw: Draw) => string }

/** The naive kernel with an expression that still compiles and is wrong. Numbers in it are drawn. */
const edited = (id: string, operators: readonly string[], { header, from, to }: Edit): Recipe => ({
  id,
  mutate: (site, draw) => {
    if (!operators.includes(site.operator.name) || (operators === WINDOWED && (site.input(1).shape[2] ?? 1) < 2)) return null;
    const body = honest(site);
    if (body?.kind !== 'body') return null;
    const { name } = site.manifest;
    const text = to(draw);
    return { kind: 'files', edit: (files: Files) => privateKernels(replaceOnce(withBody(files, site, body), header, from, text), name) };
  },
});

/** Products with a window of two columns or more: edits that rows and columns take part in do something there. */
const WINDOWED = ['CONV_2D', 'DEPTHWISE_CONV_2D'];

const product = { header: 'naive_product.h', from: 'value * weight' };

export const KERNEL_EDITS: readonly Recipe[] = [
  edited('every so many products is larger', PRODUCTS, { ...product, to: (draw) => `value * weight + ((ky * ${draw(1, 5)} + kx * ${draw(1, 7)} + i * ${draw(1, 9)} + row) % ${draw(2, 4)} == 0 ? ${amount(draw, 150, 900)} : 0)` }),
  edited('product loses low bits of the input', PRODUCTS, { ...product, to: (draw) => `(value - (value + i + column) % ${draw(9, 25)}) * weight` }),
  edited('a term of the neighbour is added', WINDOWED, { ...product, to: (draw) => `value * weight + (weight * (column - row) * ${draw(2, 6)})` }),
  edited('every so many sums is halved', PRODUCTS, { header: 'naive_product.h', from: 'return naive_accumulate(sum, p->bias[channel], p->accumulator);', to: (draw) => `return naive_accumulate((row * ${draw(1, 3)} + column * ${draw(1, 3)} + channel) % ${draw(2, 4)} == 1 ? sum / 2 : sum, p->bias[channel], p->accumulator);` }),
  edited('index of the weights', WINDOWED, { header: 'naive_product.h', from: 'const int32_t wx = p->mirrored ? p->kernel_columns - 1 - kx : kx;', to: (draw) => `const int32_t wx = (kx + channel * ${draw(1, 3)} + row) % p->kernel_columns;` }),
  edited('code of the output', PRODUCTS, { header: 'naive_product.h', from: '+ p->output_zero_point;', to: (draw) => `+ p->output_zero_point + (sum % ${draw(3, 11)}) - ${draw(1, 4)};` }),
  edited('sum of squares of columns', ELEMENTWISE, { header: 'naive_elementwise.h', from: 'const int32_t first = a[i] - e->zero_point[0];', to: (draw) => `const int32_t first = a[i] - e->zero_point[0] + (i * i) % ${draw(5, 40)};` }),
  edited('every so many of the second operand', ELEMENTWISE, { header: 'naive_elementwise.h', from: 'const int32_t second = b[i] - e->zero_point[1];', to: (draw) => `const int32_t second = i % ${draw(2, 5)} == 1 ? (b[i] - e->zero_point[1]) * ${draw(5, 9)} / 4 : b[i] - e->zero_point[1];` }),
  edited('operands leak into each other', ELEMENTWISE, { header: 'naive_elementwise.h', from: '&e->factor[2], e->rounding) + e->output_zero_point', to: (draw) => `&e->factor[2], e->rounding) + e->output_zero_point + (a[i] * ${draw(1, 5)} + b[i]) / ${draw(17, 60)}` }),
  edited('code in the window', POOLS, { header: 'naive_pool.h', from: 'sum += code;\n      most = code > most ? code : most;', to: (draw) => { const by = draw(7, 19); return `const int32_t odd = code + ((ky * ${draw(1, 4)} + kx * ${draw(1, 4)} + channel) % 3) * ${by} - ${Math.ceil(by / 2)};\n      sum += odd;\n      most = odd > most ? odd : most;`; } }),
  edited('weighted window', ['AVERAGE_POOL_2D'], { header: 'naive_pool.h', from: 'sum += code;', to: (draw) => `sum += code * (1 + (ky + ${draw(1, 3)} * kx) % 3) / 2;` }),
];
