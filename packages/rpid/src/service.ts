import { extension } from '@sip-simple/pidf';
import {
  anyOther,
  type Extensible,
  type Infer,
  type Input,
  interleave,
  optional,
  token,
} from '@sip-simple/xml/schema';
import { enumerated, notes, other, rpid } from './vocabulary.ts';

const isAlone = (): boolean => true;

/**
 * `<class>` of a person, service or device: a label by which the presentity groups them, for filters and
 * authorization.
 *
 * @see RFC 4480 §3.3
 */
export const classLabel = /* @__PURE__ */ extension(rpid.leaf('class', token));

/**
 * `<relationship>` of a service: how the one reached there relates to the presentity. See `relationshipOf`.
 *
 * @see RFC 4480 §3.9
 */
export const relationship = /* @__PURE__ */ extension(
  rpid.element(
    'relationship',
    {
      notes,
      ...interleave({
        value: optional(
          rpid.names(['assistant', 'associate', 'family', 'friend', 'self', 'supervisor', 'unknown']),
        ),
        /** The relationship in words. */
        other: optional(other),
        /** Relationships of other vocabularies. */
        extra: anyOther(),
      }),
    },
    { check: enumerated(isAlone, false) },
  ),
);

/**
 * `<service-class>` of a service: by what means it delivers. See `serviceClassOf`.
 *
 * @see RFC 4480 §3.10
 */
export const serviceClass = /* @__PURE__ */ extension(
  rpid.element(
    'service-class',
    {
      notes,
      ...interleave({
        /** All but `electronic` and `unknown` go with a service whose contact is empty. */
        value: optional(rpid.names(['courier', 'electronic', 'freight', 'in-person', 'postal', 'unknown'])),
        /** Means of other vocabularies. */
        extra: anyOther(),
      }),
    },
    { check: enumerated(isAlone, true) },
  ),
);

export type Relationship = Infer<typeof relationship.schema>;
export type RelationshipInit = Input<typeof relationship.schema>;
export type ServiceClass = Infer<typeof serviceClass.schema>;
export type ServiceClassInit = Input<typeof serviceClass.schema>;

/**
 * How the one reached by a service relates to the presentity: `self` when nothing is said. `undefined` when it
 * is said in words or by another vocabulary.
 *
 * @see RFC 4480 §3.9
 */
export function relationshipOf(tuple: Extensible): Relationship['value'] {
  const said = relationship.of(tuple);
  return said === undefined ? 'self' : said.value;
}

/**
 * By what means a service delivers: `electronic` when nothing is said. `undefined` when it is said by another
 * vocabulary.
 *
 * @see RFC 4480 §3.10
 */
export function serviceClassOf(tuple: Extensible): ServiceClass['value'] {
  const said = serviceClass.of(tuple);
  return said === undefined ? 'electronic' : said.value;
}
