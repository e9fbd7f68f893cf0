import { recipientHistory } from '@sip-simple/resource-lists';
import {
  append,
  authorization,
  body,
  createRequest,
  cseq,
  from,
  type HeaderEdit,
  type Part,
  proxyAuthorization,
  require as requireHeader,
  type SipRequest,
  serializeNameAddr,
  set,
  unquote,
} from '@sip-simple/sip-core';
import { isTooLarge } from '../size.ts';
import { recipientListMessage } from './list-message.ts';
import { type Content, contentOf } from './parts.ts';
import { type ListRecipient, listPart, RECIPIENT_LIST_HISTORY } from './recipient-list.ts';

/** A message for many, taken apart. */
export interface Exploded {
  readonly request: SipRequest;
  /** What is sent on: all parts but the list, and what was for the service. */
  readonly content: readonly Part[];
  readonly recipients: readonly ListRecipient[];
}

/** What a copy is made with. */
export interface CopyOptions {
  readonly token: () => string;
  /** The realms of this server: credentials for them are not sent on. */
  readonly realms: readonly string[];
  /** Whether the message came from, and this copy goes to, elements of the same trust domain (RFC 3325). */
  readonly isTrusted: boolean;
  /** Whether a copy may have more than 1300 bytes. */
  readonly isCongestionSafe: boolean;
}

/**
 * Makes the MESSAGE for one recipient.
 *
 * The history of the list goes along unless that would make the message too large (RFC 3428 §8), as it is what a
 * recipient can do without.
 *
 * @param bodies those of this message
 * @returns `undefined` when it is too large without it
 * @see RFC 5365 §7.2, §7.3
 */
export function copyFor(
  recipient: ListRecipient,
  request: SipRequest,
  bodies: CopyBodies,
  options: CopyOptions,
): SipRequest | undefined {
  const base = bare(recipient, request, options);
  for (const content of bodies.of(recipient)) {
    const described = content.headers.map(({ name, value }) => set(name, value));
    const copy = base.with(...described, body(content.body));
    if (options.isCongestionSafe || !isTooLarge(copy)) return copy;
  }
  return undefined;
}

/** The bodies of the copies of one message: most recipients get the same. */
export class CopyBodies {
  readonly #exploded: Exploded;
  readonly #token: () => string;
  readonly #hasHistory: boolean;
  #shared: Content | undefined;
  #plain: Content | undefined;

  constructor(exploded: Exploded, token: () => string) {
    this.#exploded = exploded;
    this.#token = token;
    this.#hasHistory = exploded.recipients.some(({ copyControl }) => copyControl !== 'bcc');
  }

