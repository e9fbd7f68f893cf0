import type { Deviation, OraclesFault } from '@sip-simple/testkit';
import { collapse, dateTime } from '@sip-simple/xml/schema';

/** Where the validator says more than the schemas of RFC 4745 §13 and RFC 5025 §7, and why. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    reason: 'RFC 4745 §7.2: the id of <one> and <except> MUST be a URI. xs:anyURI takes relative references.',
    matches: ({ rule }) => rule === 'no-uri',
  },
  {
    reason: 'RFC 4745 §7.2: an entity with an id MUST NOT have a domain. The schema lets <except> have both.',
    matches: ({ rule }) => rule === 'id-with-domain',
  },
  {
    reason:
      'RFC 5025 §3.3.2.14: the name of an unknown attribute MUST be unqualified. Its schema takes any text.',
    matches: ({ rule }) => rule === 'qualified-name',
  },
  {
    reason: 'RFC 5025 §3.3.2.14: its namespace MUST be a namespace URI. The schema takes any text.',
    matches: ({ rule }) => rule === 'no-namespace-uri',
  },
  {
    reason:
      'Extensions may carry xml:lang and its like, whose values XML 1.0 and its companions define. The two ' +
      'schemas do not import the schema of the namespace xml, so that libxml2 does not look at them.',
    matches: ({ rule, path }) => rule === 'invalid-value' && /@xml:(?:lang|space|base|id)$/.test(path),
  },
];

/** Where the schema processor says more than the schemas. */
export const ORACLES_FAULTS: readonly OraclesFault[] = [
  {
    reason:
      'White space around an xs:dateTime collapses (XML Schema Part 2 §3.2.7), which libxml2 does not do.',
    matches: (verdict) => {
      const [, value] =
        /'([^']*)' is not a valid value of the atomic type '[^']*dateTime'/.exec(verdict) ?? [];
      return value !== undefined && value !== collapse(value) && dateTime.isValid?.(collapse(value)) === true;
    },
  },
];
