import type { Peer } from '../endpoint/peer.ts';
import type { Instant } from '../machine.ts';
import type { Binding } from './binding.ts';

/** Where requests for an address-of-record go. */
export interface Target {
  /** The contact URI: the new Request-URI. */
  readonly uri: string;
  /** The Contact value with its parameters, among them the capabilities of RFC 3840 §9; `parseNameAddr` reads it. */
  readonly contact: string;
  /** 0 to 1. */
  readonly q: number;
  /** Route values to put before the request, in order (RFC 3327 §5.4). */
  readonly path: readonly string[];
  /**
   * The flow that the registration came on. A contact with a `regId` has to be sent to over it, and only over it
   * (RFC 5626 §7); for others it leads past NATs.
   */
  readonly flow: Peer | undefined;
  readonly instance: string | undefined;
  /** Above 0 for a registration by the rules of RFC 5626. */
  readonly regId: number;
  readonly updatedAt: Instant;
  /**
   * Other contacts of the same instance, the last updated one first: to be tried one after another, and only when
   * this one answered 430 or 408 (RFC 5626 §7, RFC 5627 §6.1).
   */
  readonly alternates: readonly Target[];
}

/** What `Registrar.lookup` finds. */
export type Lookup =
  | {
      readonly type: 'found';
      readonly aor: string;
      /** Of a GRUU, the instance that it stands for. */
      readonly instance: string | undefined;
      /** Targets of the same preference together, the preferred ones first (RFC 3261 §16.6). */
      readonly groups: readonly (readonly Target[])[];
    }
  /** Nobody is registered: 480, or 404 where the address-of-record is nobody's. */
  | { readonly type: 'unavailable'; readonly aor: string; readonly instance: string | undefined }
  /** Not of a domain here, or a GRUU that is none or has ended: 404. */
  | { readonly type: 'unknown' };

/**
 * Puts bindings in order: never two of the same instance at a time.
 *
 * @param bindings the one that was updated last at the end
 */
export function targetGroups(bindings: readonly Binding[]): readonly (readonly Target[])[] {
  const heads: Binding[] = [];
  const others = new Map<string, Binding[]>();
  for (let at = bindings.length - 1; at >= 0; at -= 1) {
    const binding = bindings[at];
    if (binding === undefined) continue;
    const { instance } = binding;
    const known = instance === undefined ? undefined : others.get(instance);
    if (known !== undefined) known.push(binding);
    else {
      heads.push(binding);
      if (instance !== undefined) others.set(instance, []);
    }
  }
  heads.sort((a, b) => b.q - a.q);
  const groups: Target[][] = [];
  let q: number | undefined;
  for (const head of heads) {
    const alternates = head.instance === undefined ? [] : (others.get(head.instance) ?? []);
    const made = target(
      head,
      alternates.map((each) => target(each, [])),
    );
    const group = groups.at(-1);
    if (group === undefined || head.q !== q) groups.push([made]);
    else group.push(made);
    q = head.q;
  }
  return groups;
}

function target(binding: Binding, alternates: readonly Target[]): Target {
  const { uri, contact, q, path, flow, instance, regId, updatedAt } = binding;
  return { uri, contact, q: q / 1000, path, flow: flow?.peer, instance, regId, updatedAt, alternates };
}
