import type { Deviation, OraclesFault } from '@sip-simple/testkit';
import { collapse, dateTime } from '@sip-simple/xml/schema';

/**
 * Where the validator says more than the schemas of RFC 3863 §4.4 and RFC 4479 §5.1, and why. Beyond these
 * the two agree.
 */
export const DEVIATIONS: readonly Deviation[] = [
  {
    reason: 'RFC 3863 §4.1: the XML declaration MUST be there. No schema can see it.',
    matches: ({ rule }) => rule === 'missing-declaration',
  },
  {
    reason: 'RFC 3863 §4.1.3: <status> MUST have at least one status value. Its schema makes all optional.',
    matches: ({ rule }) => rule === 'empty-status',
  },
  {
    reason: 'RFC 3863 §4.2.2: a namespace MUST be an absolute URI. No schema can see declarations.',
    matches: ({ rule }) => rule === 'relative-namespace',
  },
  {
    reason: 'RFC 3863 §4.1.7: a timestamp MUST be a date-time of RFC 3339. xs:dateTime has more forms.',
    matches: ({ rule, message }) => {
      const [, value] = /^"([\s\S]*)" is not RFC 3339 date-time$/.exec(message) ?? [];
      return rule === 'invalid-value' && value !== undefined && dateTime.isValid?.(collapse(value)) === true;
    },
  },
  {
    reason:
      'RFC 3863 §4.1.5: a priority MUST be from 0 to 1. The schema means "." as a point in a pattern where it ' +
      'stands for any character, so that 0123 and 1000 match.',
    matches: ({ rule, path, message }) =>
      rule === 'invalid-value' &&
      path.endsWith('/@priority') &&
      /^"\s*(?:0[0-9]{1,4}|1[0-9]0{0,3})\s*"/.test(message),
  },
  {
    reason:
      'RFC 3863 §4.4: a <note> of the document stands before all extensions. libxml2 accepts it after them: its ' +
      'automaton errs where two repeated particles end a sequence. It refuses the same of a <tuple>.',
    matches: ({ rule, path }) =>
      rule === 'wrong-order' && /^\/[^/]*presence\/[^/]*note\[[0-9]+\]$/.test(path),
  },
];

/** Where the schema processor says more than the schemas. */
export const ORACLES_FAULTS: readonly OraclesFault[] = [
  {
    reason:
      'White space around an xs:dateTime collapses (XML Schema Part 2 §3.2.7), which libxml2 does not do.',
    matches: (verdict) => {
      const [, value] =
        /'([^']*)' is not a valid value of the atomic type '[^']*(?:dateTime|Timestamp_t)'/.exec(verdict) ??
        [];
      return value !== undefined && value !== collapse(value) && dateTime.isValid?.(collapse(value)) === true;
    },
  },
];
