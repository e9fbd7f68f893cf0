import type { Peer } from '../endpoint/peer.ts';
import type { Instant } from '../machine.ts';
import type { Timed } from '../wheel.ts';
import type { AddressBindings } from './location.ts';

/** A contact address bound to an address-of-record, and its own entry in the timer wheel. */
export class Binding implements Timed {
  readonly of: AddressBindings;
  /** The contact URI as written. */
  uri = '';
  /** The whole Contact value, as it is given back: without `expires` and GRUUs. */
  contact = '';
  /** 0 to 1000. */
  q = 1000;
  instance: string | undefined = undefined;
  /** Above 0 for a binding of RFC 5626: it belongs to instance and flow, whatever its URI. */
  regId = 0;
  callId = '';
  sequence = 0;
  /** Route values that lead to the contact. */
  path: readonly string[] = noPath;
  /** The flow that the REGISTER came on from the user agent itself. */
  flow: Flow | undefined = undefined;
  expiresAt: Instant = 0;
  updatedAt: Instant = 0;

  tick = 0;
  slot = -1;
  previous: Timed | undefined = undefined;
  next: Timed | undefined = undefined;

  constructor(of: AddressBindings) {
    this.of = of;
  }
}

/** Where datagrams or a connection lead back to a user agent, and who is reached there. */
export interface Flow {
  readonly key: string;
  readonly peer: Peer;
  readonly bindings: Binding[];
}

export const noPath: readonly string[] = [];

/**
 * The name of a flow: of a connection its own, of datagrams the socket here and the address there.
 *
 * @see RFC 5626 §6
 */
export function flowKey({ transport, host, port, connection }: Peer): string {
  return transport === 'udp' || connection === undefined
    ? `${transport} ${connection ?? ''} ${host} ${port}`
    : `${connection}`;
}
