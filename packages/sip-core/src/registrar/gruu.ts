import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { isSame } from '../digest/response.ts';
import type { Uri } from '../uri.ts';
import { normalizeEscapes } from '../uri-equality.ts';
import { fromBase32, toBase32 } from './base32.ts';

/** With what the user part of a temporary GRUU begins; no address-of-record may begin so. */
export const TEMPORARY_PREFIX = 'tgruu.';

/**
 * Makes and reads the GRUUs of a registrar. Both kinds prove themselves by a code that only the holder of the key can
 * make, so nothing is kept of those that were handed out.
 *
 * - A public one is the address-of-record with `gr`, the instance ID and the code of both.
 * - A temporary one is `tgruu.D.E.A` without the dots, of 80 bits each: D is random, E is the index under which the
 *   registrar knows the instance for now, masked by `HMAC(K_e, D)`, and A is `HMAC(K_a, D E)`. To whom two of them
 *   belong can't be told, nor whether to the same, without the key: the scheme of RFC 5627 Appendix A with a keyed hash in
 *   place of the block cipher.
 *
 * @see RFC 5627 §5.4, Appendix A
 */
export class Gruus {
  readonly #publicKey: Keyed;
  readonly #maskKey: Keyed;
  readonly #sealKey: Keyed;

  /** @param key 32 random bytes; GRUUs made with another key are none */
  constructor(key: Uint8Array) {
    if (key.length < 32) throw new RangeError(`the key of GRUUs has 32 bytes, not ${key.length}`);
    const keyed = (purpose: string): Keyed => hmac.create(sha256, hmac(sha256, key, utf8ToBytes(purpose)));
    this.#publicKey = keyed('gruu public');
    this.#maskKey = keyed('gruu mask');
    this.#sealKey = keyed('gruu seal');
  }

  /** The public GRUU of an instance, the same at all times. */
  publicOf(aor: string, instance: string): string {
    const name = isPlainUrn(instance) ? instance : `x-${toBase32(utf8ToBytes(instance))}`;
    return `${aor};gr=${name}.${this.#publicCode(aor, instance)}`;
  }

  /** The instance that a public GRUU names; `undefined` when the code is not ours. */
  instanceOf(aor: string, gr: string): string | undefined {
    // URIs are compared without regard to the case of their parameters.
    const text = normalizeEscapes(gr).toLowerCase();
    const dot = text.length - CODE - 1;
    if (dot < 1 || text[dot] !== '.') return undefined;
    const instance = instanceNamed(text.slice(0, dot));
    if (instance === undefined) return undefined;
    return isSame(text.slice(dot + 1), this.#publicCode(aor, instance)) ? instance : undefined;
  }

  /**
   * A temporary GRUU.
   *
   * @param index 80 bits that stand for address-of-record and instance, as 16 characters
   * @param distinguisher 80 random bits, as 16 characters
   */
  temporary(aor: string, index: string, distinguisher: string): string {
    const body = distinguisher + toBase32(this.#masked(distinguisher, index));
    const host = aor.slice(Math.max(aor.indexOf('@'), aor.indexOf(':')) + 1);
    const scheme = aor.slice(0, aor.indexOf(':'));
    return `${scheme}:${TEMPORARY_PREFIX}${body}${this.#sealOf(body)}@${host};gr`;
  }

  /** The index in a temporary GRUU; `undefined` when it is none of ours. */
  indexOf(uri: Uri): string | undefined {
    if (uri.type !== 'sip' || uri.user?.startsWith(TEMPORARY_PREFIX) !== true) return undefined;
    const text = uri.user.slice(TEMPORARY_PREFIX.length);
    if (text.length !== 3 * CODE) return undefined;
    const body = text.slice(0, 2 * CODE);
    if (!isSame(text.slice(2 * CODE), this.#sealOf(body))) return undefined;
    return toBase32(this.#masked(body.slice(0, CODE), body.slice(CODE)));
  }

  #publicCode(aor: string, instance: string): string {
    return code(this.#publicKey, utf8ToBytes(`${aor}\0${instance}`));
  }

  #sealOf(body: string): string {
    return code(this.#sealKey, utf8ToBytes(body));
  }

  #masked(distinguisher: string, index: string): Uint8Array {
    const mask = this.#maskKey.clone().update(utf8ToBytes(distinguisher)).digest();
    const bytes = fromBase32(index) ?? new Uint8Array(0);
    return bytes.map((byte, at) => byte ^ (mask[at] ?? 0));
  }
}

type Keyed = ReturnType<typeof hmac.create>;

/** Characters of 80 bits. */
const CODE = 16;

function code(key: Keyed, data: Uint8Array): string {
  return toBase32(key.clone().update(data).digest().subarray(0, 10));
}

/** Whether an instance ID can stand in a URI parameter as it is, and be known again in any case. */
function isPlainUrn(instance: string): boolean {
  return /^urn:[a-z0-9\-_.!~*'()[\]:&+$]+$/.test(instance);
}

function instanceNamed(name: string): string | undefined {
  if (isPlainUrn(name)) return name;
  const bytes = name.startsWith('x-') ? fromBase32(name.slice(2)) : undefined;
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
