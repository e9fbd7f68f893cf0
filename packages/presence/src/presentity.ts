import { canonicalAor, parseUri, type SipUri } from '@sip-simple/sip-core';

/**
 * The presentity that a Request-URI names: one address for its `sip:`, `sips:` and `pres:` forms, so that
 * whoever publishes and whoever watches meet (RFC 3856 §5).
 * @param isServed whether a domain, in lower case and without a port, is one of ours
 * @returns `sip:user@domain` in canonical form; `undefined` for URIs of other schemes, of no user, or of other domains
 * @throws SipError `uri`
 */
export function presentityOf(uri: string, isServed: (domain: string) => boolean): string | undefined {
  const parsed = parseUri(uri);
  const address = parsed.type === 'sip' ? parsed : presAddress(parsed.scheme, parsed.rest);
  if (address?.user === undefined || address.user === '') return undefined;
  if (!isServed(bare(address.host.toLowerCase()))) return undefined;
  return canonicalAor({ ...address, scheme: 'sip', port: undefined, password: undefined });
}

/** `pres:user@host?headers` (RFC 3859 §3) as the SIP URI of the same user. */
function presAddress(scheme: string, rest: string): SipUri | undefined {
  if (scheme !== 'pres') return undefined;
  const [address = ''] = rest.split('?', 1);
  const parsed = parseUri(`sip:${address}`);
  return parsed.type === 'sip' ? parsed : undefined;
}

function bare(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
