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
import type { HeaderType } from '../headers/header-type.ts';
import type { Random } from '../machine.ts';
import { append, type HeaderEdit, remove, type SipRequest, type SipResponse } from '../message/index.ts';
import { type Params, quote, unquote } from '../params.ts';
import { Tokens } from '../token.ts';
import {
  algorithmOf,
  type DigestHash,
  type DigestInput,
  digestResponse,
  ha1,
  isSame,
  type QualityOfProtection,
  userhash,
} from './response.ts';

/** Who the client is in a realm: with a password, or with what `ha1` makes of it. */
export type DigestCredentials = { readonly username: string } & (
  | { readonly password: string }
  | { readonly ha1: Readonly<Partial<Record<DigestHash, string>>> }
);

/** What a {@link DigestClient} is made of. */
export interface DigestClientOptions {
  /** Gives the credentials for a realm; `undefined` when there are none. */
  readonly credentials: (realm: string) => DigestCredentials | undefined;
  readonly random: Random;
  /** Hashes answered to; leave out MD5 where no server needs it. Default all. */
  readonly hashes?: readonly DigestHash[] | undefined;
}

/** A challenge that was answered, to be answered again with the next count. */
interface Session {
  readonly isProxy: boolean;
  readonly realm: string;
  readonly username: string;
  /** What `ha1` makes of the password. */
  readonly stored: string;
  readonly hash: DigestHash;
  readonly isSession: boolean;
  readonly qop: QualityOfProtection | undefined;
  readonly opaque: string | undefined;
  readonly userhash: boolean;
  nonce: string;
  count: number;
  last: DigestInput | undefined;
}

/**
 * The client's side of Digest for one destination: it answers challenges, sends credentials ahead with later requests,
 * and checks that the server knows the password (RFC 7616, RFC 8760; RFC 3261 §22).
 */
export class DigestClient {
  readonly #options: DigestClientOptions;
  readonly #tokens: Tokens;
  readonly #sessions = new Map<string, Session>();

  constructor(options: DigestClientOptions) {
    this.#options = options;
    this.#tokens = new Tokens(options.random);
  }

  /**
   * Takes a 401 or 407.
   *
   * @param request the one that was refused
   * @returns true when the request may be sent again, with the edits of `authorize` and the next CSeq; false when no
   *   challenge is understood, no credentials are there, or these have just been refused (RFC 3261 §22.1)
   */
  challenged(request: SipRequest, response: SipResponse): boolean {
    const isAnswerable = (isProxy: boolean): boolean => {
      const challenges = readable(response, isProxy ? proxyAuthenticate : wwwAuthenticate);
      const refused = readable(request, isProxy ? proxyAuthorization : authorization);
      const realms = new Map<string, Session>();
      for (const challenge of challenges) {
        // Of several with one realm, the topmost that is supported (RFC 8760 §2.4).
        const session = this.#session(challenge, isProxy);
        if (session !== undefined && !realms.has(session.realm)) realms.set(session.realm, session);
        if (session !== undefined && isRefused(challenge, refused)) realms.delete(session.realm);
      }
      for (const [realm, session] of realms) this.#sessions.set(`${isProxy} ${realm}`, session);
      return realms.size > 0;
    };
    const answers = [isAnswerable(false), isAnswerable(true)];
    return answers.includes(true);
  }

