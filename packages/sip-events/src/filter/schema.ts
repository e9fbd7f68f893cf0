import {
  anyAttribute,
  anyOther,
  anyUri,
  attribute,
  boolean,
  decimal,
  type ElementCheck,
  enumeration,
  type Infer,
  type Input,
  many,
  optional,
  string,
  text,
  vocabulary,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 4661. */
export const SIMPLE_FILTER = 'urn:ietf:params:xml:ns:simple-filter';
/** The media type of filters (RFC 4661 §3.1). */
export const SIMPLE_FILTER_TYPE = 'application/simple-filter+xml';

const sf = vocabulary(SIMPLE_FILTER);

// RFC 4661 §3.4: "The 'uri' attribute and the 'domain' attribute MUST NOT appear together".
const hasOneTarget: ElementCheck = ({ attributes }) => {
  const targets = attributes.filter(
    ({ namespace, local }) => namespace === '' && (local === 'uri' || local === 'domain'),
  );
  if (targets.length < 2) return [];
  return [{ rule: 'uri-and-domain', message: '<filter> has a uri or a domain, not both (RFC 4661 §3.4)' }];
};

// RFC 4661 §3.6: "it MUST contain at least one of the three elements".
const hasCondition: ElementCheck = ({ children }) => {
  const isCondition = children.some((child) => child.type === 'element' && child.namespace === SIMPLE_FILTER);
  if (isCondition) return [];
  return [
    { rule: 'empty-trigger', message: '<trigger> must hold <changed>, <added> or <removed> (RFC 4661 §3.6)' },
  ];
};

// RFC 4661 §3.4: "The value of the 'id' attribute MUST be unique within the <filter-set> element".
const hasUniqueIds: ElementCheck = ({ children }) => {
  const seen = new Set<string>();
  const violations: { rule: string; message: string }[] = [];
  for (const child of children) {
    if (child.type !== 'element' || child.local !== 'filter' || child.namespace !== SIMPLE_FILTER) continue;
    const id = child.attributes.find(({ namespace, local }) => namespace === '' && local === 'id')?.value;
    if (id === undefined) continue;
    if (seen.has(id)) {
      const message = `the id "${id.slice(0, 60)}" is used before (RFC 4661 §3.4)`;
      violations.push({ rule: 'not-unique', message });
    }
    seen.add(id);
  }
  return violations;
};

const selectionFields = {
  /** An expression of RFC 4661 §5, or a namespace, as written. */
  value: text(string),
  /** What `value` is; an expression (`xpath`) by default. */
  type: optional(attribute('type', enumeration('xpath', 'namespace'))),
  /** Attributes of other namespaces. */
  attributes: anyAttribute(),
};

/** `<include>`: what is to be delivered (RFC 4661 §3.5.1). */
export const include = sf.element('include', selectionFields);

/** `<exclude>`: what of it is not (RFC 4661 §3.5.2). */
export const exclude = sf.element('exclude', selectionFields);

/** `<what>`: the content to be delivered (RFC 4661 §3.5). */
export const what = sf.element('what', {
  include: many(include),
  exclude: many(exclude),
  /** Elements of other namespaces. */
  extra: anyOther(),
});

/** `<changed>`: an element or attribute whose value has to change (RFC 4661 §3.6.1). */
export const changed = sf.element('changed', {
  /** An expression of RFC 4661 §5, as written. */
  value: text(string),
  /** The value before. */
  from: optional(attribute('from', string)),
  /** The value afterwards. */
  to: optional(attribute('to', string)),
  /** The least difference, of values that are numbers. */
  by: optional(attribute('by', decimal())),
  /** Attributes of other namespaces. */
  attributes: anyAttribute(),
});

/** `<trigger>`: what has to happen, all of it, before anything is delivered (RFC 4661 §3.6). */
export const trigger = sf.element(
  'trigger',
  {
    changed: many(changed),
    /** Expressions for what has to appear (§3.6.2). */
    added: many(sf.leaf('added', string)),
    /** Expressions for what has to disappear (§3.6.3). */
    removed: many(sf.leaf('removed', string)),
    /** Elements of other namespaces. */
    extra: anyOther(),
  },
  { check: hasCondition },
);

/** `<filter>` (RFC 4661 §3.4). */
export const filter = sf.element(
  'filter',
  {
    /** What tells the filter from others of the subscription. */
    id: attribute('id', string),
    /** The resource it is for; that of the subscription, where neither this is there nor `domain`. */
    uri: optional(attribute('uri', anyUri)),
    /** The domain of the resources it is for. */
    domain: optional(attribute('domain', string)),
    /** Whether the filter of this id is to be removed; no by default. */
    remove: optional(attribute('remove', boolean)),
    /** Whether it is to be used; yes by default. */
    enabled: optional(attribute('enabled', boolean)),
    /** Attributes of other namespaces. */
    attributes: anyAttribute(),
    what: optional(what),
    /** One of these has to happen, where there are any. */
    triggers: many(trigger),
    /** Elements of other namespaces. */
    extra: anyOther(),
  },
  { check: hasOneTarget },
);

/** `<ns-bindings>`: prefixes for expressions (RFC 4661 §3.3). */
export const nsBindings = sf.element('ns-bindings', {
  bindings: many(
    sf.element('ns-binding', {
      prefix: attribute('prefix', string),
      /** The namespace. */
      urn: attribute('urn', anyUri),
    }),
    { min: 1 },
  ),
});

/** `<filter-set>`: the root (RFC 4661 §3.2). */
export const filterSet = sf.element(
  'filter-set',
  {
    /** The event package that the filters are for. */
    package: optional(attribute('package', string)),
    /** Attributes of other namespaces. */
    attributes: anyAttribute(),
    nsBindings: optional(nsBindings),
    filters: many(filter, { min: 1 }),
  },
  { check: hasUniqueIds },
);

/** A filter document. */
export type FilterSet = Infer<typeof filterSet>;
/** What `serialize` takes: a `FilterSet` whose empty lists may be left out, everywhere in it. */
export type FilterSetInit = Input<typeof filterSet>;
export type Filter = Infer<typeof filter>;
export type FilterInit = Input<typeof filter>;
export type What = Infer<typeof what>;
export type WhatInit = Input<typeof what>;
export type Selection = Infer<typeof include>;
export type Trigger = Infer<typeof trigger>;
export type TriggerInit = Input<typeof trigger>;
export type Changed = Infer<typeof changed>;
