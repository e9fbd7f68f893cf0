import type { Deviation, OraclesFault } from '@sip-simple/testkit';
import { collapse, dateTime } from '@sip-simple/xml/schema';

/** Where the validator says more than the schemas of RFC 4745 §13 and RFC 5025 §7, and why. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    reason:
      'RFC 5025 §3.3.2.14: the name of an unknown attribute MUST be unqualified. Its schema takes any text.',
    matches: ({ rule }) => rule === 'qualified-name',
  },
  {
    reason: 'RFC 5025 §3.3.2.14: its namespace MUST be a namespace URI. The schema takes any text.',
    matches: ({ rule }) => rule === 'no-namespace-uri',
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
