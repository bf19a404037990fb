import { typeName } from '../link/protocol.ts';

const TYPES: ReadonlyMap<string, number> = new Map(Array.from({ length: 255 }, (_, i) => [typeName(i + 1), i + 1]));

/** The reverse of typeName(); null for a name that no frame type has. */
export function frameType(name: string): number | null {
  return TYPES.get(name) ?? null;
}
