import {
  anyAttribute,
  anyOther,
  anyUri,
  attribute,
  choice,
  type ElementCheck,
  type ElementSchema,
  type Infer,
  type Input,
  interleave,
  many,
  optional,
  string,
  vocabulary,
} from '@sip-simple/xml/schema';
import { type List, type ListInit, listFields } from './lists.ts';

/** The namespace of RLS services (RFC 4826 §4.1). */
export const RLS_SERVICES = 'urn:ietf:params:xml:ns:rls-services';
/** The media type of RLS services (RFC 4826 §4.4.2). */
export const RLS_SERVICES_TYPE = 'application/rls-services+xml';

const rls = vocabulary(RLS_SERVICES);

// RFC 4826 §4.2: what else is in <packages> comes after a <package>.
const beginsWithPackage: ElementCheck = (packages) => {
  const first = packages.children.find((child) => child.type === 'element');
  if (first === undefined || first.namespace === RLS_SERVICES) return [];
  return [{ rule: 'wrong-order', message: '<packages> must begin with a <package>' }];
};

/** `<packages>`: the event packages that a service takes subscriptions for. */
export const packages = rls.element(
  'packages',
  interleave({
    /** The names of the event packages. */
    names: many(rls.leaf('package', string)),
    /** Elements of other namespaces. */
    extra: anyOther(),
  }),
  { check: beginsWithPackage },
);

/** `<list>` of a service: of the type of RFC 4826 §3.2, in the namespace of services. */
const list: ElementSchema<List, ListInit> = rls.element('list', listFields);

/** `<service>`: a URI to which to subscribe for the state of a list of resources. */
export const service = rls.element('service', {
  /** The URI of the service. */
  uri: attribute('uri', anyUri),
  /** Attributes of other namespaces. */
  attributes: anyAttribute(),
  /** The list itself, or the absolute HTTP URI where it is. */
  list: choice({ list, resourceList: rls.leaf('resource-list', anyUri) }),
  /** The event packages; all there are, when it is absent. */
  packages: optional(packages),
  /** Elements of other namespaces. */
  extra: anyOther(),
});

/** `<rls-services>`: the root. */
export const rlsServices = rls.element('rls-services', { services: many(service) });

/** An RLS services document. */
export type RlsServices = Infer<typeof rlsServices>;
/** What `serializeRlsServices` takes: an `RlsServices` whose empty lists may be left out, everywhere in it. */
export type RlsServicesInit = Input<typeof rlsServices>;
export type Service = Infer<typeof service>;
export type ServiceInit = Input<typeof service>;
export type Packages = Infer<typeof packages>;
/** Where a service's list is: in it, or at a URI. */
export type ListSource = Service['list'];
