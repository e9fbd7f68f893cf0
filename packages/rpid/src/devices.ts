import type { Device, Presence, Tuple } from '@sip-simple/pidf';

/**
 * The devices that provide a service: those of the document that its `<deviceID>` elements name, which are in
 * `tuple.deviceIds`. There is no significance in their order.
 *
 * @see RFC 4480 §3.4
 */
export function devicesOf(presence: Presence, tuple: Tuple): readonly Device[] {
  const named = new Set(tuple.deviceIds);
  return presence.devices.filter(({ deviceId }) => named.has(deviceId));
}
