import {
  canonicalAor,
  from,
  type Instant,
  isIdentified,
  type Peer,
  parseUri,
  type Random,
  type ResponseInit,
  SipError,
  type SipRequest,
  type SipUri,
} from '@sip-simple/sip-core';
import { type DigestHash, DigestServer } from '@sip-simple/sip-core/digest';

/** Who sent a request, as was proved; or how to answer it. */
export type Admission =
  /** `identity` is the canonical address-of-record that was proved; a request that is not to be challenged proves none. */
  | { readonly type: 'admitted'; readonly identity: string | undefined }
  | { readonly type: 'refused'; readonly status: number; readonly init: ResponseInit; readonly why: string };

export interface GateOptions {
  /** Each is a realm of its own, as passwords are for one domain. */
  readonly domains: readonly string[];
  readonly random: Random;
  /** Offered, the preferred one first. */
  readonly hashes: readonly DigestHash[];
  /** What a password is proved against; `undefined` when there is no such user. */
  secret(user: string, domain: string, hash: DigestHash): Promise<string | undefined>;
}

/**
 * Lets requests through of which it is proved that the user in From sends them: by Digest for users of this server's
 * domains, by the certificate of the connection for those of others. Where neither proves it, the request is refused.
 *
 * @see RFC 3261 §22.2, §26.3.2; RFC 5922 §7.4; RFC 8760
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #realms: ReadonlyMap<string, DigestServer>;

  constructor(options: GateOptions) {
    this.#options = options;
    const { domains, random, hashes } = options;
    const secret = random(32);
    this.#realms = new Map(
      domains.map((realm) => [realm, new DigestServer({ realm, secret, random, hashes })]),
    );
  }

  async admit(request: SipRequest, peer: Peer, now: Instant): Promise<Admission> {
    // "Servers MUST NOT attempt to challenge an ACK", nor a CANCEL (RFC 3261 §22.1).
    if (request.method === 'ACK' || request.method === 'CANCEL')
      return { type: 'admitted', identity: undefined };
    const sender = senderOf(request);
    if (sender === undefined) return refused(403, 'From names no user');
    const realm = this.#realms.get(sender.domain);
    if (realm === undefined) {
      const isProved = isIdentified(sender.domain, peer.identities ?? []);
      return isProved
        ? admitted(sender.uri)
        : refused(403, `nothing proves that this is from ${sender.domain}`);
    }
    const claim = realm.claim(request, now);
    if (claim.type === 'malformed') return refused(400, claim.reason);
    if (claim.type !== 'claim') return challenge(realm, now, claim.type === 'stale', claim.type);
    const secret = await this.#options.secret(claim.username, claim.realm, claim.hash);
    const verdict = realm.check(claim, secret, now);
    if (verdict !== 'authentic') return challenge(realm, now, verdict !== 'wrong', verdict);
    if (!this.#isServed(claim.uri, request.uri))
      return refused(400, 'the credentials are for another server');
    const isSender = canonicalAor({ ...sender.uri, user: claim.username }) === canonicalAor(sender.uri);
    return isSender
      ? admitted(sender.uri)
      : refused(403, `the credentials are not those of the user in From`);
  }

  /** What was signed may differ from the Request-URI behind a proxy, but has to be of somebody here (RFC 8760 §2.6). */
  #isServed(signed: string, requested: string): boolean {
    if (signed === requested) return true;
    try {
      const uri = parseUri(signed);
      return uri.type === 'sip' && this.#realms.has(uri.host.toLowerCase());
    } catch (error) {
      if (error instanceof SipError) return false;
      throw error;
    }
  }
}

function admitted(uri: SipUri): Admission {
  return { type: 'admitted', identity: canonicalAor(uri) };
}

function challenge(realm: DigestServer, now: Instant, isStale: boolean, why: string): Admission {
  const { status, headers } = realm.challenge(now, isStale);
  return { type: 'refused', status, init: { headers }, why };
}

function refused(status: number, why: string): Admission {
  return { type: 'refused', status, init: {}, why };
}

function senderOf(request: SipRequest) {
  try {
    const uri = request.get(from)?.uri;
    if (uri === undefined) return undefined;
    if (uri.type === 'sip')
      return uri.user === undefined ? undefined : { uri, domain: uri.host.toLowerCase() };
    // pres: and im: name the same user (RFC 3859 §2, RFC 3860 §2).
    const [, user, host] = /^([^@]+)@([^?]+)/.exec(uri.rest) ?? [];
    if (!['pres', 'im'].includes(uri.scheme) || user === undefined || host === undefined) return undefined;
    const params = new Map<string, string | undefined>();
    return {
      uri: { type: 'sip', scheme: 'sip', user, host, params, headers: [] } as const,
      domain: host.toLowerCase(),
    };
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}
