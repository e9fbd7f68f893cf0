import { skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import type { NameAddr } from '../name-addr.ts';
import { type Params, readParams, serializeParams } from '../params.ts';
import type { Source } from '../source.ts';
import { endOfHost, portAt, skipDigits } from '../uri.ts';
import type { HeaderType } from './header-type.ts';
import { bracketedAddresses, headerType, number, skipSeparator } from './syntax.ts';

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
export const via: HeaderType<Via> = headerType({
  name: 'Via',
  compact: 'v',
  list: true,
  read: readVia,
  serialize: serializeVia,
});
/** RFC 3261 §20.34. */
export const route: HeaderType<NameAddr> = bracketedAddresses('Route', 'RFC 3261 §20.34');
/** RFC 3261 §20.30. */
export const recordRoute: HeaderType<NameAddr> = bracketedAddresses('Record-Route', 'RFC 3261 §20.30');
/** RFC 3327 §4. */
export const path: HeaderType<NameAddr> = bracketedAddresses('Path', 'RFC 3327 §4');
/** RFC 3327's sibling: RFC 3608 §5. */
export const serviceRoute: HeaderType<NameAddr> = bracketedAddresses('Service-Route', 'RFC 3608 §5');
/** RFC 3261 §20.22: 0 to 255. */
export const maxForwards: HeaderType<number> = number('Max-Forwards', 'RFC 3261 §20.22', 255);

/** `via-parm = sent-protocol LWS sent-by *( SEMI via-params )` */
function readVia(source: Source, start: number, end: number): Via {
  const { bytes } = source;
  const protocolEnd = skipClass(bytes, start, end, TOKEN);
  const versionStart = skipSlash(bytes, protocolEnd, end);
  if (protocolEnd === start || versionStart === -1) throw bad('no sent-protocol', start);
  const versionEnd = skipClass(bytes, versionStart, end, TOKEN);
  const transportStart = skipSlash(bytes, versionEnd, end);
  if (versionEnd === versionStart || transportStart === -1) throw bad('no version', versionStart);
  const transportEnd = skipClass(bytes, transportStart, end, TOKEN);
  const hostStart = skipSpace(bytes, transportEnd, end);
  if (transportEnd === transportStart || hostStart === transportEnd)
    throw bad('no transport', transportStart);
  const hostEnd = endOfHost(source, hostStart, end);
  let at = hostEnd;
  let port: number | undefined;
  if (at < end && bytes[at] !== SEMICOLON) {
    const portStart = skipSeparator(bytes, hostEnd, end, COLON);
    if (portStart !== -1) {
      at = skipDigits(bytes, portStart, end);
      port = portAt(bytes, portStart, at);
    }
  }
  const isSip2 = transportStart === start + 8 && isSip20(bytes, start);
  return {
    protocol: isSip2 ? 'SIP' : source.slice(start, protocolEnd),
    version: isSip2 ? '2.0' : source.slice(versionStart, versionEnd),
    transport: source.slice(transportStart, transportEnd),
    host: source.slice(hostStart, hostEnd),
    port,
    params: readParams(source, at, end),
  };
}

/** Gives the place after a slash with the white space around it, or -1. */
function skipSlash(bytes: Uint8Array, at: number, end: number): number {
  const next = at + 1;
  if (next < end && bytes[at] === SLASH && (bytes[next] ?? 0) > 0x20) return next;
  return skipSeparator(bytes, at, end, SLASH);
}

/** Says whether `SIP/2.0/` is there, in upper case. */
function isSip20(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x53 &&
    bytes[at + 1] === 0x49 &&
    bytes[at + 2] === 0x50 &&
    bytes[at + 3] === SLASH &&
    bytes[at + 4] === 0x32 &&
    bytes[at + 5] === 0x2e &&
    bytes[at + 6] === 0x30
  );
}

function serializeVia(value: Via): string {
  const port = value.port === undefined ? '' : `:${value.port}`;
  const sentBy = `${value.host}${port}${serializeParams(value.params)}`;
  return `${value.protocol}/${value.version}/${value.transport} ${sentBy}`;
}

const SLASH = 0x2f;
const COLON = 0x3a;
const SEMICOLON = 0x3b;

function bad(message: string, offset: number): SipError {
  return new SipError('value', `Via: ${message}`, { rfc: 'RFC 3261 §20.42', offset });
}
