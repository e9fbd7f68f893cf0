import type { SimpleType } from '@sip-simple/xml/schema';

/** The coordinate reference system of two dimensions, WGS 84 latitude and longitude (RFC 5491 §5). */
export const WGS84_2D = 'urn:ogc:def:crs:EPSG::4326';
/** The coordinate reference system of three dimensions, WGS 84 latitude, longitude and altitude (RFC 5491 §5). */
export const WGS84_3D = 'urn:ogc:def:crs:EPSG::4979';

/** A coordinate reference system; RFC 5491 has these two. */
export type Crs = typeof WGS84_2D | typeof WGS84_3D;

/** A place on or about the earth. */
export interface Position {
  /** Degrees north of the equator, from -90 to 90. */
  readonly latitude: number;
  /** Degrees east of Greenwich, from -180 to 180. */
  readonly longitude: number;
  /** Metres above the ellipsoid of WGS 84; only in three dimensions. */
  readonly altitude?: number | undefined;
}

/** The name of a coordinate reference system: any text in what others wrote. */
export const crs: SimpleType<Crs | (string & {})> = {
  name: `${WGS84_2D} or ${WGS84_3D}`,
  whiteSpace: 'collapse',
  read: (text) => text,
  isValid: (text) => text === WGS84_2D || text === WGS84_3D,
  write: (value) => value,
};

/** `xs:double`, but for infinities and NaN, which measure nothing. */
export function double(
  name = 'xs:double',
  isAllowed: (value: number) => boolean = () => true,
): SimpleType<number> {
  return {
    name,
    whiteSpace: 'collapse',
    read: (text) => {
      const value = DOUBLE.test(text) ? Number(text) : Number.NaN;
      return Number.isFinite(value) && isAllowed(value) ? value : undefined;
    },
    write: String,
  };
}

/** The content of `gml:pos`: latitude and longitude, and in three dimensions altitude. */
export const position: SimpleType<Position> = {
  name: 'latitude, longitude and perhaps altitude',
  whiteSpace: 'collapse',
  read(text) {
    const numbers = numbersIn(text);
    return numbers?.length === 2 || numbers?.length === 3
      ? positionOf(numbers, 0, numbers.length)
      : undefined;
  },
  isValid(text) {
    const value = this.read(text);
    return value !== undefined && isOnEarth(value);
  },
  write: coordinatesOf,
};

/** The content of `gml:posList`: coordinates one after the other; `verticesOf` makes positions of them. */
export const coordinates: SimpleType<readonly number[]> = {
  name: 'a list of xs:double',
  whiteSpace: 'collapse',
  read: numbersIn,
  write: (values) => values.join(' '),
};

/** True for a latitude and longitude that there is. */
export function isOnEarth({ latitude, longitude }: Position): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

/** The position at a place in a list of coordinates, `undefined` beyond its end. */
export function positionOf(numbers: readonly number[], at: number, dimensions: number): Position | undefined {
  const latitude = numbers[at];
  const longitude = numbers[at + 1];
  if (latitude === undefined || longitude === undefined) return undefined;
  if (dimensions === 2) return { latitude, longitude };
  const altitude = numbers[at + 2];
  return altitude === undefined ? undefined : { latitude, longitude, altitude };
}

/** Coordinates as GML writes them. */
export function coordinatesOf({ latitude, longitude, altitude }: Position): string {
  return altitude === undefined ? `${latitude} ${longitude}` : `${latitude} ${longitude} ${altitude}`;
}

function numbersIn(text: string): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const part of text === '' ? [] : text.split(' ')) {
    const value = DOUBLE.test(part) ? Number(part) : Number.NaN;
    if (!Number.isFinite(value)) return undefined;
    numbers.push(value);
  }
  return numbers;
}

// XML Schema Part 2 §3.2.5, without INF, -INF and NaN.
const DOUBLE = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
