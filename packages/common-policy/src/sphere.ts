import { attributeOf, type XmlElement } from '@sip-simple/xml';

/**
 * The sphere a presentity is in, from the `<sphere>` of its persons in all published documents: the value they
 * share, or `undefined` when there is none or they differ.
 *
 * @see RFC 5025 §3.1.2
 */
export function sphereOf(published: Iterable<string>): string | undefined {
  let shared: string | undefined;
  for (const value of published) {
    if (shared !== undefined && value !== shared) return undefined;
    shared = value;
  }
  return shared;
}

/** Spheres are compared without case (RFC 4745 §7.3). */
export function sphereKey(sphere: string): string {
  return sphere.toLowerCase();
}

/** The spheres in which a `<sphere>` condition is true, by `sphereKey`. */
export function spheresOf(element: XmlElement): ReadonlySet<string> {
  // RFC 4745 §7.3: "The individual tokens MUST be separated by a blank character."
  const tokens = (attributeOf(element, 'value') ?? '').split(' ').filter((token) => token !== '');
  return new Set(tokens.map(sphereKey));
}
