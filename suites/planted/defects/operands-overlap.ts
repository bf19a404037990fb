import { BYTES_PER_ELEMENT } from '../../../harness/model/graph.ts';
import type { Tensor } from '../../../harness/model/graph.ts';
import { replaceOnce } from '../plant/private-kernels.ts';
import type { Site } from '../plant/site.ts';
import type { Defect } from './defect.ts';

export const operandsOverlap: Defect = {
  id: 'operands-overlap',
  causes: ['memory.overlap'],
  operators: ['ADD', 'MUL'],
  description: 'The plan gives both branches the same place in the arena: the second one overwrites the first before it is used.',
  plant: (site) => {
    const [first, second] = [site.input(0), site.input(1)].toSorted((a, b) => maker(site, a) - maker(site, b)) as [Tensor, Tensor];
    if (maker(site, first) < 0 || bytes(first) < bytes(second)) return null;
    return { kind: 'files', edit: (files) => {
      const header = `${site.manifest.name}_layers.h`;
      const place = (tensor: Tensor): string => {
        const line = new RegExp(`^#define ${site.address(tensor)} .*$`, 'm').exec(files.get(header) ?? '')?.[0];
        if (line === undefined) throw new Error(`${header} has no ${site.address(tensor)}`);
        return line;
      };
      return replaceOnce(files, header, place(second), place(first).replace(site.address(first), site.address(second)));
    } };
  },
};

const maker = (site: Site, tensor: Tensor): number => site.graph.operators.findIndex(({ outputs }) => outputs.includes(tensor.index));
const bytes = (tensor: Tensor): number => tensor.elements * BYTES_PER_ELEMENT[tensor.dtype];
