import { validate as validatePresence } from '@sip-simple/pidf';
import type { XmlDocument } from '@sip-simple/xml';
import type { FormatValidateOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import { civicAddress } from './civic-address.ts';
import { geoprivElement } from './geopriv.ts';
import { arcBand, circle, ellipse, ellipsoid, point, polygon, prism, sphere } from './shapes.ts';

/**
 * Checks a presence document with its locations exactly: as `validate` of `@sip-simple/pidf`, the schemas of
 * RFC 4119 §2.2.5 and RFC 5139 §4, and the shapes and rules of RFC 5491 §5. Of GML it knows the shapes of
 * RFC 5491 only, in the forms that RFC shows.
 *
 * @param options.elements schemas of further standards, whose elements are to be validated where they are used
 * @returns what is wrong; nothing when the document is valid
 * @throws {PidfError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options: FormatValidateOptions = {},
): readonly Violation[] {
  return validatePresence(input, { ...options, elements: [...ELEMENTS, ...(options.elements ?? [])] });
}

const ELEMENTS = [
  geoprivElement,
  civicAddress,
  point,
  polygon,
  circle,
  ellipse,
  arcBand,
  sphere,
  ellipsoid,
  prism,
];
