import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/** Whether anyone outside this machine may reach a listener on `host`. A name is trusted only if it is localhost. */
export function isReachable(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return !/^localhost\.?$/i.test(host);
  return !loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The address to tell others for a listener on `host`: itself, or for 0.0.0.0 and :: the first address of
 * this machine that is not a loopback one.
 */
export function reachableAddress(host: string): string {
  if (!/^[0:.]+$/.test(host)) return host;
  const family = host.includes(':') ? 'IPv6' : 'IPv4';
  for (const addresses of Object.values(networkInterfaces())) {
    for (const found of addresses ?? []) {
      // Link-local addresses mean nothing without naming the interface.
      if (found.family === family && !found.internal && !found.address.startsWith('fe80'))
        return found.address;
    }
  }
  return family === 'IPv6' ? '::1' : '127.0.0.1';
}
