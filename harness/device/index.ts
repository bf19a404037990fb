/** What can run an image: specs, drivers, leases, work folders. */
export type { Device, DeviceSession, Image, LineSpeed, Preload, StartOptions, TargetEnd, Usability } from './device.ts';
export type { DeviceSpec, EnergyTable } from './spec.ts';
export { createDevice } from './create-device.ts';
export { builtInDevices, deviceDirs, findDevice, loadDeviceFiles, loadDevices } from './load-devices.ts';
export type { DeviceFile } from './load-devices.ts';
export { leaveOut, mustRun, selectDevices } from './select.ts';
export type { LeftOutDevice, SelectedDevice } from './select.ts';
export { acquireLease, defaultLockDir, leaseHolders } from './lease.ts';
export type { Lease, LeaseHolder, LeaseOptions } from './lease.ts';
export { createWorkDir, sweepOwned } from './workdir.ts';
export { ownedName, ownerOfName } from './process-identity.ts';
export { processKeeper } from './keeper.ts';
export type { Keeper } from './keeper.ts';
export type { WorkDir } from './workdir.ts';
export { hilHome } from './hil-home.ts';
export { putInQuarantine, quarantineOf, quarantinesOf, quarantineText, releaseFromQuarantine } from './quarantine.ts';
export type { Quarantine, QuarantineOptions } from './quarantine.ts';
