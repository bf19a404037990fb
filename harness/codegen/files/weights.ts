import { wrapItems } from '../constants.ts';
import type { Network } from '../network.ts';

/** '<name>_weights.h': declarations of the constants. */
export function weightsHeader(network: Network): string {
  const { name, macro, constants } = network;
  return `/* ${name}_weights.h: constants of the network, ${constants.bytes} bytes. */
#ifndef ${macro}_WEIGHTS_H
#define ${macro}_WEIGHTS_H

#include <stdint.h>

#include "nn_fixed_point.h"
${constants.all.some(({ type }) => type === 'nn_channel') ? '#include "nn_channel.h"\n' : ''}
#ifdef __cplusplus
extern "C" {
#endif

${constants.all.map((constant) => `extern const ${constant.type} ${constant.symbol}[${constant.length}]; /* ${constant.comment} */`).join('\n')}

#ifdef __cplusplus
}
#endif

#endif
`;
}

/** '<name>_weights.c': the constants themselves. */
export function weightsSource(network: Network): string {
  const arrays = network.constants.all.map(
    (constant) => `/* ${constant.comment} */\nconst ${constant.type} ${constant.symbol}[${constant.length}] = {\n${wrapItems(constant.items)}\n};\n`,
  );
  return `/* ${network.name}_weights.c: constants of the network; const, so that they stay in flash. */
#include "${network.name}_weights.h"

${arrays.join('\n')}`;
}
