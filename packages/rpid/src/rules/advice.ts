import { attributeOf, firstElement, textOf, XML, type XmlDocument, type XmlElement } from '@sip-simple/xml';
import type { Violation } from '@sip-simple/xml/schema';
import { CAPS } from '../caps/capability.ts';
import { CIPID } from '../cipid.ts';
import { rangeOf } from '../time.ts';
import { RPID } from '../vocabulary.ts';
import { type Component, componentsOf, type Part, timesOf, violation } from './components.ts';
import { capabilityAdvice } from './placement.ts';

/**
 * What RFC 4480, 4482 and 5196 recommend and a document does not follow; it is valid all the same.
 *
 * @returns the findings, with the rules `overlapping` (RFC 4480 §3.1), `no-language` (RFC 4480 §8, RFC 5196
 *   §3.2.13), `misplaced` (RFC 5196 §3.2, §3.3), `upper-case` (RFC 5196 §3.2.9), `own-contact` (RFC 4482 §1)
 */
export function advice(document: XmlDocument): readonly Violation[] {
  return componentsOf(document).flatMap((component) => [
    ...overlapAdvice(component.parts),
    ...component.parts.flatMap(languageAdvice),
    ...component.parts.flatMap(typeAdvice),
    ...capabilityAdvice(component),
    ...contactAdvice(component),
  ]);
}

/** RFC 4480 §3.1: elements of one kind hold at different times. */
function overlapAdvice(parts: readonly Part[]): readonly Violation[] {
  const byName = new Map<string, { readonly path: string; readonly start: number; readonly end: number }[]>();
  for (const { element, path } of parts) {
    const { local, namespace } = element;
    if (namespace !== RPID || !TIMED.has(local)) continue;
    const same = byName.get(local);
    const next = { path, ...rangeOf(timesOf(element)) };
    if (same === undefined) byName.set(local, [next]);
    else same.push(next);
  }
  const findings: Violation[] = [];
  for (const [local, ranges] of byName) {
    const message = `the times of several <${local}> should not overlap (RFC 4480 §3.1)`;
    let last = Number.NEGATIVE_INFINITY;
    for (const { path, start, end } of ranges.sort((a, b) => a.start - b.start || 0)) {
      if (start < Math.min(last, end)) findings.push(violation(path, 'overlapping', message));
      last = Math.max(last, end);
    }
  }
  return findings;
}

/** RFC 4480 §8, RFC 5196 §3.2.13, §3.3.3: free text says its language. */
function languageAdvice({ element, path }: Part): readonly Violation[] {
  if (element.namespace !== RPID && element.namespace !== CAPS) return [];
  const rfc = element.namespace === RPID ? 'RFC 4480 §8' : 'RFC 5196 §3.2.13';
  return childrenNamed(element, ['note', 'other', 'description'])
    .filter((child) => attributeOf(child, 'lang', XML) === undefined)
    .map(({ local }) => violation(path, 'no-language', `<${local}> should have xml:lang (${rfc})`));
}

/** RFC 5196 §3.2.9: media types are in lower case. */
function typeAdvice({ element, path }: Part): readonly Violation[] {
  if (element.namespace !== CAPS) return [];
  return childrenNamed(element, ['type'])
    .filter((child) => /[A-Z]/.test(textOf(child)))
    .map((child) =>
      violation(path, 'upper-case', `"${textOf(child)}" should be lower case (RFC 5196 §3.2.9)`),
    );
}

/** RFC 4482 §1: a service has contact information only if it is that of somebody else. */
function contactAdvice({ kind, element, parts }: Component): readonly Violation[] {
  if (kind !== 'tuple') return [];
  const relationship = firstElement(element, 'relationship', RPID);
  const isOwn = relationship === undefined || firstElement(relationship, 'self', RPID) !== undefined;
  return parts
    .filter((part) => isOwn && part.element.namespace === CIPID)
    .map(({ path }) => {
      const message = 'contact information of the presentity itself belongs into <person> (RFC 4482 §1)';
      return violation(path, 'own-contact', message);
    });
}

function childrenNamed(element: XmlElement, locals: readonly string[]): readonly XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement =>
      child.type === 'element' && child.namespace === element.namespace && locals.includes(child.local),
  );
}

/** The elements that Table 1 of RFC 4480 gives a time. */
const TIMED: ReadonlySet<string> = new Set([
  'activities',
  'mood',
  'place-is',
  'place-type',
  'privacy',
  'sphere',
  'status-icon',
  'time-offset',
]);
