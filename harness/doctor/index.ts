/** Walks a device step by step and says which one fails. */
export { walkDevice } from './walk.ts';
export type { DoctorOptions } from './walk.ts';
export type { DoctorStep } from './step.ts';
