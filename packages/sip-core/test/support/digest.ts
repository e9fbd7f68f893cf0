import {
  DigestClient,
  type DigestClientOptions,
  type DigestHash,
  DigestServer,
  type DigestServerOptions,
  ha1,
} from '../../src/digest/index.ts';
import {
  createRequest,
  createResponse,
  type HeaderEdit,
  parseMessage,
  type SipRequest,
  type SipResponse,
} from '../../src/index.ts';

export const REALM = 'biloxi.example.com';
export const PASSWORD = 'zanzibar';

/** A source of bytes that counts: what comes of it differs, and is the same in each run. */
export function counting(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ & 255);
}

export function server(options: Partial<DigestServerOptions> = {}): DigestServer {
  return new DigestServer({
    realm: REALM,
    secret: new Uint8Array(32).fill(7),
    random: counting(),
    ...options,
  });
}

export function client(options: Partial<DigestClientOptions> = {}): DigestClient {
  const credentials = () => ({ username: 'bob', password: PASSWORD });
  return new DigestClient({ credentials, random: counting(), ...options });
}

export function stored(hash: DigestHash, username = 'bob', password = PASSWORD): string {
  return ha1(hash, username, REALM, password);
}

const BODY = new TextEncoder().encode('Watson, come here.');

export function message(edits: readonly HeaderEdit[] = []): SipRequest {
  const request = createRequest({
    method: 'MESSAGE',
    uri: 'sip:alice@biloxi.example.com',
    body: BODY,
    contentType: 'text/plain',
  });
  return overTheWire(request.with(...edits));
}

export function refusal(request: SipRequest, challenge: { status: number; headers: readonly HeaderEdit[] }) {
  return overTheWire(createResponse(request, challenge.status, { headers: challenge.headers }));
}

export function overTheWire<M extends SipRequest | SipResponse>(sent: M): M {
  // What was written as a request or response is read as one.
  return parseMessage(sent.toBytes()) as M;
}

/** The request with other text in it, as somebody on the way might make it. */
export function edited(request: SipRequest, from: string, to: string): SipRequest {
  const text = new TextDecoder().decode(request.toBytes());
  if (!text.includes(from)) throw new RangeError(`no ${from} in the request`);
  const changed = parseMessage(new TextEncoder().encode(text.replaceAll(from, to)));
  if (changed.type !== 'request') throw new RangeError('no request any more');
  return changed;
}
