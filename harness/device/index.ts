/** The device room: specs, drivers, leases and work folders. */
export type { Device, DeviceSession, Image, StartOptions, TargetEnd, Usability } from './device.ts';
export type { DeviceSpec, EnergyTable } from './spec.ts';
export { createDevice } from './create-device.ts';
export type { DriverOptions } from './create-device.ts';
export { builtInDevices, deviceDirs, findDevice, loadDevice, loadDevices } from './load-devices.ts';
export { processKeeper } from './keeper.ts';
export type { Keeper } from './keeper.ts';
export { acquireLease, leaseHolders } from './lease.ts';
export type { Lease, LeaseHolder } from './lease.ts';
export { createWorkDir, sweepOwned } from './workdir.ts';
export type { WorkDir } from './workdir.ts';
export { ownedName } from './process-identity.ts';
