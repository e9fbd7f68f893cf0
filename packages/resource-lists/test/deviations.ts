import type { Deviation, OraclesFault } from '@sip-simple/testkit';

/** Where the validators say more than the schemas of RFC 4826 §3.2, §4.2 and RFC 5364 §5, and why. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    reason:
      'RFC 4826 §3.4.5, §4.4.5: names and URIs that MUST be unique. The schemas have no such constraints.',
    matches: ({ rule }) => rule === 'not-unique',
  },
  {
    reason:
      'RFC 4826 §3.1, §4.1: references MUST be relative paths or absolute HTTP URIs, percent-encoded, those of ' +
      'services into resource-lists. The schemas ask for any URI, and xs:anyURI takes what is yet to be escaped.',
    matches: ({ rule }) =>
      [
        'not-relative',
        'not-absolute',
        'not-percent-encoded',
        'not-in-resource-lists',
        'not-an-element',
      ].includes(rule),
  },
  {
    reason: 'RFC 4826 §3.1: <external> has a mandatory attribute "anchor". Its schema makes it optional.',
    matches: ({ rule, path }) => rule === 'missing-attribute' && /external\[[0-9]+\]$/.test(path),
  },
];

export const ORACLES_FAULTS: readonly OraclesFault[] = [];
