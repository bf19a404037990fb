import type { CaseReport } from './report.ts';

/** The note on a case whose network shares its image with others: flash and RAM are not the case's own. */
export const sharedImageNote = (networks: number): string => `flash and RAM are those of an image of ${networks} networks`;

/** Whether a report says so. */
export const sharesImage = ({ reasons }: Pick<CaseReport, 'reasons'>): boolean => reasons.some((reason) => /^flash and RAM are those of an image of \d+ networks$/.test(reason));
