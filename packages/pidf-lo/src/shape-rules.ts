import { attributeOf, elementsOf, textOf, type XmlElement } from '@sip-simple/xml';
import { collapse, type ElementCheck } from '@sip-simple/xml/schema';
import { GML } from './namespaces.ts';
import { crossing, isClockwise } from './plane.ts';
import { coordinates, isOnEarth, type Position, position, positionOf, WGS84_2D, WGS84_3D } from './values.ts';

type Broken = ReturnType<ElementCheck>[number];

/** The rule that a shape names a coordinate reference system of these dimensions and has positions in it. */
export function inDimensions(...allowed: readonly (2 | 3)[]): ElementCheck {
  return (shape) => {
    const dimensions = dimensionsOf(shape);
    // Without a name that is known, the attribute itself is reported.
    if (dimensions === undefined) return [];
    if (!allowed.includes(dimensions)) {
      const name = dimensions === 2 ? WGS84_3D : WGS84_2D;
      return [{ rule: 'wrong-crs', message: `<${shape.local}> must be in ${name} (RFC 5491 §5)` }];
    }
    return childrenOf(shape, 'pos').flatMap((pos) => {
      const value = position.read(collapse(textOf(pos)));
      return value === undefined ? [] : fits(value, dimensions);
    });
  };
}

/**
 * The rules of RFC 5491 §5.1 and §5.2.2 for the ring of a polygon.
 *
 * @param dimensions those of the prism a polygon is the base of; by default what the polygon says
 */
export function polygonRules(dimensions: 3 | undefined): ElementCheck {
  return (polygon) => {
    const inWhich = dimensions ?? dimensionsOf(polygon);
    const ring = childrenOf(polygon, 'exterior').flatMap((exterior) => childrenOf(exterior, 'LinearRing'))[0];
    if (inWhich === undefined || ring === undefined) return [];
    const vertices = verticesIn(ring, inWhich);
    if (vertices === undefined) {
      const message = 'a <posList> must hold whole positions, and a ring corners once (RFC 5491 §5.2.2)';
      return [{ rule: 'wrong-ring', message }];
    }
    const other = vertices.find((vertex) => fits(vertex, inWhich).length > 0);
    return [...(other === undefined ? [] : fits(other, inWhich)), ...ringRules(vertices)];
  };
}

function ringRules(vertices: readonly Position[]): Broken[] {
  const first = vertices[0];
  const last = vertices.at(-1);
  if (first === undefined || last === undefined || vertices.length < 4 || !isSame(first, last)) {
    const message =
      'the ring of a polygon must have three corners, and end where it begins (RFC 5491 §5.2.2)';
    return [{ rule: 'open-ring', message }];
  }
  const broken: Broken[] = [];
  if (!vertices.every(isOnEarth)) {
    const message = 'latitudes are from -90 to 90 and longitudes from -180 to 180 degrees (RFC 5491 §5)';
    broken.push({ rule: 'not-on-earth', message });
  }
  if (vertices.some(({ altitude }) => altitude !== first.altitude)) {
    const message = 'all points of a polygon must have the same altitude (RFC 5491 §5.1)';
    broken.push({ rule: 'altitudes-differ', message });
  }
  if (crossing(vertices) !== undefined) {
    const message = 'lines of a polygon must not cross (RFC 5491 §5.1)';
    broken.push({ rule: 'crossing-lines', message });
  } else if (isClockwise(vertices)) {
    const message = 'the vertices of a polygon must be counter-clockwise, seen from above (RFC 5491 §5.1)';
    broken.push({ rule: 'clockwise', message });
  }
  return broken;
}

/** The positions of a ring; `undefined` when it says none, or both ways, or ends within one. */
function verticesIn(ring: XmlElement, dimensions: 2 | 3): readonly Position[] | undefined {
  const single = childrenOf(ring, 'pos');
  const [list, ...more] = childrenOf(ring, 'posList');
  if (list === undefined) {
    const read = single.map((pos) => position.read(collapse(textOf(pos))));
    return single.length === 0 ? undefined : read.filter((value) => value !== undefined);
  }
  const numbers = coordinates.read(collapse(textOf(list)));
  if (numbers === undefined) return [];
  if (single.length > 0 || more.length > 0 || numbers.length % dimensions !== 0) return undefined;
  const vertices: Position[] = [];
  for (let at = 0; at < numbers.length; at += dimensions) {
    const vertex = positionOf(numbers, at, dimensions);
    if (vertex !== undefined) vertices.push(vertex);
  }
  return vertices;
}

function fits(value: Position, dimensions: 2 | 3): Broken[] {
  if ((value.altitude === undefined ? 2 : 3) === dimensions) return [];
  const message = `positions must have the ${dimensions} dimensions of the coordinate reference system (RFC 5491 §5)`;
  return [{ rule: 'wrong-dimensions', message }];
}

function dimensionsOf(shape: XmlElement): 2 | 3 | undefined {
  const name = collapse(attributeOf(shape, 'srsName') ?? '');
  return name === WGS84_2D ? 2 : name === WGS84_3D ? 3 : undefined;
}

/** The children that are of GML, as all of what a shape's positions stand in. */
function childrenOf(element: XmlElement, local: string): readonly XmlElement[] {
  return elementsOf(element, local, GML);
}

function isSame(a: Position, b: Position): boolean {
  return a.latitude === b.latitude && a.longitude === b.longitude && a.altitude === b.altitude;
}
