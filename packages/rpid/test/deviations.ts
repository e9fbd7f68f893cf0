import type { Deviation, OraclesFault } from '@sip-simple/testkit';
import { parse, qualifiedName, type XmlElement } from '@sip-simple/xml';
import { collapse, dateTime, type Violation } from '@sip-simple/xml/schema';

/**
 * Where the validator says more than the schemas of RFC 4480, 4481, 4482 and 5196, and why, beside what PIDF's
 * does already. Beyond these they agree.
 */
export const DEVIATIONS: readonly Deviation[] = [
  {
    reason: 'RFC 5196 §3.2.9: <type> MUST be "type/subtype". Its schema takes any text.',
    matches: ({ rule, message }) => rule === 'invalid-value' && message.includes('type/subtype of RFC 2045'),
  },
  {
    reason: 'RFC 4589 §4: location types are empty. The schema of RFC 4480 does not import that of RFC 4589.',
    matches: ({ path }) => /\/[^/]*place-type\[[0-9]+\]\/lt:[^/]*(?:\/[^/]*)?$/.test(path),
  },
  {
    reason:
      'RFC 5196 §6: a <range> stands before extensions. libxml2’s automaton errs where two repeated particles end ' +
      'a sequence.',
    matches: ({ rule, path }) => rule === 'wrong-order' && /supported\[1\]\/[^/]*range\[[0-9]+\]$/.test(path),
  },
  {
    reason: 'RFC 4482 §3.2: the language of a display name is one. The schema has no xml:lang there at all.',
    matches: ({ path }) => /display-name\[[0-9]+\]\/@xml:lang$/.test(path),
  },
  ...[
    ['RFC 3863 §4.1, of the XML declaration', 'missing-declaration'],
    ['RFC 3863 §4.1.3, of a <status> without values', 'empty-status'],
  ].map(([reason = '', name]) => ({
    reason: `PIDF’s: ${reason}`,
    matches: ({ rule }: { readonly rule: string }) => rule === name,
  })),
  {
    reason: 'PIDF’s: RFC 3863 §4.1.7, of timestamps that are no date-time of RFC 3339.',
    matches: ({ rule, message }) => {
      const [, value] = /^"([\s\S]*)" is not RFC 3339 date-time$/.exec(message) ?? [];
      return rule === 'invalid-value' && value !== undefined && dateTime.isValid?.(collapse(value)) === true;
    },
  },
  {
    reason: 'PIDF’s: RFC 3863 §4.4, of a <note> of the document after an extension, which libxml2 overlooks.',
    matches: ({ rule, path }) =>
      rule === 'wrong-order' && /^\/[^/]*presence\/[^/]*note\[[0-9]+\]$/.test(path),
  },
];

/**
 * True for a value, or a note, that stands where RFC 4480 §5 does not have it: after a value of another namespace,
 * in an element that holds one choice. libxml2 goes back to the beginning of the choice after a wildcard that
 * repeats, and so accepts all but what follows a value of RPID.
 */
export function isAfterWildcard(bytes: Uint8Array, { rule, path }: Violation): boolean {
  const steps = path.split('/').slice(2);
  if (rule === 'wrong-order' && /note\[[0-9]+\]$/.test(path)) steps.pop();
  else if (rule !== 'not-alone') return false;
  let at: XmlElement | undefined = parse(bytes).root;
  for (const step of steps) {
    const [, name, nth] = /^(.*)\[([0-9]+)\]$/.exec(step) ?? [];
    at = at?.children
      .filter((child) => child.type === 'element')
      .filter((child) => qualifiedName(child) === name)[Number(nth) - 1];
  }
  if (at === undefined || !CHOICES.has(at.local)) return false;
  const { namespace } = at;
  const order = at.children
    .filter((child) => child.type === 'element')
    .map((child) => (child.namespace !== namespace ? 'x' : child.local === 'note' ? 'n' : 'v'))
    .join('');
  return (at.local === 'relationship' ? /^[xn]*v?$/ : /^[xn]*[xv]$/).test(order);
}

const CHOICES: ReadonlySet<string> = new Set(['relationship', 'service-class', 'place-type', 'sphere']);

/** Where the schema processor says more than the schemas. */
export const ORACLES_FAULTS: readonly OraclesFault[] = [
  {
    reason:
      'RFC 4482 §3.2 and §7: a display name has a language. Its schema is against the text, and forbids it.',
    matches: (verdict) =>
      verdict.includes("display-name', attribute '{http://www.w3.org/XML/1998/namespace}lang'"),
  },
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
