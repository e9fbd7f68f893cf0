import { SipError } from '../errors.ts';
import {
  type Authentication,
  authenticationInfo,
  authorization,
  proxyAuthenticate,
  proxyAuthenticationInfo,
  proxyAuthorization,
  wwwAuthenticate,
} from '../headers/authentication.ts';
import type { Instant, Random } from '../machine.ts';
import { append, type HeaderEdit, type SipRequest, set } from '../message/index.ts';
import { type Params, quote, unquote } from '../params.ts';
import { Nonces } from './nonces.ts';
import {
  algorithmOf,
  type DigestHash,
  type DigestInput,
  digestResponse,
  isSame,
  type QualityOfProtection,
} from './response.ts';

/** What a {@link DigestServer} is made of. */
export interface DigestServerOptions {
  /** The protection domain, unique in the world: a host or domain name is in it (RFC 3261 §22.1). */
  readonly realm: string;
  /** The key of nonces: 32 random bytes, the same for all that share the realm and answer for each other. */
  readonly secret: Uint8Array;
  readonly random: Random;
  /** True for a proxy, which challenges with 407; a UAS or registrar does with 401. */
  readonly proxy?: boolean | undefined;
  /** In the order of preference. Default SHA-256, then MD5 for the many phones that know no other. */
  readonly hashes?: readonly DigestHash[] | undefined;
  /** Default both. */
  readonly qop?: readonly QualityOfProtection[] | undefined;
  /** How long a nonce is taken, in seconds. Default 300. */
  readonly nonceSeconds?: number | undefined;
  /** Nonces in use whose counts are kept. Default 100 000, some 20 MB. */
  readonly nonces?: number | undefined;
}

/** A response that challenges. */
export interface Challenge {
  readonly status: 401 | 407;
  /** One challenge for each hash, the preferred one first (RFC 8760 §2.3). */
  readonly headers: readonly HeaderEdit[];
}

/** What a request says about who sent it. */
export type Claim =
  /** No credentials for this realm, or none that this server takes: challenge. */
  | { readonly type: 'none' }
  /** Credentials with a nonce that is too old or not ours: challenge, saying so. The password may be right. */
  | { readonly type: 'stale' }
  /** Credentials that are malformed: to be answered 400 (RFC 7616 §3.4). */
  | { readonly type: 'malformed'; readonly reason: string }
  | DigestClaim;

/** Credentials to be held against what is stored of the user. */
export interface DigestClaim {
  readonly type: 'claim';
  /** The name, or its hash when `isHashed` (RFC 7616 §3.4.4). */
  readonly username: string;
  readonly isHashed: boolean;
  readonly realm: string;
  readonly hash: DigestHash;
  /** The URI that the client signed. It may differ from the Request-URI behind a proxy; whether it is of somebody served here is the server's to check (RFC 8760 §2.6). */
  readonly uri: string;
  readonly input: DigestInput;
  readonly response: string;
}

/** What the check of a claim says. */
export type Verdict = 'authentic' | 'wrong' | 'replayed' | 'stale';

/**
 * The server's side of Digest (RFC 7616, RFC 8760; RFC 3261 §22). It asks nobody: who holds the passwords looks up the
 * name between `claim` and `check`. ACK and CANCEL are never to be challenged (RFC 3261 §22.1).
 */
export class DigestServer {
  readonly realm: string;
  readonly #hashes: readonly DigestHash[];
  readonly #qop: readonly QualityOfProtection[];
  readonly #isProxy: boolean;
  readonly #nonces: Nonces;

  /** @throws RangeError when the secret has less than 16 bytes, or there is no hash */
  constructor(options: DigestServerOptions) {
    const {
      realm,
      secret,
      random,
      proxy = false,
      hashes = ['SHA-256', 'MD5'],
      qop = ['auth', 'auth-int'],
    } = options;
    const { nonceSeconds = 300, nonces = 100_000 } = options;
    if (secret.length < 16) throw new RangeError('the secret needs at least 16 bytes');
    if (hashes.length === 0 || qop.length === 0) throw new RangeError('a hash and a qop are needed');
    this.realm = realm;
    this.#hashes = [...new Set(hashes)];
    this.#qop = qop;
    this.#isProxy = proxy;
    this.#nonces = new Nonces(secret, realm, random, nonceSeconds * 1000, nonces);
  }

