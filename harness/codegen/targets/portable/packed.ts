import type { EmitContext } from '../../context.ts';
import type { ProductLayer } from '../../layers/products.ts';
import { sumOf } from '../dsp/channels.ts';
import { channelsText, packFactors, packingOf, type Factors } from '../dsp/factors.ts';
import { addChannels, type Channels, type LiveChannel } from './channels.ts';

/** From so many output positions on, summing up the weights of a channel once costs less than about 2 % of the layer. */
const MANY_POSITIONS = 100;
/** Scratch memory that any layer may use. */
export const SMALL = 768;
/** sizeof nn_channel */
const CHANNEL_BYTES = 8;

/** The channels as firmware/kernels/nn_packed_channels.h has them. */
interface Packed {
  readonly factors: Factors;
  /** One for each channel that is not left out. */
  readonly start: readonly number[];
  /** The kernel has to fold the input zero point into them. */
  readonly unfolded: boolean;
}

/** How a layer's channels are kept: packed in flash and unpacked into scratch memory by each inference, or as they are. */
export interface Keeping {
  readonly channels: Channels;
  readonly packed: Packed | null;
  /** Scratch memory for unpacked channels. */
  readonly bytes: number;
}

/**
 * @param positions output positions of the layer
 * @param room bytes of scratch memory that there are for them
 */
export function keepChannels(layer: ProductLayer, channels: Channels, positions: number, room: number): Keeping {
  const bytes = CHANNEL_BYTES * channels.count;
  const packed = bytes <= room ? pack(layer, channels, positions) : null;
  return { channels, packed, bytes: packed === null ? 0 : bytes };
}

function pack(layer: ProductLayer, { channels }: Channels, positions: number): Packed | null {
  const live = channels.filter((channel): channel is LiveChannel => typeof channel !== 'number');
  const single = layer.factors.length === 1;
  if (single && live.some(({ settled }) => settled)) return null;
  const shifts = channels.map((channel) => (typeof channel === 'number' || channel.settled ? null : -channel.factor.shift));
  const factors = packFactors(layer, single ? [-(layer.factors[0]?.shift ?? 0)] : shifts);
  if (factors === null) return null;
  const kept = single ? factors : { ...factors, packed: factors.packed.filter((_, channel) => typeof channels[channel] !== 'number') };
  const startOf = (pick: (channel: LiveChannel) => number): number[] | null => {
    const starts = live.map((channel) => (channel.settled ? sumOf(pick(channel) / 4, factors.constantMultiplier) : pick(channel)));
    return starts.includes(null) ? null : (starts as number[]);
  };
  const [folded, unfolded] = [startOf(({ start }) => start), startOf(({ bias }) => bias)];
  if (folded === null || unfolded === null) return null;
  const better = positions >= MANY_POSITIONS && packingOf(kept, unfolded).size < packingOf(kept, folded).size;
  return { factors: kept, start: better ? unfolded : folded, unfolded: better };
}

const NOTHING_PACKED = '{.packed = NULL, .high = 0u, .low = 0u, .size = 0, .n_bits = 0, .n_least = 0}';

/** Initialisers of a struct's `unfolded` and of its nn_channels; adds the constants. */
export function channelFields(layer: ProductLayer, { channels, packed }: Keeping, context: EmitContext): { readonly unfolded: string; readonly channels: string } {
  if (packed === null) return { unfolded: '.unfolded = 0', channels: `.channels = {.plain = ${addChannels(layer, channels, context)}, .packed = ${NOTHING_PACKED}, .constant = NULL}` };
  const text = channelsText(packed.factors, packed.start, layer, context);
  return { unfolded: `.unfolded = ${packed.unfolded ? 1 : 0}`, channels: `.channels = {.plain = NULL, .packed = ${text}, .constant = ${constantText(layer, channels, context)}}` };
}

/** nn_channels.constant */
function constantText({ operator: { index } }: ProductLayer, channels: Channels, { constants }: EmitContext): string {
  const codes = channels.channels.filter((channel) => typeof channel === 'number');
  if (codes.length === 0) return 'NULL';
  const comment = `which channels of layer ${index} are not constant, a bit each, and the codes of the others`;
  return constants.add(`layer${index}_constant`, 'uint8_t', comment, [...bits(channels), ...codes.map((code) => String(code & 0xff))]);
}

function bits({ channels }: Channels): string[] {
  const bytes = new Uint8Array(Math.ceil(channels.length / 8));
  for (const [k, channel] of channels.entries()) if (typeof channel !== 'number') bytes[k >> 3] = (bytes[k >> 3] ?? 0) | (1 << (k & 7));
  return Array.from(bytes, String);
}
