import { isToken, skipClass, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import type { NameAddr } from '../name-addr.ts';
import { type Params, quote, readParams, serializeParams, unquote } from '../params.ts';
import { readText, type Source, skipQuoted } from '../source.ts';
import type { HeaderType } from './header-type.ts';
import {
  bracketedAddress,
  bracketedAddresses,
  headerType,
  readTokenAndParams,
  serializeTokenAndParams,
  type TokenAndParams,
} from './syntax.ts';

/** A P-Visited-Network-ID value (RFC 7315 §4.3). */
export interface VisitedNetwork {
  /** The network's identifier or description, quotes and escapes taken off. */
  readonly network: string;
  readonly params: Params;
}

/** RFC 7315 §4.1. */
export const pAssociatedURI: HeaderType<NameAddr> = bracketedAddresses('P-Associated-URI', 'RFC 7315 §5.1');
/** RFC 7315 §4.2. */
export const pCalledPartyID: HeaderType<NameAddr> = bracketedAddress('P-Called-Party-ID', 'RFC 7315 §5.2');
/** RFC 7315 §4.3. */
export const pVisitedNetworkID: HeaderType<VisitedNetwork> = headerType({
  name: 'P-Visited-Network-ID',
  list: true,
  read: readVisitedNetwork,
  serialize: ({ network, params }) => (isToken(network) ? network : quote(network)) + serializeParams(params),
});
/** RFC 7315 §4.4: the access type or class, and what is known of the access network. */
export const pAccessNetworkInfo: HeaderType<TokenAndParams> = headerType({
  name: 'P-Access-Network-Info',
  list: true,
  read: (source, start, end) => readTokenAndParams(source, start, end, 'RFC 7315 §5.4'),
  serialize: serializeTokenAndParams,
});
/** RFC 7315 §4.5: `ccf`, `ecf`, `ccf-2`, `ecf-2`. */
export const pChargingFunctionAddresses: HeaderType<Params> = headerType({
  name: 'P-Charging-Function-Addresses',
  list: true,
  read: readLeadingParams,
  serialize: serializeLeadingParams,
});
/** RFC 7315 §4.6: `icid-value` always, `icid-generated-at`, `orig-ioi`, `term-ioi`, `transit-ioi`, ... */
export const pChargingVector: HeaderType<Params> = headerType({
  name: 'P-Charging-Vector',
  read: readChargingVector,
  serialize: serializeLeadingParams,
});

/** `vnetwork-spec = (token / quoted-string) *(SEMI vnetwork-param)` */
function readVisitedNetwork(source: Source, start: number, end: number): VisitedNetwork {
  const { bytes } = source;
  const isQuoted = start < end && bytes[start] === 0x22;
  const stop = isQuoted ? skipQuoted(bytes, start, end) : skipClass(bytes, start, end, TOKEN);
  if (stop === start)
    throw new SipError('value', 'a network is missing', { rfc: 'RFC 7315 §5.3', offset: start });
  return { network: unquote(source.slice(start, stop)), params: readParams(source, stop, end) };
}

/** `icid-value *(SEMI charge-params)`, `icid-value = "icid-value" EQUAL gen-value` */
function readChargingVector(source: Source, start: number, end: number): Params {
  const params = readLeadingParams(source, start, end);
  if (params.get('icid-value') === undefined)
    throw new SipError('value', 'icid-value is missing', { rfc: 'RFC 7315 §5.6', offset: start });
  return params;
}

/** `generic-param *( SEMI generic-param )`: what follows a value elsewhere, without the value. */
function readLeadingParams(source: Source, start: number, end: number): Params {
  return readText(`;${source.slice(start, end)}`, readParams);
}

function serializeLeadingParams(params: Params): string {
  return serializeParams(params).slice(1);
}
