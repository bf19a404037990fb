import type { ManifestLayer, NetworkManifest } from '../../../harness/runtimes/manifest.ts';
import type { Files } from './planting.ts';
import { replaceOnce } from './private-kernels.ts';

/**
 * Makes one layer of two that follow each other, as generators do that fuse operators: it shows the second one's output alone. The functions
 * stay two; the agent sees one.
 *
 * @param first index of the first of them; every layer of the network has exactly one tap
 */
export function fuse(files: Files, network: string, first: number): Files {
  const manifest = JSON.parse(files.get('network.json') as string) as NetworkManifest;
  const [a, b] = [manifest.layers[first], manifest.layers[first + 1]];
  if (a === undefined || b === undefined || manifest.layers.some(({ taps }) => taps.length !== 1)) throw new RangeError(`layers ${first} and ${first + 1} of ${network} cannot be fused`);
  const fused: ManifestLayer = { ...b, op: `${a.op}+${b.op}`, covers: [...a.covers, ...b.covers] };
  const layers = [...manifest.layers.slice(0, first), fused, ...manifest.layers.slice(first + 2)].map((layer, index) => ({ ...layer, index }));
  const hil = `${network}_hil.c`;
  const upper = network.toUpperCase();
  const tap = (layer: number, view: number): string => `tap(ctx, ${layer}u, 0u, &${network}_views[${view}], 1u)`;
  let edited = replaceOnce(files, hil, `  if (${tap(first, first)} != 0) {\n    return HIL_STOPPED;\n  }\n`, '');
  // Views stay where they are; the first one of the two is shown by nobody.
  for (let layer = first + 1; layer < manifest.layers.length; layer++) edited = replaceOnce(edited, hil, tap(layer, layer), tap(layer - 1, layer));
  const count = layers.length;
  edited = replaceOnce(edited, hil, `static const uint16_t ${network}_first_tap[${upper}_LAYERS] = {${manifest.layers.map(({ index }) => index).join(', ')}};`, `static const uint16_t ${network}_first_tap[${count}] = {${layers.map(({ index }) => index).join(', ')}};`);
  edited = replaceOnce(edited, hil, `.layers = ${upper}_LAYERS,`, `.layers = ${count},`);
  edited = replaceOnce(edited, hil, `.taps = ${count + 1},`, `.taps = ${count},`);
  return new Map([...edited, ['network.json', `${JSON.stringify({ ...manifest, layers }, null, 2)}\n`]]);
}
