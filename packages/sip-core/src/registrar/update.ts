import type { Refusal } from '../endpoint/door.ts';
import { minExpires } from '../headers/index.ts';
import { set } from '../message/index.ts';
import type { Uri } from '../uri.ts';
import { canonicalAor, uriEquals } from '../uri-equality.ts';
import type { Binding } from './binding.ts';
import type { ContactValue } from './contact-value.ts';
import type { RegisterRequest } from './register-request.ts';

/** One of the changes that a REGISTER makes, all of them or none. */
export type Change =
  | { readonly type: 'remove'; readonly binding: Binding }
  /** `binding` is the one to be updated; `undefined` adds one. */
  | {
      readonly type: 'bind';
      readonly binding: Binding | undefined;
      readonly contact: ContactValue;
      readonly seconds: number;
    };

/** What decides about changes. */
export interface UpdatePolicy {
  readonly expires: ExpiresRange;
  /** Bindings that one address-of-record may have. */
  readonly perAddress: number;
  /** Whether a URI is a temporary GRUU of this address-of-record. */
  isGruuOf(uri: Uri, aor: string): boolean;
}

/** Expiration intervals in seconds. */
export interface ExpiresRange {
  /** Shorter ones are refused with 423; one hour at most. Default 60. */
  readonly minimum: number;
  /** Longer ones are cut to this. Default 7200. */
  readonly maximum: number;
  /** For requests that ask for none. Default 3600. */
  readonly default: number;
}

/**
 * Works out what a REGISTER changes among the bindings there are, without changing them.
 *
 * @see RFC 3261 §10.3 steps 6 and 7
 */
export function changesOf(
  register: RegisterRequest,
  aor: string,
  current: readonly Binding[],
  policy: UpdatePolicy,
): { readonly type: 'changes'; readonly changes: readonly Change[] } | Refusal {
  if (register.contacts === '*') {
    if (current.some((binding) => isOutOfOrder(binding, register))) return outOfOrder;
    return { type: 'changes', changes: current.map((binding) => ({ type: 'remove', binding })) };
  }
  const changes: Change[] = [];
  let count = current.length;
  for (const contact of register.contacts) {
    const { expires } = policy;
    const requested = contact.expires ?? register.expires ?? expires.default;
    if (requested > 0 && requested < 3600 && requested < expires.minimum) {
      return { status: 423, headers: [set(minExpires, Math.min(expires.minimum, 3600))] };
    }
    const seconds = Math.min(requested, expires.maximum);
    if (seconds > 0) {
      const refusal = refusalOfLoop(contact, aor, policy);
      if (refusal !== undefined) return refusal;
    }
    const binding = current.find((each) => isBoundTo(each, contact));
    if (binding !== undefined && isOutOfOrder(binding, register)) return outOfOrder;
    // Of values that mean the same binding the last one holds: together they are one request.
    const earlier = changes.findIndex((change) => isSameChange(change, binding, contact));
    if (earlier >= 0) count -= growth(...changes.splice(earlier, 1));
    if (seconds > 0) changes.push({ type: 'bind', binding, contact, seconds });
    else if (binding !== undefined) changes.push({ type: 'remove', binding });
    else continue;
    count += growth(...changes.slice(-1));
  }
  if (count > current.length && count > policy.perAddress) {
    return { status: 403, reason: 'Forbidden: too many bindings' };
  }
  return { type: 'changes', changes };
}

/**
 * Whether a binding is the one that a Contact value means: by instance and flow when it has these, by its URI
 * otherwise.
 *
 * @see RFC 3261 §10.3 step 7, RFC 5626 §6
 */
function isBoundTo(binding: Binding, contact: ContactValue): boolean {
  if (binding.regId !== contact.regId) return false;
  if (contact.regId > 0) return binding.instance === contact.instance;
  return binding.uri === contact.uriText || uriEquals(binding.uri, contact.uri);
}

function isSameChange(change: Change, binding: Binding | undefined, contact: ContactValue): boolean {
  if (binding !== undefined) return change.binding === binding;
  if (change.type === 'remove' || change.binding !== undefined) return false;
  const { regId, instance, uri } = change.contact;
  if (regId !== contact.regId) return false;
  return regId > 0 ? instance === contact.instance : uriEquals(uri, contact.uri);
}

function growth(change?: Change): number {
  if (change === undefined) return 0;
  if (change.type === 'remove') return -1;
  return change.binding === undefined ? 1 : 0;
}

/** The same Call-ID, and a CSeq not higher than the binding's: a late or repeated request. */
function isOutOfOrder({ callId, sequence }: Binding, register: RegisterRequest): boolean {
  return callId === register.callId && register.sequence <= sequence;
}

/** A failed update fails the request with 500 (step 7). */
const outOfOrder: Refusal = { status: 500, reason: 'Server Internal Error: CSeq is out of order' };

/**
 * What would lead requests back to this address-of-record. RFC 5627 asks for 403 where the contact has an instance ID;
 * without one it loops just as well.
 *
 * @see RFC 5627 §5.1
 */
function refusalOfLoop(
  { uri, instance }: ContactValue,
  aor: string,
  policy: UpdatePolicy,
): Refusal | undefined {
  if (uri.type !== 'sip') {
    return instance === undefined ? undefined : { status: 403, reason: 'Forbidden: not a SIP URI' };
  }
  const loops = canonicalAor(uri) === aor || uriEquals(uri, aor) || policy.isGruuOf(uri, aor);
  return loops ? { status: 403, reason: 'Forbidden: the contact is the address-of-record' } : undefined;
}
