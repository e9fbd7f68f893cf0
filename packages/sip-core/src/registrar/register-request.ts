import type { Refusal } from '../endpoint/door.ts';
import {
  callId,
  contact,
  cseq,
  expires,
  path,
  require,
  supported,
  unsupported,
  via,
} from '../headers/index.ts';
import { type SipRequest, set } from '../message/index.ts';
import { serializeNameAddr } from '../name-addr.ts';
import type { Uri } from '../uri.ts';
import { type ContactValue, readContactValue } from './contact-value.ts';

/** A REGISTER as the registrar looks at it once it is known whose bindings it is about. */
export interface RegisterRequest {
  readonly callId: string;
  readonly sequence: number;
  /** Nothing in a request that only asks; `*` in one that removes everything. */
  readonly contacts: readonly ContactValue[] | '*';
  /** The Expires header field. */
  readonly expires: number | undefined;
  /** What leads to the contacts, in order, each as a Route value (RFC 3327 §5.3). */
  readonly path: readonly string[];
  /** Whether it came from the user agent without a proxy between. */
  readonly isDirect: boolean;
  /** Whether outbound rules may apply to it: it is direct, or the proxy that it passed first wrote `ob` (RFC 5626 §6). */
  readonly isOutboundPossible: boolean;
  readonly supportsOutbound: boolean;
  readonly supportsGruu: boolean;
}

/** Extensions that a registrar has; others in Require are answered 420 (RFC 3261 §10.3 step 2). */
export const registrarExtensions: readonly string[] = ['path', 'outbound', 'gruu'];

/** Whether a request requires what a registrar has not. */
export function refusalOfExtensions(request: SipRequest): Refusal | undefined {
  if (!request.has(require)) return undefined;
  const unknown = request.getAll(require).filter((tag) => !registrarExtensions.includes(tag.toLowerCase()));
  return unknown.length === 0 ? undefined : { status: 420, headers: [set(unsupported, ...unknown)] };
}

/** Bounds of one REGISTER. */
export interface RegisterLimits {
  /** Characters of one Contact value, and of the Path header field. */
  readonly contactLength: number;
}

/**
 * Reads a REGISTER, or says how to answer one that breaks a rule which needs no knowledge of the bindings there are.
 *
 * @throws SipError for what is malformed, with the status to answer
 * @see RFC 3261 §10.3 step 6, RFC 3327 §5.3, RFC 5626 §6
 */
export function readRegister(
  request: SipRequest,
  limits: RegisterLimits,
  isPathRefused: boolean,
): { readonly type: 'register'; readonly register: RegisterRequest } | Refusal {
  const tags = new Set(request.getAll(supported).map((tag) => tag.toLowerCase()));
  if (isPathRefused && request.has(path) && !tags.has('path')) {
    return { status: 420, headers: [set(unsupported, 'path')] };
  }
  const nodes = request.has(path) ? request.getAll(path) : [];
  const isDirect = request.getAll(via).length === 1;
  const first = nodes.at(-1)?.uri;
  const register: RegisterRequest = {
    callId: request.get(callId) ?? '',
    sequence: request.get(cseq)?.sequence ?? 0,
    contacts: [],
    expires: request.get(expires),
    path: nodes.map(serializeNameAddr),
    isDirect,
    isOutboundPossible: isDirect || (first !== undefined && hasOb(first)),
    supportsOutbound: tags.has('outbound'),
    supportsGruu: tags.has('gruu'),
  };
  if (register.path.join(', ').length > limits.contactLength) return malformed('Path is too long');
  const values = request.getAll(contact);
  if (values.includes('*')) {
    if (values.length > 1 || register.expires !== 0) return malformed('"*" goes with nothing but Expires: 0');
    return { type: 'register', register: { ...register, contacts: '*' } };
  }
  const contacts: ContactValue[] = [];
  for (const value of values) {
    const read = value === '*' ? undefined : readContactValue(value);
    if (read === undefined) return malformed('not a reg-id');
    if (read.text.length > limits.contactLength) return malformed('a Contact is too long');
    contacts.push(read);
  }
  return outbound({ ...register, contacts });
}

/** RFC 5626 §6: refuses what asks for outbound where it is not to be had, and ignores reg-id there. */
function outbound(register: RegisterRequest): ReturnType<typeof readRegister> {
  const contacts = register.contacts === '*' ? [] : register.contacts;
  if (!contacts.some((each) => each.regId > 0)) return { type: 'register', register };
  if (!register.isOutboundPossible) {
    if (register.supportsOutbound) return { status: 439 };
    const plain = contacts.map((each) => ({ ...each, regId: 0 }));
    return { type: 'register', register: { ...register, contacts: plain } };
  }
  const kept = contacts.filter((each) => (each.expires ?? register.expires) !== 0);
  if (kept.length > 1 && kept.some((each) => each.regId > 0)) {
    return malformed('a REGISTER with a reg-id registers one Contact');
  }
  return { type: 'register', register };
}

function hasOb(uri: Uri): boolean {
  return uri.type === 'sip' && uri.params.has('ob');
}

function malformed(why: string): Refusal {
  return { status: 400, reason: `Bad Request: ${why}` };
}
