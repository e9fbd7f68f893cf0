/**
 * Gives the SIP domains that a certificate is for.
 *
 * @param alternatives its subjectAltName in the form `URI:sip:example.com, DNS:example.com`, as OpenSSL and Node
 *   write it; `undefined` when it has none
 * @param commonNames its subject's, which count only without any subjectAltName
 * @see RFC 5922 §7.1
 */
export function sipIdentities(
  alternatives: string | undefined,
  commonNames: readonly string[] = [],
): readonly string[] {
  if (alternatives === undefined) return commonNames.filter((name) => DNS_NAME.test(name)).map(lower);
  const uris: string[] = [];
  const names: string[] = [];
  // A value that holds what could be taken for a separator is written as a JSON string.
  for (const [, type, json, plain = ''] of alternatives.matchAll(ALTERNATIVE)) {
    const value = json === undefined ? plain : String(JSON.parse(json));
    if (type === 'URI') uris.push(...domainOf(value));
    else if (type === 'DNS' && DNS_NAME.test(value)) names.push(lower(value));
  }
  return uris.length > 0 ? uris : names;
}

/**
 * Says whether one of a certificate's domains is this one: whole, in any case, a wildcard standing for nothing but
 * itself.
 *
 * @see RFC 5922 §7.2
 */
export function isIdentified(domain: string, identities: readonly string[]): boolean {
  const wanted = lower(domain).replace(/\.$/, '');
  return identities.some((identity) => identity.replace(/\.$/, '') === wanted);
}

const ALTERNATIVE = /([\w ]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/g;
const DNS_NAME = /^[\w*-][\w.*-]*$/;

/** The domain of a `sip:` URI without a user; nothing of any other. */
function domainOf(uri: string): readonly string[] {
  const [, host] = /^sip:([^@;?]+)(?:[;?][^@]*)?$/i.exec(uri) ?? [];
  return host === undefined ? [] : [lower(host.replace(/:\d+$/, ''))];
}

function lower(text: string): string {
  return text.toLowerCase();
}
