import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { isSame } from '../digest/response.ts';
import { type Peer, transportName } from '../endpoint/peer.ts';
import { toBase32 } from '../registrar/base32.ts';
import type { Tokens } from '../token.ts';

/** What the user part of a URI says that this proxy put into Record-Route or Path. */
export interface Seal {
  /** `dialog` from Record-Route: good for the dialog's Call-ID alone. `flow` from Path: good for whoever has it. */
  readonly pass: 'dialog' | 'flow';
  /** The flow that the other side is to be reached by. */
  readonly flow: Peer | undefined;
}

/**
 * Makes and reads the user parts of this proxy's own URIs. They say that it wrote them, for which dialog, and over
 * which flow to go on, and prove it by a code that only the holder of the key can make: nothing is kept of them.
 *
 * `mark = ( "rr" / "ft" ) "~" unique "~" flow "~" code`
 *
 * @see RFC 3261 §16.7 step 8 (distinct URIs), RFC 5626 §5.2 (flow tokens)
 */
export class Seals {
  readonly #key: ReturnType<typeof hmac.create>;
  readonly #tokens: Tokens;

  /** @throws RangeError when the secret has less than 16 bytes */
  constructor(secret: Uint8Array, tokens: Tokens) {
    if (secret.length < 16) throw new RangeError('the secret needs at least 16 bytes');
    this.#key = hmac.create(sha256, hmac(sha256, secret, utf8ToBytes('proxy routes')));
    this.#tokens = tokens;
  }

  /** For Record-Route: no two are the same, so that each can be found again in a response. */
  ofDialog(callId: string, flow: Peer | undefined): string {
    const body = `rr~${this.#tokens.next().slice(0, 8)}~${flow === undefined ? '' : written(flow)}`;
    return `${body}~${this.#code(body, callId)}`;
  }

  /** For Path; without a flow when those before us lead to the user agent. */
  ofFlow(flow: Peer | undefined): string {
    const body = `ft~~${flow === undefined ? '' : written(flow)}`;
    return `${body}~${this.#code(body, '')}`;
  }

  /**
   * Reads a user part.
   *
   * @returns `tampered` for what looks like ours and is not, or is another dialog's; `undefined` for any other
   */
  open(user: string | undefined, callId: string): Seal | 'tampered' | undefined {
    if (user === undefined || !/^(?:rr|ft)~/.test(user)) return undefined;
    const end = user.lastIndexOf('~');
    const body = user.slice(0, end);
    const isDialog = body.startsWith('rr');
    if (!isSame(user.slice(end + 1), this.#code(body, isDialog ? callId : ''))) return 'tampered';
    const flow = body.slice(body.indexOf('~', 3) + 1);
    return { pass: isDialog ? 'dialog' : 'flow', flow: flow === '' ? undefined : read(flow) };
  }

  #code(body: string, callId: string): string {
    const bytes = utf8ToBytes(`${body}\0${callId}`);
    return toBase32(this.#key.clone().update(bytes).digest().subarray(0, 10));
  }
}

/** IPv6's colons would begin a password. */
function written({ transport, host, port, connection }: Peer): string {
  return `${transport}-${encodeURIComponent(host.replaceAll(':', '_'))}-${port}-${connection ?? ''}`;
}

function read(text: string): Peer | undefined {
  const [, name = '', host = '', port, connection] = /^([a-z]+)-(.+)-(\d+)-(\d*)$/.exec(text) ?? [];
  const transport = transportName(name);
  if (transport === undefined) return undefined;
  return {
    transport,
    host: decodeURIComponent(host).replaceAll('_', ':'),
    port: Number(port),
    ...(connection === '' ? {} : { connection: Number(connection), flowOnly: true }),
  };
}

/** Whether two peers are the ends of one flow. */
export function isSameFlow(one: Peer, other: Peer): boolean {
  if (one.transport !== other.transport) return false;
  if (one.transport !== 'udp' && one.connection !== undefined && other.connection !== undefined)
    return one.connection === other.connection;
  return one.host === other.host && one.port === other.port;
}
