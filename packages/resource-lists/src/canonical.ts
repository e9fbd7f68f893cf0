/**
 * The form of a URI by which it is stored and looked up: equal SIP URIs, and equal HTTP URIs, have the same in
 * nearly all cases. URIs of other schemes, and what is no URI, stay as they are.
 *
 * - `sip`, `sips`: the host, and parameters, in lower case; no percent-encoding that isn't needed; parameters
 *   sorted by name; no header parameters.
 * - `http`, `https`: the host in lower case; no default port; no percent-encoding that isn't needed.
 *
 * What stays percent-encoded is written with upper case digits, since the case of these makes no difference
 * (RFC 3986 §6.2.2.1).
 *
 * @see RFC 4826 §5, §3.4.7
 */
export function canonicalizeUri(uri: string): string {
  const sip = SIP.exec(uri);
  if (sip !== null) {
    const [, scheme = '', user, password, host = '', port = '', parameters = ''] = sip;
    const userinfo =
      user === undefined
        ? ''
        : `${unescapeAllowed(user, USER)}${password === undefined ? '' : `:${unescapeAllowed(password, PASSWORD)}`}@`;
    return `${scheme.toLowerCase()}:${userinfo}${host.toLowerCase()}${port}${sortParameters(parameters)}`;
  }
  const http = HTTP.exec(uri);
  if (http === null) return uri;
  const [, written = '', userinfo = '', host = '', port = '', path = '', query = '', fragment = ''] = http;
  const scheme = written.toLowerCase();
  const shownPort = port === ':' || port === (scheme === 'http' ? ':80' : ':443') ? '' : port;
  return `${scheme}://${unescapeAllowed(userinfo, USERINFO)}${host.toLowerCase()}${shownPort}${unescapeAllowed(path, PATH)}${unescapeAllowed(query, QUERY)}${fragment}`;
}

function sortParameters(written: string): string {
  if (written === '') return '';
  const parameters = written
    .slice(1)
    .split(';')
    .map((parameter) => {
      const [name = '', ...value] = parameter.split('=');
      return [lower(name), value.length === 0 ? undefined : lower(value.join('='))] as const;
    });
  // By US-ASCII value, which is what comparing strings does; parameters of one name keep their order.
  parameters.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return parameters.map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`)).join('');
}

function lower(token: string): string {
  return unescapeAllowed(unescapeAllowed(token, PARAMETER).toLowerCase(), PARAMETER);
}

function unescapeAllowed(text: string, allowed: RegExp): string {
  // Beside a "%" that is none of an escape, a character set free might make it one.
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return text;
  return text.replace(/%([0-9A-Fa-f]{2})/g, (escaped, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return allowed.test(character) ? character : escaped.toUpperCase();
  });
}

// RFC 3261 §25.1: what may stand unescaped in the parts of a SIP URI.
const USER = /[A-Za-z0-9\-_.!~*'()&=+$,;?/]/;
const PASSWORD = /[A-Za-z0-9\-_.!~*'()&=+$,]/;
const PARAMETER = /[A-Za-z0-9\-_.!~*'()[\]/:&+$]/;
// RFC 3986 Appendix A: pchar without the "%" of an escape, and what else may stand in the part.
const USERINFO = /[A-Za-z0-9\-._~!$&'()*+,;=:]/;
const PATH = /[A-Za-z0-9\-._~!$&'()*+,;=:@]/;
const QUERY = /[A-Za-z0-9\-._~!$&'()*+,;=:@/?]/;
// 1 scheme 2 user 3 password 4 host 5 port 6 parameters
const SIP =
  /^(sips?):(?:([^@:]+)(?::([^@]*))?@)?(\[[^\]]*\]|[^\s@:;?[\]]+)(:[0-9]+)?((?:;[^;?@]*)*)(?:\?.*)?$/i;
// 1 scheme 2 userinfo 3 host 4 port 5 path 6 query 7 fragment
const HTTP = /^(https?):\/\/([^/?#@]*@)?(\[[^\]]*\]|[^/?#@:[\]]+)(:[0-9]*)?(\/[^?#]*)?(\?[^#]*)?(#.*)?$/i;
