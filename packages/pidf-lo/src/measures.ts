import { attribute, type ElementSchema, enumeration, text, vocabulary } from '@sip-simple/xml/schema';
import { GEOSHAPE } from './namespaces.ts';
import { double } from './values.ts';

const METRE = 'urn:ogc:def:uom:EPSG::9001';
const DEGREE = 'urn:ogc:def:uom:EPSG::9102';
const RADIAN = 'urn:ogc:def:uom:EPSG::9101';

/** A distance. What is measured in another unit than metres is not read: nobody should take feet for metres. */
export interface Length {
  readonly value: number;
  readonly uom: typeof METRE;
}

/** An angle, clockwise from north where it is a bearing. */
export interface Angle {
  readonly value: number;
  readonly uom: typeof DEGREE | typeof RADIAN;
}

/** A distance in metres. */
export function metres(value: number): Length {
  return { value, uom: METRE };
}

/** An angle in degrees. */
export function degrees(value: number): Angle {
  return { value, uom: DEGREE };
}

/** An angle in radians. */
export function radians(value: number): Angle {
  return { value, uom: RADIAN };
}

/** The degrees of an angle. */
export function degreesOf({ value, uom }: Angle): number {
  return uom === RADIAN ? (value * 180) / Math.PI : value;
}

const geoshape = vocabulary(GEOSHAPE, 'gs');

/** An element that measures a distance (RFC 5491 §5). */
export function length(local: string): ElementSchema<Length> {
  return geoshape.element(local, {
    value: text(double('a length that is not negative', (value) => value >= 0)),
    uom: attribute('uom', enumeration(METRE)),
  });
}

/** An element that measures a distance that there is. */
export function positiveLength(local: string): ElementSchema<Length> {
  return geoshape.element(local, {
    value: text(double('a length greater than zero', (value) => value > 0)),
    uom: attribute('uom', enumeration(METRE)),
  });
}

/** An element that measures an angle. */
export function angle(local: string): ElementSchema<Angle> {
  return geoshape.element(local, {
    value: text(double()),
    uom: attribute('uom', enumeration(DEGREE, RADIAN)),
  });
}
