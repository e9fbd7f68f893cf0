import type { Transaction } from './transaction.ts';

/** What one peer host costs at the moment. */
export interface HostLoad {
  readonly host: string;
  /** Server transactions of requests from there. */
  servers: number;
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
      load = { host, servers: 0, watching: undefined };
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
