import { cTypeOf } from '../c-types.ts';
import { commentText } from '../names.ts';
import type { Network, NetworkLayer, NetworkState } from '../network.ts';

/** '<name>.c': memory, layers in order, and the straight sequence. */
export function networkSource(network: Network): string {
  const { name, macro, layers, graph, state } = network;
  return `/* ${name}.c: the network, layer by layer. API: ${name}.h
 *
 * Model ${network.model.sha256}
 * Rounding profile ${network.profile}: every value equals that of the reference with this profile, bit for bit.
 */
#include <string.h>

#include "${name}.h"
#include "${name}_layers.h"
#include "${name}_weights.h"
${network.kernels.map((header) => `#include "${header}"`).join('\n')}

${planComment(network)}
#if defined(__GNUC__) || defined(__clang__) || defined(__TINYC__)
#define ${macro}_ALIGNED __attribute__((aligned(16)))
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define ${macro}_ALIGNED _Alignas(16)
#else
#error "Say here how this compiler aligns an array to 16 bytes."
#endif

${macro}_ALIGNED int8_t ${name}_arena[${macro}_ARENA_BYTES];
${state.map((each) => `${stateArray(each)}; /* ${commentText(each.name)} */\n`).join('')}
${layerAttribute(network)}${withOwnNames(network, `${unitsOf(network)}${layers.map((layer, index) => layerFunction(network, layer, index)).join('\n')}`)}
void ${name}_invoke(void)
{
${layers.map((_, index) => `  ${name}_layer_${index}();`).join('\n')}
}

void ${name}_reset(void)
{
${state.length === 0 ? '  /* no state */' : state.map((each) => `  memset(${each.symbol}, ${each.startByte}, sizeof ${each.symbol});`).join('\n')}
}

void ${name}_init(void)
{
  ${name}_reset();
}

${graph.inputs.map((index, slot) => `${cTypeOf(network.tensor(index).dtype) ?? 'int8_t'} *${name}_input_${slot}(void)\n{\n  return ${macro}_T${index};\n}\n`).join('\n')}
${graph.outputs.map((index, slot) => `const ${cTypeOf(network.tensor(index).dtype) ?? 'int8_t'} *${name}_output_${slot}(void)\n{\n  return ${macro}_T${index};\n}\n`).join('\n')}`;
}

/** 'int16_t net_t5[12]' */
export const stateArray = ({ symbol, dtype, shape }: NetworkState): string => `${cTypeOf(dtype) ?? 'int8_t'} ${symbol}[${shape.reduce((product, n) => product * n, 1)}]`;

function layerFunction(network: Network, layer: NetworkLayer, index: number): string {
  const { macro } = network;
  const comment = layer.code.comment.map((line) => ` * ${line}`).join('\n');
  const body = layer.code.body.length === 0 ? '' : `${layer.code.body.map((line) => `  ${line}`).join('\n')}\n`;
  return `/* Layer ${index}: ${layer.operators.map((operator) => `${operator.name} (operator ${operator.index} of the model)`).join(', ')}\n${comment}\n */
${macro}_LAYER void ${network.name}_layer_${index}(void)\n{\n${body}}\n`;
}

/**
 * The same bytes of the arena hold int8 at one time and int16 or float at another. Within a function a compiler may assume that
 * they never do (strict aliasing), so every layer is a wall that it can't look through.
 */
function layerAttribute({ macro }: Network): string {
  return `#if defined(__GNUC__) && !defined(__clang__)
#define ${macro}_LAYER __attribute__((noipa))
#elif defined(__clang__)
#define ${macro}_LAYER __attribute__((noinline))
#else
#define ${macro}_LAYER
#endif

`;
}

/** Static functions and tables that layers share, each once. */
function unitsOf({ layers }: Network): string {
  const units = new Map<string, string>();
  for (const { code } of layers) {
    for (const { name, text } of code.units ?? []) {
      if (units.has(name) && units.get(name) !== text) throw new Error(`two units are called ${name}`);
      units.set(name, text);
    }
  }
  return [...units.values()].map((text) => `${text.trim()}\n\n`).join('');
}

/** The names of units with the network's prefix: they are static, but several networks may be compiled as one file. */
function withOwnNames({ name, layers }: Network, text: string): string {
  const names = [...new Set(layers.flatMap(({ code }) => (code.units ?? []).map((unit) => unit.name)))].filter((unit) => !unit.startsWith(`${name}_`));
  return names.length === 0 ? text : text.replace(new RegExp(`\\b(${names.join('|')})\\b`, 'g'), `${name}_$1`);
}

/** The memory plan as a table: who is where in the arena, and when. */
function planComment({ plan, graph }: Network): string {
  const operators = graph.operators.length;
  const when = (at: number): string => (at < 0 ? 'before' : at >= operators ? 'after' : String(at));
  const rows = plan.buffers.map(
    (buffer) =>
      ` * ${String(buffer.offset).padStart(8)} ${String(buffer.bytes).padStart(8)}  ${`${when(buffer.first)}..${when(buffer.last)}`.padEnd(14)} ${buffer.tensors.length === 0 ? 'scratch' : buffer.tensors.map((tensor) => `t${tensor}`).join(' = ')}`,
  );
  return `/* Memory plan: ${plan.arenaBytes} bytes of arena; at most ${plan.peakBytes} bytes are needed at once${plan.peakAt < 0 || plan.peakAt >= operators ? '' : ` (operator ${plan.peakAt})`}.
 *   offset    bytes  operators      tensors
${rows.join('\n')}
 */`;
}
