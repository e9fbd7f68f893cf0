import { type LocalAddress, type Peer, writtenHost } from '@sip-simple/sip-core';

/**
 * The Contact of dialogs with `peer`: the listener of its transport as a GRUU made by ourselves, as RFC 6665
 * §4.5.1 wants of a notifier and RFC 5627 §4.3 allows to one that is reachable under its own address.
 * @throws RangeError when no listener is open
 */
export function selfMadeGruu(addresses: readonly LocalAddress[], peer: Peer): string {
  const local = addresses.find(({ transport }) => transport === peer.transport) ?? addresses[0];
  if (local === undefined) throw new RangeError('no listener is open');
  const transport = local.transport === 'udp' ? '' : `;transport=${local.transport}`;
  return `<sip:${writtenHost(local.host)}:${local.port}${transport};gr>`;
}
