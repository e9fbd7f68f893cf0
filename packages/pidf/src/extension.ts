import { attributeOf, type XmlElement } from '@sip-simple/xml';
import { type ElementSchema, type Lens, lens } from '@sip-simple/xml/schema';
import { PIDF } from './schema.ts';

/**
 * Makes the lens of an extension: of status values, of presence attributes of tuples, persons and devices, or
 * of elements of the document. It keeps the rule of RFC 3863 §4.2.3: where something in the extension that
 * must be understood is not in its schema, the extension is not there for the lens.
 *
 * @see RFC 3863 §4.2.3
 */
export function extension<Out, In>(schema: ElementSchema<Out, In>): Lens<Out, In> {
  return lens(schema, { isMandatory: mustBeUnderstood });
}

/** True for an element that carries `mustUnderstand` as `true` or `1` (RFC 3863 §4.2.3). */
export function mustBeUnderstood(element: XmlElement): boolean {
  const written = attributeOf(element, 'mustUnderstand', PIDF)?.trim();
  return written === 'true' || written === '1';
}
