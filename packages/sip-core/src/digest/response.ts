import { md5 } from '@noble/hashes/legacy.js';
import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** A hash of the registry of RFC 7616 §6.1. MD5 is for peers that know no other (RFC 8760 §3). */
export type DigestHash = 'SHA-512-256' | 'SHA-256' | 'MD5';
/** `auth` covers method and URI, `auth-int` the body too. */
export type QualityOfProtection = 'auth' | 'auth-int';

/** Gives the hash that an `algorithm` parameter names, with whether it is the session variant; MD5 when absent. */
export function algorithmOf(
  parameter: string | undefined,
): { readonly hash: DigestHash; readonly isSession: boolean } | undefined {
  const name = (parameter ?? 'MD5').toUpperCase();
  const isSession = name.endsWith('-SESS');
  const hash = isSession ? name.slice(0, -5) : name;
  return isHash(hash) ? { hash, isSession } : undefined;
}

/**
 * Gives what a server stores instead of a password: `H(username ":" realm ":" password)` in hexadecimal. Whoever
 * has it can authenticate in that realm.
 *
 * @see RFC 7616 §3.4.2, §4 (in Normalization Form C, UTF-8)
 */
export function ha1(hash: DigestHash, username: string, realm: string, password: string): string {
  return digest(hash, `${username.normalize('NFC')}:${realm}:${password.normalize('NFC')}`);
}

/** Gives the name that stands for `username` where a challenge says `userhash=true` (RFC 7616 §3.4.4). */
export function userhash(hash: DigestHash, username: string, realm: string): string {
  return digest(hash, `${username.normalize('NFC')}:${realm}`);
}

/** What a response is computed from, beside the password. */
export interface DigestInput {
  readonly hash: DigestHash;
  readonly isSession: boolean;
  readonly nonce: string;
  /** Without `qop`, as before RFC 2617, neither count nor client nonce counts. */
  readonly qop?: QualityOfProtection | undefined;
  readonly nc: string;
  readonly cnonce: string;
  /** The request's method; `''` for the server's `rspauth` (RFC 7616 §3.5). */
  readonly method: string;
  readonly uri: string;
  readonly body: Uint8Array;
}

/**
 * Computes `response`, or `rspauth` with an empty method.
 *
 * @param stored as `ha1` gives it
 * @see RFC 7616 §3.4.1 to §3.4.3, RFC 2069 §2.1.2
 */
export function digestResponse(stored: string, input: DigestInput): string {
  const { hash, nonce, qop, nc, cnonce } = input;
  const a1 = input.isSession ? digest(hash, `${stored}:${nonce}:${cnonce}`) : stored;
  const covered = `${input.method}:${input.uri}`;
  const a2 = qop === 'auth-int' ? `${covered}:${digest(hash, input.body)}` : covered;
  const salt = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`;
  return digest(hash, `${a1}:${salt}:${digest(hash, a2)}`);
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at % (b.length || 1));
  return difference === 0;
}

function digest(hash: DigestHash, data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? utf8ToBytes(data) : concatBytes(data);
  return bytesToHex(hashes[hash](bytes));
}

function isHash(name: string): name is DigestHash {
  return Object.hasOwn(hashes, name);
}

const hashes = { 'SHA-512-256': sha512_256, 'SHA-256': sha256, MD5: md5 };
