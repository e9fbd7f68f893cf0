import { PIDF } from '@sip-simple/pidf';
import { attributeOf, firstElement, textOf, XML, type XmlDocument } from '@sip-simple/xml';
import { collapse, instantOf, type Violation } from '@sip-simple/xml/schema';
import { CIPID } from '../cipid.ts';
import { holdsAt } from '../time.ts';
import { TIMED_STATUS } from '../timed-status.ts';
import { RPID } from '../vocabulary.ts';
import { type Component, componentsOf, partsNamed, timesOf, violation } from './components.ts';
import { placementRules } from './placement.ts';

export interface RulesOptions {
  /**
   * The time of the clock, in milliseconds since 1970-01-01T00:00:00Z: given by who publishes a document, whose
   * timed status has to be past or future then. Without it, only timestamps in the document count.
   */
  readonly now?: number | undefined;
}

/**
 * What RFC 4480, 4481 and 4482 demand in prose, for the `check` of PIDF's `validate`: that elements stand where
 * they belong, no more often than they may; that physical services have no contact; that a timed status does
 * not hold now; that display names differ in language.
 *
 * @returns the violations, with the rules `misplaced`, `repeated`, `contact-not-empty`, `timed-status-now`,
 *   `same-language`
 * @see RFC 4480 §3, RFC 4481 §3, RFC 4482 §3
 */
export function rules(document: XmlDocument, options: RulesOptions = {}): readonly Violation[] {
  return componentsOf(document).flatMap((component) => [
    ...placementRules(component),
    ...contactRules(component),
    ...timeRules(component, options.now),
    ...nameRules(component),
  ]);
}

/** RFC 4480 §3.10: what is delivered physically has no contact URI. */
function contactRules({ kind, element, parts }: Component): readonly Violation[] {
  if (kind !== 'tuple') return [];
  const contact = firstElement(element, 'contact', PIDF);
  if (contact === undefined || textOf(contact).trim() === '') return [];
  return partsNamed(parts, RPID, 'service-class').flatMap(({ element: serviceClass, path }) =>
    serviceClass.children.some(
      (child) => child.type === 'element' && child.namespace === RPID && PHYSICAL.has(child.local),
    )
      ? [violation(path, 'contact-not-empty', 'such a service has no contact URI (RFC 4480 §3.10)')]
      : [],
  );
}

/** RFC 4481 §3: a timed status does not hold at the time of the tuple, nor at that of its publication. */
function timeRules({ kind, element, parts }: Component, now: number | undefined): readonly Violation[] {
  if (kind !== 'tuple') return [];
  const written = firstElement(element, 'timestamp', PIDF);
  const timestamp = written === undefined ? undefined : instantOf(textOf(written));
  const presents = [timestamp, now].filter((instant) => instant !== undefined);
  return partsNamed(parts, TIMED_STATUS, 'timed-status').flatMap(({ element: status, path }) => {
    const times = timesOf(status);
    // Without a beginning it is not valid anyway, and says nothing of now.
    const begins = times.from !== undefined && instantOf(times.from) !== undefined;
    return begins && presents.some((present) => holdsAt(times, present))
      ? [violation(path, 'timed-status-now', 'a timed status is past or future (RFC 4481 §3)')]
      : [];
  });
}

/** RFC 4482 §3.2: several display names are in several languages. */
function nameRules({ parts }: Component): readonly Violation[] {
  const violations: Violation[] = [];
  const languages = new Set<string>();
  for (const { element, path } of partsNamed(parts, CIPID, 'display-name')) {
    const language = collapse(attributeOf(element, 'lang', XML) ?? '').toLowerCase();
    if (languages.has(language)) {
      const message = 'there is one <display-name> in each language (RFC 4482 §3.2)';
      violations.push(violation(path, 'same-language', message));
    }
    languages.add(language);
  }
  return violations;
}

const PHYSICAL: ReadonlySet<string> = new Set(['postal', 'courier', 'freight', 'in-person']);
