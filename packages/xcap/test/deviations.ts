import type { Deviation } from '@sip-simple/testkit';

export const XML_LANG: Deviation = {
  reason:
    'XML 1.0 §2.12: xml:lang has the values of RFC 3066, wherever it stands. This schema does not import the ' +
    'one for the namespace xml, so that libxml2 does not look.',
  matches: ({ rule, path }) => rule === 'invalid-value' && path.endsWith('/@xml:lang'),
};
