/** Of all files of a bundle together, unpacked; what is beyond is neither written nor read. */
export const BUNDLE_LIMITS = { entries: 5000, bytes: 768 << 20 } as const;
/** Of the bundle itself. */
export const MAX_BUNDLE_BYTES = 512 << 20;
