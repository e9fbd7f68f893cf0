import type { Verdict } from '../support/torture.ts';

/** Why, where there is something to be said. */
const choices: Readonly<Record<string, string>> = {
  'via-received-param-with-delim': 'the dialog of the BYE is not known',
  'mult-ip-in-header': 'the dialog of the BYE is not known',
  'mult-ip-in-sdp': 'its Content-Length leaves the last 8 bytes of the body out, which are dropped',
  'ipv4-mapped-ipv6': 'its Content-Length leaves the last 9 bytes of the body out, which are dropped',
  'ipv6-in-sdp': 'with its Content-Length put right, which is 17 bytes too long',
};

export const messages: readonly Verdict[] = [
  ['4.1', 'ipv6-good', 'Valid message with an IPv6 reference', 'accept', 'accepted', 'delivered'],
  ['4.2', 'ipv6-bad', 'IPv6 reference without brackets', '400', 'uri', '400'],
  ['4.3', 'port-ambiguous', 'Port ambiguous in a SIP URI', 'accept', 'accepted', 'delivered'],
  ['4.4', 'port-unambiguous', 'Port unambiguous in a SIP URI', 'accept', 'accepted', 'delivered'],
  ['4.5', 'via-received-param-with-delim', '`received` in brackets', 'accept', 'accepted', '481'],
  ['4.5', 'via-received-param-no-delim', '`received` without brackets', 'accept', 'accepted', 'delivered'],
  ['4.6', 'ipv6-in-sdp', 'IPv6 addresses in SDP', 'accept', 'accepted', 'delivered'],
  ['4.7', 'mult-ip-in-header', 'Multiple IP addresses in header fields', 'accept', 'accepted', '481'],
  ['4.8', 'mult-ip-in-sdp', 'Multiple IP addresses in SDP', 'accept', 'accepted', 'delivered'],
  ['4.9', 'ipv4-mapped-ipv6', 'IPv4-mapped IPv6 addresses', 'accept', 'accepted', 'delivered'],
  [
    '4.10',
    'ipv6-bug-abnf-3-colons',
    'The extra colon of RFC 3261’s grammar',
    'tolerate',
    'accepted',
    'delivered',
  ],
  ['4.10', 'ipv6-correct-abnf-2-colons', 'The same without it', 'accept', 'accepted', 'delivered'],
].map(([section = '', name = '', about = '', wanted = '', verdict = '', endpoint = '']) => ({
  section,
  name,
  about,
  wanted,
  verdict,
  endpoint,
  choice: choices[name],
}));