  /** Makes a challenge. `isStale` tells the client that its password was not what was wrong. */
  challenge(now: Instant, isStale = false): Challenge {
    const header = this.#isProxy ? proxyAuthenticate : wwwAuthenticate;
    const nonce = this.#nonces.issue(now);
    const headers = this.#hashes.map((hash) => {
      const params = new Map([
        ['realm', quote(this.realm)],
        ['nonce', quote(nonce)],
        ['qop', quote(this.#qop.join(','))],
        ['algorithm', hash],
        ['charset', 'UTF-8'],
      ]);
      if (isStale) params.set('stale', 'true');
      return append(header, { scheme: 'Digest', params });
    });
    return { status: this.#isProxy ? 407 : 401, headers };
  }

  /** Reads the credentials of a request for this realm; those for others are not this server's (RFC 3261 §22.3). */
  claim(request: SipRequest, now: Instant): Claim {
    let all: readonly Authentication[];
    try {
      all = request.getAll(this.#isProxy ? proxyAuthorization : authorization);
    } catch (error) {
      if (error instanceof SipError) return malformed(error.message);
      throw error;
    }
    for (const { scheme, params } of all) {
      // Basic is never taken (RFC 3261 §22).
      if (scheme.toLowerCase() !== 'digest' || unquote(params.get('realm')) !== this.realm) continue;
      const claim = this.#read(params, request);
      if (claim.type !== 'claim') return claim;
      if (!this.#hashes.includes(claim.hash)) continue;
      return this.#nonces.isCurrent(claim.input.nonce, now) ? claim : { type: 'stale' };
    }
    return { type: 'none' };
  }

  /**
   * Holds a claim against what `ha1` gave when the password was set, and uses up its count.
   *
   * @param stored of the claim's hash; `undefined` for a user who does not exist, which takes the same time
   */
  check(claim: DigestClaim, stored: string | undefined, now: Instant): Verdict {
    const expected = digestResponse(stored ?? NOBODY, claim.input);
    if (!isSame(expected, claim.response) || stored === undefined) return 'wrong';
    const use = this.#nonces.use(claim.input.nonce, Number.parseInt(claim.input.nc, 16), now);
    return use === 'fresh' ? 'authentic' : use;
  }

  /**
   * Proves to the client that this server knows the password too: Authentication-Info for a 2xx.
   *
   * @param body of the response
   * @see RFC 7616 §3.5
   */
  info(claim: DigestClaim, stored: string, body: Uint8Array): HeaderEdit {
    const { qop, nc, cnonce } = claim.input;
    const params = new Map([
      ['rspauth', quote(digestResponse(stored, { ...claim.input, method: '', body }))],
    ]);
    if (qop !== undefined) params.set('qop', qop).set('cnonce', quote(cnonce)).set('nc', nc);
    return set(this.#isProxy ? proxyAuthenticationInfo : authenticationInfo, params);
  }

  #read(params: Params, request: SipRequest): Claim {
    const text = (name: string): string | undefined => unquote(params.get(name));
    const algorithm = algorithmOf(text('algorithm'));
    if (algorithm === undefined) return { type: 'none' };
    const qop = text('qop')?.toLowerCase();
    if (qop !== undefined && !(qop === 'auth' || qop === 'auth-int')) return malformed('an unknown qop');
    if (qop !== undefined && !this.#qop.includes(qop)) return { type: 'none' };
    const username = params.has('username*') ? extended(text('username*')) : text('username');
    if (params.has('username*') && params.has('username')) return malformed('username and username*');
    const [nonce, uri, response, nc, cnonce] = ['nonce', 'uri', 'response', 'nc', 'cnonce'].map(text);
    if (username === undefined || nonce === undefined || uri === undefined || response === undefined)
      return malformed('username, nonce, uri or response is missing');
    const isCounted = nc !== undefined && /^[0-9a-f]{8}$/i.test(nc) && cnonce !== undefined && cnonce !== '';
    if ((qop !== undefined || algorithm.isSession) && !isCounted) return malformed('nc or cnonce is missing');
    return {
      type: 'claim',
      username,
      isHashed: text('userhash')?.toLowerCase() === 'true',
      realm: this.realm,
      hash: algorithm.hash,
      uri,
      response: response.toLowerCase(),
      input: {
        ...algorithm,
        nonce,
        qop,
        nc: nc ?? '00000001',
        cnonce: cnonce ?? '',
        method: request.method,
        uri,
        body: request.body,
      },
    };
  }
}

/** Compared with, so that an unknown name takes as long as a wrong password. */
const NOBODY = '0'.repeat(64);

function malformed(reason: string): Claim {
  return { type: 'malformed', reason };
}

/** `ext-value = charset "'" [ language ] "'" value-chars` in UTF-8 (RFC 5987 §3.2.1). */
function extended(value: string | undefined): string | undefined {
  const [, encoded] = /^UTF-8'[^']*'(.*)$/i.exec(value ?? '') ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
