import { isDigit } from '../chars.ts';
import { SipError } from '../errors.ts';
import { type NameAddr, parseNameAddr, serializeNameAddr } from '../name-addr.ts';
import { type Params, parseParams, serializeParams } from '../params.ts';
import { skipSpace } from '../scan.ts';
import { endOfHost } from '../uri.ts';
import type { HeaderType } from './header-type.ts';
import { endOfToken, number, skipSeparator } from './syntax.ts';

/** A Via value: where a request passed and its response goes (RFC 3261 §20.42, RFC 3581). */
export interface Via {
  /** `SIP` in upper or lower case, as written. */
  readonly protocol: string;
  readonly version: string;
  /** `UDP`, `TCP`, `TLS`, ... as written. */
  readonly transport: string;
  readonly host: string;
  readonly port?: number | undefined;
  /** `branch`, `received`, `rport`, `maddr`, `ttl`, ... */
  readonly params: Params;
}

/** RFC 3261 §20.42. */
export const via: HeaderType<Via> = {
  name: 'Via',
  compact: 'v',
  list: true,
  parse: parseVia,
  serialize: serializeVia,
};
/** RFC 3261 §20.34. */
export const route: HeaderType<NameAddr> = addresses('Route');
/** RFC 3261 §20.30. */
export const recordRoute: HeaderType<NameAddr> = addresses('Record-Route');
/** RFC 3327 §4. */
export const path: HeaderType<NameAddr> = addresses('Path');
/** RFC 3327's sibling: RFC 3608 §5. */
export const serviceRoute: HeaderType<NameAddr> = addresses('Service-Route');
/** RFC 3261 §20.22: 0 to 255. */
export const maxForwards: HeaderType<number> = number('Max-Forwards', 'RFC 3261 §20.22', 255);

/** `route-param = name-addr *( SEMI rr-param )`: angle brackets always. */
function addresses(name: string): HeaderType<NameAddr> {
  return {
    name,
    list: true,
    parse: (text) => {
      if (!text.includes('<'))
        throw new SipError('value', `${name} needs angle brackets`, { rfc: 'RFC 3261 §20.34' });
      return parseNameAddr(text);
    },
    serialize: serializeNameAddr,
  };
}

/** `via-parm = sent-protocol LWS sent-by *( SEMI via-params )` */
function parseVia(text: string): Via {
  const protocolEnd = endOfToken(text, 0);
  const versionStart = skipSeparator(text, protocolEnd, SLASH);
  const versionEnd = endOfToken(text, Math.max(versionStart, 0));
  const transportStart = versionStart === -1 ? -1 : skipSeparator(text, versionEnd, SLASH);
  if (protocolEnd === 0 || transportStart === -1 || versionEnd === versionStart)
    throw bad('no sent-protocol', 0);
  const transportEnd = endOfToken(text, transportStart);
  const hostStart = skipSpace(text, transportEnd);
  if (transportEnd === transportStart || hostStart === transportEnd)
    throw bad('no transport', transportStart);
  const hostEnd = endOfHost(text, hostStart);
  let at = skipSpace(text, hostEnd);
  let port: number | undefined;
  if (text.charCodeAt(at) === COLON) {
    const portStart = skipSpace(text, at + 1);
    port = 0;
    for (at = portStart; at < text.length && isDigit(text.charCodeAt(at)); at++) {
      port = port * 10 + text.charCodeAt(at) - 48;
      if (port > 65535) throw bad('a port is larger than 65535', portStart);
    }
    if (at === portStart) throw bad('":" without a port', portStart);
  }
  return {
    protocol: text.slice(0, protocolEnd),
    version: text.slice(versionStart, versionEnd),
    transport: text.slice(transportStart, transportEnd),
    host: text.slice(hostStart, hostEnd),
    port,
    params: parseParams(text, at),
  };
}

function serializeVia(value: Via): string {
  const port = value.port === undefined ? '' : `:${value.port}`;
  const sentBy = `${value.host}${port}${serializeParams(value.params)}`;
  return `${value.protocol}/${value.version}/${value.transport} ${sentBy}`;
}

const SLASH = 0x2f;
const COLON = 0x3a;

function bad(message: string, offset: number): SipError {
  return new SipError('value', `Via: ${message}`, { rfc: 'RFC 3261 §20.42', offset });
}
