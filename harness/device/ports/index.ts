/** Which serial ports and boards there are, which one a device file means, and what stands in the way of using it. */
export { listPorts, portInfo } from './list-ports.ts';
export type { PortInfo, UsbIdentity } from './list-ports.ts';
export { listUsb } from './list-usb.ts';
export type { UsbDevice } from './list-usb.ts';
export { describePort, findPorts, isNear, resolvePort } from './resolve-port.ts';
export type { NearPort, ResolvedPort } from './resolve-port.ts';
export { howToGetAccess, mayOpen, portRule, probeRules, UDEV_RULES_FILE } from './permission.ts';
export { describeHolders, portHolders } from './holders.ts';
export type { PortHolder } from './holders.ts';
export { knownUsb } from './known-boards.ts';
export type { KnownUsb } from './known-boards.ts';
export { suggestDevice } from './suggest-device.ts';
export type { DeviceFile, Suggestion } from './suggest-device.ts';
