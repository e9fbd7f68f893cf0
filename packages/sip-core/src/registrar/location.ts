import type { Peer } from '../endpoint/peer.ts';
import type { Instant } from '../machine.ts';
import { Wheel } from '../wheel.ts';
import { Binding, type Flow, flowKey } from './binding.ts';

/** The bindings of one address-of-record, the one that was updated last at the end. */
export interface AddressBindings {
  readonly aor: string;
  bindings: Binding[];
  /** Instances among them, for their temporary GRUUs. */
  instances: InstanceGruus[];
}

/** By what the temporary GRUUs of an instance are known; gone with its last contact (RFC 5627 §5.3). */
export interface InstanceGruus {
  readonly name: string;
  /** Stands for the instance in its temporary GRUUs; another one makes all of them invalid. */
  index: string;
  /** What makes the newest of them differ from the others. */
  distinguisher: string;
}

const noBindings: Binding[] = [];
const noInstances: InstanceGruus[] = [];

/** All bindings: by address-of-record, by the flows that they hold on to, by instance, and by when they expire. */
export class Location {
  readonly #addresses = new Map<string, AddressBindings>();
  readonly #flows = new Map<string, Flow>();
  readonly #indexes = new Map<string, { readonly of: AddressBindings; readonly instance: string }>();
  readonly #expiry = new Wheel<Binding>();

  /** How many bindings there are. */
  get size(): number {
    return this.#expiry.size;
  }

  get deadline(): Instant | undefined {
    return this.#expiry.deadline;
  }

  get(aor: string): AddressBindings | undefined {
    return this.#addresses.get(aor);
  }

  addresses(): Iterable<AddressBindings> {
    return this.#addresses.values();
  }

  /** The bindings of an address-of-record, none to begin with; `prune` forgets them when none came. */
  open(aor: string): AddressBindings {
    let found = this.#addresses.get(aor);
    if (found === undefined) {
      found = { aor, bindings: noBindings, instances: noInstances };
      this.#addresses.set(aor, found);
    }
    return found;
  }

  add(of: AddressBindings): Binding {
    const binding = new Binding(of);
    // Most have one, and what is pushed onto gets room for many.
    if (of.bindings.length === 0) of.bindings = [binding];
    else of.bindings.push(binding);
    return binding;
  }

  /** Sets when a binding expires, and makes it the one that was updated last. */
  renew(binding: Binding, expiresAt: Instant): void {
    binding.expiresAt = expiresAt;
    this.#expiry.set(binding, expiresAt);
    const { bindings } = binding.of;
    if (bindings.at(-1) === binding) return;
    bindings.splice(bindings.indexOf(binding), 1);
    bindings.push(binding);
  }

  /** Takes a binding out; call `prune` when all that go have gone. */
  remove(binding: Binding): void {
    const { bindings } = binding.of;
    bindings.splice(bindings.indexOf(binding), 1);
    this.#expiry.cancel(binding);
    this.setFlow(binding, undefined);
  }

  /** Takes out what has expired, earliest first. */
  expire(now: Instant): readonly Binding[] {
    const due = this.#expiry.expire(now);
    for (const binding of due) this.remove(binding);
    return due;
  }

  setFlow(binding: Binding, peer: Peer | undefined): void {
    const key = peer === undefined ? undefined : flowKey(peer);
    const known = binding.flow;
    if (known?.key === key) return;
    if (known !== undefined) {
      known.bindings.splice(known.bindings.indexOf(binding), 1);
      if (known.bindings.length === 0) this.#flows.delete(known.key);
      binding.flow = undefined;
    }
    if (peer === undefined || key === undefined) return;
    let flow = this.#flows.get(key);
    if (flow === undefined) {
      const { transport, host, port, connection } = peer;
      flow = { key, peer: { transport, host, port, connection }, bindings: [binding] };
      this.#flows.set(key, flow);
    } else flow.bindings.push(binding);
    binding.flow = flow;
  }

  /** The bindings that hold on to a flow, whosesoever they are. */
  on(peer: Peer): readonly Binding[] {
    return this.#flows.get(flowKey(peer))?.bindings ?? [];
  }

  /** Whose instance a temporary GRUU's index stands for. */
  instanceAt(index: string): { readonly of: AddressBindings; readonly instance: string } | undefined {
    return this.#indexes.get(index);
  }

  /** Gives an instance an index: its first, or in place of the one before, with which its temporary GRUUs end. */
  setIndex(of: AddressBindings, name: string, index: string, distinguisher: string): void {
    let known = of.instances.find((each) => each.name === name);
    if (known === undefined) {
      known = { name, index, distinguisher };
      if (of.instances.length === 0) of.instances = [known];
      else of.instances.push(known);
    } else {
      this.#indexes.delete(known.index);
      known.index = index;
      known.distinguisher = distinguisher;
    }
    this.#indexes.set(index, { of, instance: known.name });
  }

  /** Forgets instances that no binding is of any more, and an address-of-record without bindings. */
  prune(of: AddressBindings): void {
    const { bindings, instances } = of;
    for (let at = instances.length - 1; at >= 0; at -= 1) {
      const instance = instances[at];
      if (instance === undefined || bindings.some((binding) => binding.instance === instance.name)) continue;
      this.#indexes.delete(instance.index);
      instances.splice(at, 1);
    }
    if (bindings.length === 0) this.#addresses.delete(of.aor);
  }
}
