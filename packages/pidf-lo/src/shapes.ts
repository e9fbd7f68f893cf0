import {
  attribute,
  type Infer,
  id,
  integer,
  many,
  optional,
  otherwise,
  vocabulary,
} from '@sip-simple/xml/schema';
import { angle, length, positiveLength } from './measures.ts';
import { GEOSHAPE, GML } from './namespaces.ts';
import { inDimensions, polygonRules } from './shape-rules.ts';
import { coordinates, crs, position } from './values.ts';

const gml = vocabulary(GML, 'gml');
const geoshape = vocabulary(GEOSHAPE, 'gs');

/** What the outermost element of a shape carries, and nothing inside of it repeats (RFC 5491 §5). */
const outermost = {
  /** A name for the element in the document. */
  id: optional(attribute('gml:id', id, GML)),
  /** The coordinate reference system: `WGS84_2D` or `WGS84_3D`; `''` where a document leaves it out. */
  srsName: otherwise(attribute('srsName', crs), ''),
  /** The number of dimensions, which should be left out: `srsName` says it. */
  srsDimension: optional(attribute('srsDimension', integer({ min: 1 }))),
};

const pos = gml.leaf('pos', position);

/** `<gml:LinearRing>`: corners as `pos` or as `posList`; see `verticesOf` and `ring`. */
const linearRing = gml.element('LinearRing', {
  pos: many(pos),
  posList: optional(gml.leaf('posList', coordinates)),
});
const exterior = { exterior: gml.element('exterior', { linearRing }) };

/** `<gml:Point>`: no known uncertainty (RFC 5491 §5.2.1). */
export const point = gml.element('Point', { ...outermost, pos }, { check: inDimensions(2, 3) });

/** `<gml:Polygon>` (RFC 5491 §5.2.2). */
export const polygon = gml.element(
  'Polygon',
  { ...outermost, ...exterior },
  { check: polygonRules(undefined) },
);

/** `<gs:Circle>` (RFC 5491 §5.2.3). */
export const circle = geoshape.element(
  'Circle',
  { ...outermost, pos, radius: length('radius') },
  { check: inDimensions(2) },
);

/** `<gs:Ellipse>` (RFC 5491 §5.2.4). */
export const ellipse = geoshape.element(
  'Ellipse',
  {
    ...outermost,
    pos,
    semiMajorAxis: length('semiMajorAxis'),
    semiMinorAxis: length('semiMinorAxis'),
    /** The bearing of the semi-major axis. */
    orientation: angle('orientation'),
  },
  { check: inDimensions(2) },
);

/** `<gs:ArcBand>` (RFC 5491 §5.2.5). */
export const arcBand = geoshape.element(
  'ArcBand',
  {
    ...outermost,
    pos,
    innerRadius: length('innerRadius'),
    outerRadius: length('outerRadius'),
    /** The bearing at which the band begins. */
    startAngle: angle('startAngle'),
    /** How far it opens from there, clockwise. */
    openingAngle: angle('openingAngle'),
  },
  { check: inDimensions(2) },
);

/** `<gs:Sphere>` (RFC 5491 §5.2.6). */
export const sphere = geoshape.element(
  'Sphere',
  { ...outermost, pos, radius: length('radius') },
  { check: inDimensions(3) },
);

/** `<gs:Ellipsoid>` (RFC 5491 §5.2.7). */
export const ellipsoid = geoshape.element(
  'Ellipsoid',
  {
    ...outermost,
    pos,
    semiMajorAxis: length('semiMajorAxis'),
    semiMinorAxis: length('semiMinorAxis'),
    verticalAxis: length('verticalAxis'),
    /** The bearing of the semi-major axis. */
    orientation: angle('orientation'),
  },
  { check: inDimensions(3) },
);

/** `<gs:Prism>` (RFC 5491 §5.2.8). */
export const prism = geoshape.element(
  'Prism',
  {
    ...outermost,
    base: geoshape.element('base', {
      polygon: gml.element('Polygon', exterior, { check: polygonRules(3) }),
    }),
    /** How far the prism goes up from its base. */
    height: positiveLength('height'),
  },
  { check: inDimensions(3) },
);

export type Point = Infer<typeof point>;
export type Polygon = Infer<typeof polygon>;
export type Circle = Infer<typeof circle>;
export type Ellipse = Infer<typeof ellipse>;
export type ArcBand = Infer<typeof arcBand>;
export type Sphere = Infer<typeof sphere>;
export type Ellipsoid = Infer<typeof ellipsoid>;
export type Prism = Infer<typeof prism>;