  /** What a recipient may be sent, the best first: with the history of the list, and without. */
  *of({ uri, copyControl }: ListRecipient): Iterable<Content> {
    if (this.#hasHistory && copyControl === 'bcc') yield this.#withHistory(uri);
    else if (this.#hasHistory) {
      this.#shared ??= this.#withHistory(undefined);
      yield this.#shared;
    }
    this.#plain ??= contentOf(this.#exploded.content, this.#token);
    yield this.#plain;
  }

  /** A blind copy shows to its reader that it is one, and to nobody else (RFC 5364 §4). */
  #withHistory(reader: string | undefined): Content {
    const { content, recipients } = this.#exploded;
    const lists = [recipientHistory(recipients, reader)];
    const history = listPart(`${RECIPIENT_LIST_HISTORY}; handling=optional`, { lists });
    return contentOf([...content, history], this.#token);
  }
}

/** The request without a body: a UAC's own, but for what the sender says of themselves and of the message. */
function bare(recipient: ListRecipient, request: SipRequest, options: CopyOptions): SipRequest {
  const sender = request.get(from);
  const params = new Map(sender?.params);
  params.set('tag', options.token());
  const edits: HeaderEdit[] = [
    set('From', sender === undefined ? '' : serializeNameAddr({ ...sender, params })),
    set('To', `<${recipient.uri}>`),
    set('Call-ID', options.token()),
    set(cseq, { sequence: 1, method: 'MESSAGE' }),
    ...copied(request),
    ...credentials(request, options.realms),
    ...identity(request, options.isTrusted),
    ...asked(recipient),
  ];
  return createRequest({ method: 'MESSAGE', uri: recipient.uri, headers: edits });
}

function copied(request: SipRequest): readonly HeaderEdit[] {
  const edits: HeaderEdit[] = [];
  for (const [written, value] of request.headers()) {
    const name = COMPACT.get(written.toLowerCase()) ?? written;
    if (!isOwn(name)) edits.push(append(name, value));
  }
  const required = request.getAll(requireHeader).filter((tag) => tag.toLowerCase() !== recipientListMessage);
  return required.length === 0 ? edits : [...edits, set(requireHeader, ...required)];
}

/** Credentials for others than this server. */
function credentials(request: SipRequest, realms: readonly string[]): readonly HeaderEdit[] {
  return [authorization, proxyAuthorization].flatMap((header) => {
    const others = request
      .getAll(header)
      .filter(({ params }) => !realms.includes(unquote(params.get('realm')) ?? ''));
    return others.length === 0 ? [] : [set(header, ...others)];
  });
}

/** An asserted identity leaves the trust domain never, and one that was asserted outside of it counts for nothing. */
function identity(request: SipRequest, isTrusted: boolean): readonly HeaderEdit[] {
  const values = request.raw('P-Asserted-Identity');
  return isTrusted && values.length > 0 ? [set('P-Asserted-Identity', ...values)] : [];
}

/** What the recipient's URI asks to be added, as far as it is harmless (RFC 3261 §19.1.5). */
function asked({ headers }: ListRecipient): readonly HeaderEdit[] {
  return headers.flatMap(([name, value]) => {
    const [field, text] = [unescaped(name), unescaped(value)];
    if (field === undefined || text === undefined || !/^[A-Za-z0-9\-.!%*_+`'~]+$/.test(field)) return [];
    // no control characters: a field value is one line
    const isHarmless = !/[\u0000-\u001f\u007f]/.test(text) && !isOwn(field) && !isDoubtful(field);
    return isHarmless ? [set(field, text)] : [];
  });
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Header fields of the request itself, its way and its body, which a copy has its own of. */
function isOwn(name: string): boolean {
  return OWN.has(name.toLowerCase()) || /^content-/i.test(name);
}

/** What somebody else than the sender would vouch for, in a header field that a URI asks for. */
function isDoubtful(name: string): boolean {
  return DOUBTFUL.has(name.toLowerCase()) || /^(?:p|proxy|identity)\b/i.test(name) || COMPACT.has(name);
}

const OWN: ReadonlySet<string> = new Set([
  ...['via', 'route', 'record-route', 'path', 'max-forwards', 'from', 'to', 'call-id', 'cseq', 'contact'],
  ...['require', 'proxy-require', 'supported', 'allow', 'accept', 'accept-encoding', 'accept-language'],
  ...['authorization', 'proxy-authorization', 'p-asserted-identity', 'p-preferred-identity'],
  ...['mime-version', 'timestamp', 'body', 'identity', 'identity-info'],
]);
const DOUBTFUL: ReadonlySet<string> = new Set(['date', 'organization', 'user-agent', 'privacy', 'expires']);
/** Compact forms (RFC 3261 §7.3.3 and the IANA registry). */
const COMPACT: ReadonlyMap<string, string> = new Map([
  ['a', 'Accept-Contact'],
  ['b', 'Referred-By'],
  ['c', 'Content-Type'],
  ['d', 'Request-Disposition'],
  ['e', 'Content-Encoding'],
  ['f', 'From'],
  ['i', 'Call-ID'],
  ['j', 'Reject-Contact'],
  ['k', 'Supported'],
  ['l', 'Content-Length'],
  ['m', 'Contact'],
  ['s', 'Subject'],
  ['t', 'To'],
  ['v', 'Via'],
  ['y', 'Identity'],
]);
