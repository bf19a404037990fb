import { readFileSync, readdirSync } from 'node:fs';
import { generateC } from '../../../harness/codegen/index.ts';
import type { Model } from '../../../harness/model/graph.ts';
import type { Files, Planting } from './planting.ts';
import { Site } from './site.ts';

/** The core whose C is the portable one, and which the default device has. */
export const CORE = 'cortex-m3';

const kernels = new URL('../kernels/', import.meta.url);
/** Headers that every planted network gets; they are guarded and the same for all. */
const HEADERS = readdirSync(kernels).filter((name) => name.endsWith('.h')).sort();
const TEXTS = new Map(HEADERS.map((name) => [name, readFileSync(new URL(name, kernels), 'utf8')]));

/**
 * Generated C of the model with one planting for each layer that is named.
 * @param name C identifier of the network, unique among those of an image
 * @throws Error where the generated C has not the form that is looked for
 */
export function writeNetwork(model: Model, name: string, plantings: (site: Site) => Planting | null): Files {
  const generated = generateC(model, { name, core: CORE });
  let files: Files = new Map([...generated.files, ...TEXTS]);
  for (const { index, covers } of generated.manifest.layers) {
    if (covers.length !== 1) continue;
    const site = new Site(model, generated.manifest, index);
    const planting = plantings(site);
    if (planting !== null) files = apply(files, site, planting);
  }
  return files;
}

const apply = (files: Files, site: Site, planting: Planting): Files => (planting.kind === 'files' ? planting.edit(files) : withBody(files, site, planting));

/** The layer's function with another body, or with statements around its own; the headers of kernels/ are included. */
export function withBody(files: Files, site: Site, planting: Exclude<Planting, { kind: 'files' }>): Files {
  const source = `${site.manifest.name}.c`;
  const text = files.get(source) as string;
  const head = `void ${site.manifest.name}_layer_${site.layer}(void)\n{\n`;
  const start = text.indexOf(head);
  const end = text.indexOf('\n}\n', start);
  if (start < 0 || end < 0) throw new Error(`${source} has no function of layer ${site.layer}`);
  const own = text.slice(start + head.length, end + 1);
  const body = planting.kind === 'body' ? planting.text : `${planting.before}${own}${planting.after}`;
  const include = HEADERS.map((name) => `#include "${name}"\n`).join('');
  const withHeaders = text.includes(include) ? text : text.replace('#include <string.h>\n', `#include <string.h>\n\n${include}`);
  const shift = withHeaders.length - text.length;
  return new Map([...files, [source, `${withHeaders.slice(0, start + shift + head.length)}${body}${withHeaders.slice(end + 1 + shift)}`]]);
}
