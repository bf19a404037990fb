import { HilError } from '../errors.ts';
import type { NetworkManifest } from '../runtimes/manifest.ts';
import { mlperfForm } from './mlperf-form.ts';

/**
 * C source of the table of networks in an image.
 * @throws HilError 'config' for a symbol that is no C identifier (it goes into C: nothing else may), or is there twice
 */
export function networkTable(networks: readonly NetworkManifest[]): string {
  const symbols = networks.map((network) => network.symbol);
  for (const symbol of symbols) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(symbol)) throw new HilError('config', 'build.bad-symbol', `not a C identifier: ${JSON.stringify(symbol)}`);
  }
  const twice = symbols.find((symbol, index) => symbols.indexOf(symbol) !== index);
  if (twice !== undefined) throw new HilError('config', 'build.bad-symbol', `two networks of one image have the symbol ${twice}`);
  return [
    '#include "hil_network.h"',
    ...symbols.map((symbol) => `extern const hil_network ${symbol};`),
    `const hil_network *const hil_networks[] = { ${symbols.length === 0 ? '0' : symbols.map((symbol) => `&${symbol}`).join(', ')} };`,
    `const uint32_t hil_network_count = ${symbols.length}u;`,
    ...mlperfForm(networks),
    '',
  ].join('\n');
}
