import { diff } from '@sip-simple/xml-patch';
import { toDocument as toPresenceDocument } from '../document.ts';
import type { PresenceInit } from '../schema.ts';
import { serialize } from './document.ts';
import { fullOf } from './root.ts';
import type { PidfDiff } from './schema.ts';

/**
 * The partial document that makes one presence document of another, with what has changed only.
 *
 * @param version the place of the document in the subscription
 * @throws {TypeError} and {RangeError} as `serialize` of `@sip-simple/pidf`
 * @see RFC 5262 §4
 */
export function diffOf(before: PresenceInit, after: PresenceInit, version?: number): PidfDiff {
  const patch = diff(toPresenceDocument(before), toPresenceDocument(after));
  // §3.2: the entity is that of the presence document; where that changes, it can't be both.
  const entity = before.entity === after.entity ? after.entity : undefined;
  return { version, entity, namespaces: patch.namespaces, operations: patch.operations };
}

/**
 * The body of the next notification: the partial document from what the watcher has to what is, or the full
 * document where that is no longer, or where the watcher has none.
 *
 * @param before what the notification before left the watcher with
 * @param version that of the notification before, and one; 1 for the first (RFC 5263 §4.4)
 * @throws {TypeError} and {RangeError} as `serialize` of `@sip-simple/pidf`
 * @see RFC 5262 §4
 */
export function updateBody(
  before: PresenceInit | undefined,
  after: PresenceInit,
  version: number,
): Uint8Array {
  const full = serialize({ type: 'pidf-full', value: fullOf(after, version) });
  if (before === undefined) return full;
  const partial = serialize({ type: 'pidf-diff', value: diffOf(before, after, version) });
  return partial.length < full.length ? partial : full;
}
