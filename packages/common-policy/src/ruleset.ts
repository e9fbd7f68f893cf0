import { attributeOf, type XmlElement } from '@sip-simple/xml';
import {
  anyOther,
  anyUri,
  attribute,
  choice,
  dateTime,
  type ElementCheck,
  type Infer,
  type Input,
  id,
  interleave,
  many,
  optional,
  otherwise,
  string,
  vocabulary,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 4745. */
export const COMMON_POLICY = 'urn:ietf:params:xml:ns:common-policy';

const cp = vocabulary(COMMON_POLICY, 'cp');

/** Elements whose content model is empty hold no white space either (XML Schema Part 1 §3.4.4). */
export const holdsNothing: ElementCheck = ({ local, children }) =>
  children.some(
    (child) => (child.type === 'text' || child.type === 'cdata') && /^[ \t\r\n]*$/.test(child.value),
  )
    ? [{ rule: 'unexpected-text', message: `<${local}> is empty` }]
    : [];

const holdsElement: ElementCheck = (element) =>
  elementsIn(element).length > 0
    ? []
    : [{ rule: 'missing-element', message: `<${element.local}> must hold an element` }];

/** RFC 4745 §13: `oneType` has room for one extension. */
const holdsOneExtension: ElementCheck = (one) =>
  elementsIn(one).length < 2
    ? []
    : [{ rule: 'too-many-elements', message: '<one> holds at most one element' }];

// RFC 4745 §7.2: the id of <one> and <except> "MUST first be expressed as a URI".
const isIdentifiedByUri: ElementCheck = (element) => {
  const uri = attributeOf(element, 'id');
  return uri === undefined || /^\s*[A-Za-z][A-Za-z0-9+.-]*:/.test(uri)
    ? []
    : [{ rule: 'no-uri', message: `"${uri.slice(0, 60)}" is no URI (RFC 4745 §7.2)` }];
};

// RFC 4745 §7.2: "The single-user entity MUST NOT contain a 'domain' attribute."
const isOneOrDomain: ElementCheck = (except) =>
  attributeOf(except, 'id') === undefined || attributeOf(except, 'domain') === undefined
    ? []
    : [{ rule: 'id-with-domain', message: '<except> has an id or a domain (RFC 4745 §7.2)' }];

// RFC 4745 §7.4: "The <validity> element MUST have the <from> and <until> subelements in pairs."
const holdsPairs: ElementCheck = (validity) => {
  const names = elementsIn(validity).map(({ local }) => local);
  const isPaired = names.length > 0 && names.length % 2 === 0;
  return isPaired && names.every((name, index) => name === (index % 2 === 0 ? 'from' : 'until'))
    ? []
    : [{ rule: 'unpaired', message: '<validity> must hold <from> and <until> in pairs (RFC 4745 §7.4)' }];
};

/** `<one>`: one authenticated identity (RFC 4745 §7.1.2). */
export const one = cp.element(
  'one',
  {
    /** The identity as a URI. */
    id: attribute('id', anyUri),
    extra: anyOther(),
  },
  { check: (element) => [...holdsOneExtension(element), ...isIdentifiedByUri(element)] },
);

/** `<except>`: identities that `<many>` leaves out, one of them or all of a domain (RFC 4745 §7.1.3). */
export const except = cp.element(
  'except',
  {
    domain: optional(attribute('domain', string)),
    id: optional(attribute('id', anyUri)),
  },
  {
    check: (element) => [...holdsNothing(element), ...isIdentifiedByUri(element), ...isOneOrDomain(element)],
  },
);

/** `<many>`: all authenticated identities, or those of one domain, with exceptions (RFC 4745 §7.1.3). */
export const manyOf = cp.element('many', {
  domain: optional(attribute('domain', string)),
  ...interleave({ excepts: many(except), extra: anyOther() }),
});

/** `<identity>`: who asks (RFC 4745 §7.1). True when any part of it is. */
export const identity = cp.element(
  'identity',
  interleave({
    one: many(one),
    many: many(manyOf),
    /** Kinds of identity that others define. */
    extra: anyOther(),
  }),
  { check: holdsElement },
);

/** `<sphere>`: the state the presentity is in (RFC 4745 §7.3). */
export const sphere = cp.element(
  'sphere',
  {
    /** One state or several, separated by blanks. */
    value: attribute('value', string),
  },
  { check: holdsNothing },
);

/** `<validity>`: when a rule is in force (RFC 4745 §7.4). `periodsOf` reads it, `validityOf` makes it. */
export const validity = cp.element(
  'validity',
  {
    /** `<from>` and `<until>` as they stand, which is in pairs in a valid document. */
    times: many(choice({ from: cp.leaf('from', dateTime), until: cp.leaf('until', dateTime) })),
  },
  { check: holdsPairs },
);

/** `<conditions>`: all of them must be true for the rule to match (RFC 4745 §7). */
export const conditions = cp.element(
  'conditions',
  interleave({
    identities: many(identity),
    spheres: many(sphere),
    validities: many(validity),
    /** Conditions that others define; one that the evaluator does not know is false. */
    extra: anyOther(),
  }),
);

/** `<actions>`: what a matching rule makes the server do (RFC 4745 §8); all by extensions. */
export const actions = cp.element('actions', { extra: anyOther() });

/** `<transformations>`: what a matching rule lets through (RFC 4745 §9); all by extensions. */
export const transformations = cp.element('transformations', { extra: anyOther() });

/** `<rule>` (RFC 4745 §6). */
export const rule = cp.element('rule', {
  /** What tells the rule from the others of the presentity. */
  id: otherwise(attribute('id', id), ''),
  conditions: optional(conditions),
  actions: optional(actions),
  transformations: optional(transformations),
});

/** `<ruleset>` (RFC 4745 §6). */
export const ruleset = cp.element('ruleset', { rules: many(rule) });

/** A rule document. The order of its rules says nothing. */
export type Ruleset = Infer<typeof ruleset>;
export type Rule = Infer<typeof rule>;
export type Conditions = Infer<typeof conditions>;
export type Identity = Infer<typeof identity>;
export type One = Infer<typeof one>;
export type Many = Infer<typeof manyOf>;
export type Except = Infer<typeof except>;
export type Sphere = Infer<typeof sphere>;
export type Validity = Infer<typeof validity>;
export type Actions = Infer<typeof actions>;
export type Transformations = Infer<typeof transformations>;

/** What `serialize` takes: a `Ruleset` whose empty lists may be left out, everywhere in it. */
export type RulesetInit = Input<typeof ruleset>;
export type RuleInit = Input<typeof rule>;
export type ConditionsInit = Input<typeof conditions>;
export type IdentityInit = Input<typeof identity>;
export type ValidityInit = Input<typeof validity>;

/** A time in which a rule is in force, its ends as written in the document. */
export interface Period {
  /** The first moment. */
  readonly from: string;
  /** The moment after the last. */
  readonly until: string;
}

/** The periods of a `<validity>`: each `<from>` with the `<until>` right after it. */
export function periodsOf({ times }: Validity): readonly Period[] {
  return times.flatMap(({ type, value }, index) => {
    const next = times[index + 1];
    return type === 'from' && next?.type === 'until' ? [{ from: value, until: next.value }] : [];
  });
}

/** A `<validity>` of periods. */
export function validityOf(...periods: readonly Period[]): ValidityInit {
  return {
    times: periods.flatMap(({ from, until }) => [
      { type: 'from', value: from } as const,
      { type: 'until', value: until } as const,
    ]),
  };
}

function elementsIn({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((child) => child.type === 'element');
}
