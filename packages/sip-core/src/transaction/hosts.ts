import type { Peer } from '../endpoint/peer.ts';
import type { Transaction } from './transaction.ts';

/** What one peer host costs at the moment. */
export interface HostLoad {
  readonly host: string;
  /** Server transactions of requests from there. */
  servers: number;
  /** Where its last response went: most hosts have one such place, and their transactions share it. */
  replyTo: Peer | undefined;
  /** Transactions to be told when sending there fails: clients still waiting, and INVITE servers. */
  watching: Set<Transaction> | undefined;
}

/** The peer hosts that have transactions with us, and no others. */
export class Hosts {
  readonly #loads: Map<string, HostLoad> = new Map();

  /** A host's load, made when it is new; give it back with {@link release}. */
  of(host: string): HostLoad {
    let load = this.#loads.get(host);
    if (load === undefined) {
      load = { host, servers: 0, replyTo: undefined, watching: undefined };
      this.#loads.set(host, load);
    }
    return load;
  }

  /** A host's load, if it has any. */
  find(host: string): HostLoad | undefined {
    return this.#loads.get(host);
  }

  /** Forgets a host once nothing is left of its load. */
  release(load: HostLoad): void {
    if (load.servers === 0 && (load.watching === undefined || load.watching.size === 0))
      this.#loads.delete(load.host);
  }

  /** How many hosts have a load. */
  get size(): number {
    return this.#loads.size;
  }
}

/** The place a response goes to: the one object that a host's transactions share when it is the same as before. */
export function sharedReplyTo(load: HostLoad, peer: Peer): Peer {
  const last = load.replyTo;
  const isSame =
    last !== undefined &&
    last.port === peer.port &&
    last.connection === peer.connection &&
    last.transport === peer.transport;
  if (isSame) return last;
  load.replyTo = peer;
  return peer;
}
