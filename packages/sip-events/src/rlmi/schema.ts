import { attributeOf } from '@sip-simple/xml';
import {
  anyAttribute,
  anyElement,
  anyUri,
  attribute,
  boolean,
  type ElementCheck,
  enumeration,
  type Infer,
  type Input,
  integer,
  many,
  optional,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 4662. */
export const RLMI = 'urn:ietf:params:xml:ns:rlmi';
/** The media type of RLMI (RFC 4662 §5.1). */
export const RLMI_TYPE = 'application/rlmi+xml';

const rlmi = vocabulary(RLMI);

// RFC 4662 §5.5: "If the "state" attribute indicates "terminated", then a "reason" attribute MUST also be
// present"; "the "cid" attribute [...] MUST be present if the "state" attribute is "active"".
const saysWhy: ElementCheck = (instance) => {
  const state = attributeOf(instance, 'state');
  if (state === 'terminated' && attributeOf(instance, 'reason') === undefined) {
    return [{ rule: 'missing-reason', message: 'a terminated instance must have a reason (RFC 4662 §5.5)' }];
  }
  if (state === 'active' && attributeOf(instance, 'cid') === undefined) {
    return [{ rule: 'missing-cid', message: 'an active instance must have a cid (RFC 4662 §5.5)' }];
  }
  return [];
};

// RFC 4662 §5.5: the id is unique within the resource.
const hasUniqueInstances: ElementCheck = ({ children }) => {
  const seen = new Set<string>();
  let twice: string | undefined;
  for (const child of children) {
    if (child.type !== 'element' || child.local !== 'instance' || child.namespace !== RLMI) continue;
    const id = attributeOf(child, 'id');
    if (id !== undefined && seen.has(id)) twice ??= id;
    if (id !== undefined) seen.add(id);
  }
  if (twice === undefined) return [];
  const message = `two instances have the id "${twice.slice(0, 60)}" (RFC 4662 §5.5)`;
  return [{ rule: 'not-unique', message }];
};

/** `<name>`: a name for people (RFC 4662 §5.4). */
export const name = rlmi.element('name', {
  /** The name as written. */
  text: text(string),
  /** The language of the name (`xml:lang`). */
  language: optional(xmlLang),
});

/** `<instance>`: a virtual subscription (RFC 4662 §5.5). */
export const instance = rlmi.element(
  'instance',
  {
    /** What tells the instance from others of the resource. */
    id: attribute('id', string),
    /** The state of the subscription, as in Subscription-State. */
    state: attribute('state', enumeration('active', 'pending', 'terminated')),
    /** Why it is terminated, as in Subscription-State. */
    reason: optional(attribute('reason', string)),
    /** The Content-ID of the part with the state of the resource, without brackets. */
    cid: optional(attribute('cid', string)),
    /** Other attributes. */
    attributes: anyAttribute('any'),
    /** Elements of any namespace. */
    extra: anyElement(),
  },
  { check: saysWhy },
);

/** `<resource>` (RFC 4662 §5.3). */
export const resource = rlmi.element(
  'resource',
  {
    /** The URI of the resource. */
    uri: attribute('uri', anyUri),
    /** Other attributes. */
    attributes: anyAttribute('any'),
    names: many(name),
    instances: many(instance),
  },
  { check: hasUniqueInstances },
);

/** `<list>`: the root (RFC 4662 §5.2). */
export const list = rlmi.element('list', {
  /** The URI of the list. */
  uri: attribute('uri', anyUri),
  /** 0 in the first notification of a subscription, and one more in each that follows; up to 2^32-1. */
  version: attribute('version', integer({ min: 0, max: 0xffff_ffff })),
  /** Whether all resources of the list are there. */
  fullState: attribute('fullState', boolean),
  /** The Content-ID of the part with the aggregate state of the list, without brackets. */
  cid: optional(attribute('cid', string)),
  /** Other attributes. */
  attributes: anyAttribute('any'),
  names: many(name),
  resources: many(resource),
});

/** An RLMI document. */
export type List = Infer<typeof list>;
/** What `serialize` takes: a `List` whose empty lists may be left out, everywhere in it. */
export type ListInit = Input<typeof list>;
export type Resource = Infer<typeof resource>;
export type ResourceInit = Input<typeof resource>;
export type Instance = Infer<typeof instance>;
export type InstanceInit = Input<typeof instance>;
export type Name = Infer<typeof name>;
