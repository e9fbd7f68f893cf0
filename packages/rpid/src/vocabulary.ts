import type { XmlElement } from '@sip-simple/xml';
import {
  anyAttribute,
  attribute,
  dateTime,
  type ElementCheck,
  type Infer,
  id,
  many,
  optional,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 4480. */
export const RPID = 'urn:ietf:params:xml:ns:pidf:rpid';

export const rpid = vocabulary(RPID, 'rpid');

/** Free text in a language. */
export const words = {
  /** The text as written. */
  text: text(string),
  /** The language of the text (`xml:lang`); without it, `i-default` (RFC 4480 §8). */
  language: optional(xmlLang),
};

/** `<note>`: what a person says about an element. */
export const note = rpid.element('note', words);

/** `<other>`: a value in words, where no name is defined for it (RFC 4480 §3.1). */
export const other = rpid.element('other', words);

/** Free text, and the language it is in. */
export type Words = Infer<typeof note>;

/** What each element has that may be limited in time (RFC 4480 §3.1). */
export const timed = {
  /** When the element took this value, as written; see `holdsAt`. */
  from: optional(attribute('from', dateTime)),
  /** Until when it is expected to be valid, as written. */
  until: optional(attribute('until', dateTime)),
  /** What refers to the element within the document. */
  id: optional(attribute('id', id)),
  /** Attributes of others. */
  attributes: anyAttribute('any'),
};

export const notes = many(note);

/**
 * The rule of an enumeration: which values stand alone, and whether there has to be one. RFC 4480 §5 says it by
 * nested choices.
 *
 * @param isAlone true for the name of a value beside which no other may stand
 */
export function enumerated(isAlone: (local: string) => boolean, isRequired: boolean): ElementCheck {
  return (element) => {
    const values = element.children.filter(
      (child): child is XmlElement => child.type === 'element' && !isNote(child),
    );
    if (isRequired && values.length === 0) {
      return [{ rule: 'missing-element', message: `<${element.local}> must hold a value (RFC 4480 §5)` }];
    }
    const alone = values.find(({ local, namespace }) => namespace === RPID && isAlone(local));
    if (alone === undefined || values.length === 1) return [];
    return [{ rule: 'not-alone', message: `<${alone.local}> allows no other value beside it (RFC 4480 §5)` }];
  };
}

function isNote({ local, namespace }: XmlElement): boolean {
  return local === 'note' && namespace === RPID;
}
