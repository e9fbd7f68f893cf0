import {
  type Address,
  type HeaderLens,
  type HeaderType,
  lens,
  type Parameter,
  quote,
  readAddress,
  unescapeText,
  writeAddress,
} from '@sip-simple/cpim';

/** The namespace of the CPIM headers of RFC 5438 (§6.1). */
export const IMDN_HEADERS = 'urn:ietf:params:imdn';

/** A disposition that the sender of a message wants to be notified of (§10, `notify-req`). */
export interface DispositionRequest {
  /** As written; what is none of `RequestType` is of an extension, and ignored (§7.2.1). */
  readonly type: RequestType | (string & {});
  readonly parameters?: readonly Parameter[] | undefined;
}

/** What RFC 5438 lets a sender request. */
export type RequestType = 'negative-delivery' | 'positive-delivery' | 'processing' | 'display';

/** The identifier of a message, unique in the world (§6.3). */
export const messageId: HeaderLens<string> = /* @__PURE__ */ lens({
  ...type('Message-ID'),
  read: ({ value }) => (TOKEN.test(value.trim()) ? value.trim() : undefined),
  write(value) {
    if (!TOKEN.test(value)) throw new RangeError(`"${value}" is no token`);
    return { value };
  },
});

/** The address that the sender had put into To, before an intermediary changed it (§6.4). */
export const originalTo: HeaderLens<Address> = /* @__PURE__ */ lens(
  /* @__PURE__ */ addressType('Original-To'),
);

/** The intermediaries through which IMDNs are to come back, the last that the message passed on top (§6.5). */
export const imdnRecordRoute: HeaderLens<Address> = /* @__PURE__ */ lens(
  /* @__PURE__ */ addressType('IMDN-Record-Route'),
);

/** The intermediaries through which an IMDN has yet to go, the next on top (§6.6). */
export const imdnRoute: HeaderLens<Address> = /* @__PURE__ */ lens(/* @__PURE__ */ addressType('IMDN-Route'));

/** What the sender wants to be notified of (§6.2). An empty list requests nothing. */
export const dispositionNotification: HeaderLens<readonly DispositionRequest[]> = /* @__PURE__ */ lens({
  ...type('Disposition-Notification'),
  read: ({ value }) => readRequests(value),
  write: (requests) => ({ value: requests.map(writeRequest).join(', ') }),
});

function type(name: string): Pick<HeaderType<unknown>, 'namespace' | 'name' | 'prefix'> {
  return { namespace: IMDN_HEADERS, name, prefix: 'imdn' };
}

function addressType(name: string): HeaderType<Address> {
  return {
    ...type(name),
    read: ({ value }) => readAddress(value),
    write: (address) => ({ value: writeAddress(address) }),
  };
}

function readRequests(value: string): readonly DispositionRequest[] {
  const requests: DispositionRequest[] = [];
  for (const [, name = '', written = ''] of value.matchAll(REQUEST)) {
    if (!TOKEN.test(name)) continue;
    const parameters: Parameter[] = [];
    for (const [, key = '', word, string] of written.matchAll(PARAMETER)) {
      const text = word ?? unescapeText((string ?? '').slice(1, -1));
      parameters.push({ name: key, value: text });
    }
    requests.push(parameters.length === 0 ? { type: name } : { type: name, parameters });
  }
  return requests;
}

function writeRequest({ type, parameters = [] }: DispositionRequest): string {
  if (!TOKEN.test(type)) throw new RangeError(`"${type}" is no token`);
  let written: string = type;
  for (const { name, value } of parameters) {
    if (!TOKEN.test(name)) throw new RangeError(`"${name}" is no parameter name`);
    written += `;${name}=${TOKEN.test(value) ? value : quote(value)}`;
  }
  return written;
}

// RFC 3862 §3.6: Token = 1*TOKENCHAR
const TOKEN = /^[!#-'*+\-.0-9A-Z^-z|~\x80-\u{10ffff}]+$/u;
// notify-req = ( ... / Token ) *(SEMI disp-notify-params), a comma behind or before each
const REQUEST = /([^\s,;"]+) *((?:; *[^\s=,;"]+ *= *(?:"(?:[^"\\]|\\[\s\S])*"|[^\s,;"]*) *)*)[^,]*/g;
const PARAMETER = /; *([^\s=,;"]+) *= *(?:([^\s,;"]+)|("(?:[^"\\]|\\[\s\S])*"))/g;