  /**
   * Gives the edits that put credentials into a request, for all realms that have challenged: those of the request
   * itself are replaced. ACK takes the INVITE's own instead (RFC 3261 §22.1).
   */
  authorize(request: SipRequest): readonly HeaderEdit[] {
    const edits: HeaderEdit[] = [];
    if (this.#sessions.size === 0) return edits;
    edits.push(remove(authorization), remove(proxyAuthorization));
    for (const session of this.#sessions.values()) edits.push(this.#credentials(session, request));
    return edits;
  }

  /**
   * Checks the server's proof in a response to the last authorized request, and takes over the next nonce.
   *
   * @returns `absent` when there is none, or none that can be read: servers need not send it
   * @see RFC 7616 §3.5
   */
  verify(response: SipResponse): 'authentic' | 'wrong' | 'absent' {
    let verdict: 'authentic' | 'absent' = 'absent';
    for (const session of this.#sessions.values()) {
      const [info] = readable(response, session.isProxy ? proxyAuthenticationInfo : authenticationInfo);
      const { last } = session;
      if (info === undefined || last === undefined) continue;
      const proof = unquote(info.get('rspauth'));
      if (proof !== undefined) {
        const qop = unquote(info.get('qop')) === 'auth-int' ? 'auth-int' : last.qop;
        const expected = digestResponse(session.stored, { ...last, qop, method: '', body: response.body });
        const isSameRequest = (unquote(info.get('cnonce')) ?? last.cnonce) === last.cnonce;
        if (!isSameRequest || !isSame(expected, proof.toLowerCase())) return 'wrong';
        verdict = 'authentic';
      }
      const next = unquote(info.get('nextnonce'));
      if (next !== undefined) Object.assign(session, { nonce: next, count: 0 });
    }
    return verdict;
  }

  #session({ scheme, params }: Authentication, isProxy: boolean): Session | undefined {
    const text = (name: string): string | undefined => unquote(params.get(name));
    const algorithm = algorithmOf(text('algorithm'));
    const realm = text('realm');
    const nonce = text('nonce');
    const hashes = this.#options.hashes;
    if (scheme.toLowerCase() !== 'digest' || algorithm === undefined) return undefined;
    if (realm === undefined || nonce === undefined || hashes?.includes(algorithm.hash) === false)
      return undefined;
    const offered = text('qop')
      ?.split(',')
      .map((each) => each.trim().toLowerCase());
    const qop = offered?.find((each): each is QualityOfProtection => each === 'auth' || each === 'auth-int');
    if (offered !== undefined && qop === undefined) return undefined;
    const credentials = this.#options.credentials(realm);
    const stored = credentials && storedOf(credentials, algorithm.hash, realm);
    if (credentials === undefined || stored === undefined) return undefined;
    return {
      ...algorithm,
      isProxy,
      realm,
      username: credentials.username,
      stored,
      // Where both are offered, the one that covers the body.
      qop: offered?.includes('auth-int') ? 'auth-int' : qop,
      opaque: params.get('opaque'),
      userhash: text('userhash')?.toLowerCase() === 'true',
      nonce,
      count: 0,
      last: undefined,
    };
  }

  #credentials(session: Session, request: SipRequest): HeaderEdit {
    const { hash, isSession, qop, realm, stored, nonce } = session;
    session.count += 1;
    const nc = session.count.toString(16).padStart(8, '0');
    const cnonce = this.#tokens.next();
    const { method, uri, body } = request;
    const input: DigestInput = { hash, isSession, nonce, qop, nc, cnonce, method, uri, body };
    session.last = input;
    const params = new Map(nameParams(session));
    params.set('realm', quote(realm)).set('nonce', quote(nonce)).set('uri', quote(uri));
    params.set('response', quote(digestResponse(stored, input)));
    params.set('algorithm', isSession ? `${hash}-sess` : hash);
    // Only what the server knows: a client nonce without qop is an error (RFC 3261 §22.4 bullet 8).
    if (qop !== undefined || isSession) params.set('cnonce', quote(cnonce)).set('nc', nc);
    if (qop !== undefined) params.set('qop', qop);
    if (session.opaque !== undefined) params.set('opaque', session.opaque);
    const header: HeaderType<Authentication> = session.isProxy ? proxyAuthorization : authorization;
    return append(header, { scheme: 'Digest', params });
  }
}

/** The name in plain, hashed, or encoded where a quoted-string can't have it (RFC 7616 §3.4 username*). */
function nameParams({ username, hash, realm, userhash: isHashed }: Session): (readonly [string, string])[] {
  if (isHashed)
    return [
      ['username', quote(userhash(hash, username, realm))],
      ['userhash', 'true'],
    ];
  if (/^[ -~]*$/.test(username)) return [['username', quote(username)]];
  return [['username*', `UTF-8''${encodeURIComponent(username.normalize('NFC'))}`]];
}

function storedOf(credentials: DigestCredentials, hash: DigestHash, realm: string): string | undefined {
  if ('password' in credentials) return ha1(hash, credentials.username, realm, credentials.password);
  return credentials.ha1[hash];
}

/** The values of a header that can be read: a challenge that is not understood is passed over (RFC 8760 §2.4). */
function readable<T>(message: SipRequest | SipResponse, header: HeaderType<T>): readonly T[] {
  return message.raw(header.name).flatMap((value) => {
    try {
      return [header.parse(value)];
    } catch (error) {
      if (error instanceof SipError) return [];
      throw error;
    }
  });
}

/** True when the request held credentials for the challenge's realm, and it was not their nonce that was wrong. */
function isRefused({ params }: Authentication, sent: readonly Authentication[]): boolean {
  if (unquote(params.get('stale'))?.toLowerCase() === 'true') return false;
  const realm = unquote(params.get('realm'));
  return sent.some((each: { readonly params: Params }) => unquote(each.params.get('realm')) === realm);
}
