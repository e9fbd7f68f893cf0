import {
  anyOther,
  collapse,
  inOrder,
  many,
  optional,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 5196. */
export const CAPS = 'urn:ietf:params:xml:ns:pidf:caps';

export const caps = vocabulary(CAPS, 'caps');

/** `<description>`: what a service or device is, in words. */
export const description = caps.element('description', {
  text: text(string),
  /** The language of the text (`xml:lang`); without it, `i-default`. */
  language: optional(xmlLang),
});

/** What is supported of something, and what explicitly is not. */
export interface Capability<Value extends string> {
  readonly supported?: { readonly values: readonly Value[] } | undefined;
  readonly notSupported?: { readonly values: readonly Value[] } | undefined;
}

/** A capability whose values are elements of these names, in this order, and those of other vocabularies. */
export function named<const N extends string>(local: string, names: readonly N[]) {
  const fields = {
    /** The values that have a name in RFC 5196; written in its order, each once. */
    values: inOrder(caps.names(names, string)),
    /** Values of other vocabularies. */
    extra: anyOther(),
  };
  return caps.element(local, {
    supported: optional(caps.element('supported', fields)),
    notSupported: optional(caps.element('notsupported', fields)),
  });
}

/** A capability whose values are texts, each in an element of this name. */
export function listed(local: string, item: string) {
  const fields = { values: many(caps.leaf(item, string), { min: 1 }) };
  return caps.element(local, {
    supported: optional(caps.element('supported', fields)),
    notSupported: optional(caps.element('notsupported', fields)),
  });
}

/**
 * Whether a value is supported: `undefined` when nothing is said of it. What is said to be both is supported.
 *
 * @see RFC 5196 §4.1
 */
export function supports<Value extends string>(
  capability: Capability<Value> | undefined,
  value: Value,
): boolean | undefined {
  const isIt = (each: string): boolean => collapse(each) === value;
  if (capability?.supported?.values.some(isIt)) return true;
  return capability?.notSupported?.values.some(isIt) ? false : undefined;
}
