import { SipError } from '../errors.ts';
import { contact } from '../headers/index.ts';
import { type SipResponse, set } from '../message/index.ts';
import { serializeNameAddr } from '../name-addr.ts';
import { parseUri, type SipUri, serializeUri } from '../uri.ts';
import { uriEquals } from '../uri-equality.ts';
import type { Context } from './context.ts';
import { isGruu, type SipTarget } from './postprocess.ts';
import type { ProxyTarget } from './proxy-io.ts';

/** A target in a target set. */
export interface Waiting extends SipTarget {
  readonly q: number;
  /** Others for the same instance, one of which takes its place when it is not reached. */
  readonly others: Waiting[];
}

/**
 * Adds targets to the set of a request, each once; of one instance only one at a time.
 *
 * @param limit of all targets of the request
 * @returns those that can't be tried from here: of other schemes, not secure where the request is to be, too many
 * @see RFC 3261 §16.5, RFC 5626 §7
 */
export function addTargets<T extends ProxyTarget>(
  context: Context,
  targets: readonly T[],
  limit: number,
): readonly T[] {
  const { uri: received } = context.received.preprocessed;
  const isSips = received.type === 'sip' && received.scheme === 'sips';
  const left: T[] = [];
  for (const target of targets) {
    const uri = sipUri(target.uri);
    if (uri === undefined || (isSips && uri.scheme !== 'sips') || sizeOf(context.known) >= limit) {
      left.push(target);
      continue;
    }
    const { q = 1, alternates = [] } = target;
    const others: Waiting[] = [];
    for (const alternate of alternates) {
      const other = sipUri(alternate.uri);
      if (other !== undefined) others.push({ ...alternate, uri: other, q, others: [] });
    }
    others.splice(Math.max(0, limit - 1 - sizeOf(context.known)));
    place(context, { ...target, uri, q, others });
  }
  return left;
}

/** Puts the next of these in its place among those that wait; the rest stands by for it. */
export function addNext(waiting: Waiting[], others: readonly Waiting[]): void {
  const [next, ...rest] = others;
  if (next !== undefined) insert(waiting, { ...next, others: rest });
}

/**
 * Takes the contacts of a 3xx into the target set of a request for a user here, and out of the response. Who was asked
 * for by a GRUU is nobody else, and not looked for elsewhere (RFC 5627 §6.1).
 *
 * @returns what is left of the response; `all` when nothing is
 * @see RFC 3261 §16.7 step 4
 */
export function recursed(
  context: Context,
  response: SipResponse | undefined,
  limit: number,
): SipResponse | undefined | 'all' {
  const mayRecurse = context.isHere && !context.isClosed && !isGruu(context.received.preprocessed.uri);
  if (response === undefined || response.status < 300 || response.status >= 400 || !mayRecurse)
    return response;
  try {
    const targets = contactsOf(response);
    const untried = addTargets(context, targets, limit);
    if (untried.length === targets.length) return response;
    return untried.length === 0
      ? 'all'
      : response.with(set(contact.name, ...untried.map((each) => each.contact)));
  } catch (error) {
    if (error instanceof SipError) return response;
    throw error;
  }
}

/** A contact of a 3xx. */
interface Recursion extends ProxyTarget {
  /** Its value in the Contact header field. */
  readonly contact: string;
}

/** @throws SipError when a contact is malformed */
function contactsOf(response: SipResponse): readonly Recursion[] {
  const found: Recursion[] = [];
  for (const value of response.getAll(contact)) {
    if (value === '*') continue;
    const q = Number(value.params.get('q') ?? 1);
    found.push({
      uri: serializeUri(value.uri),
      q: q >= 0 && q <= 1 ? q : 1,
      contact: serializeNameAddr(value),
    });
  }
  return found;
}

/** Whether a request goes to more than one place, at once or one after another. */
export function isForking(known: readonly Waiting[]): boolean {
  return sizeOf(known) > 1;
}

function place(context: Context, target: Waiting): void {
  const { known, waiting } = context;
  const { instance, regId = 0 } = target;
  for (const each of known) {
    if (instance !== undefined && each.instance === instance) {
      const isKnown = [each, ...each.others].some(
        (one) => (one.regId ?? 0) === regId && (regId > 0 || uriEquals(one.uri, target.uri)),
      );
      if (!isKnown) each.others.push(target);
      return;
    }
    // Bindings of RFC 5626 are told by instance, not by their URIs, which may be the same behind NATs.
    if (regId === 0 && (each.regId ?? 0) === 0 && uriEquals(each.uri, target.uri)) return;
  }
  known.push(target);
  insert(waiting, target);
}

function insert(waiting: Waiting[], target: Waiting): void {
  const at = waiting.findIndex((each) => each.q < target.q);
  waiting.splice(at === -1 ? waiting.length : at, 0, target);
}

function sizeOf(known: readonly Waiting[]): number {
  return known.reduce((count, { others }) => count + 1 + others.length, 0);
}

function sipUri(text: string): SipUri | undefined {
  try {
    const uri = parseUri(text);
    return uri.type === 'sip' ? uri : undefined;
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}
