export { type Advice, type AdviceOptions, adviceOn, METHODS } from './advice.ts';
export {
  type CivicAddress,
  type CivicAddressInit,
  type CivicType,
  civicAddress,
  numberedRoad,
} from './civic-address.ts';
export {
  addressesByLanguage,
  type CivicElement,
  combineAddresses,
  type LanguageNeutral,
} from './civic-languages.ts';
export { type CivicLoc, civicAddressOf, civicLoc } from './civic-loc.ts';
export {
  type Geopriv,
  type GeoprivInit,
  geopriv,
  geoprivElement,
  type Location,
  type LocationInfo,
  locationInfo,
  type UsageRules,
  type UsageRulesInit,
  usageRules,
} from './geopriv.ts';
export { type Angle, degrees, degreesOf, type Length, metres, radians } from './measures.ts';
export { BASIC_POLICY, CIVIC_ADDRESS, CIVIC_LOC, GEOPRIV, GEOSHAPE, GML } from './namespaces.ts';
export { locationsIn, type PlacedLocation, preferredLocation } from './places.ts';
export { type Ring, ring, verticesOf } from './rings.ts';
export {
  type ArcBand,
  arcBand,
  type Circle,
  circle,
  type Ellipse,
  type Ellipsoid,
  ellipse,
  ellipsoid,
  type Point,
  type Polygon,
  type Prism,
  point,
  polygon,
  prism,
  type Sphere,
  sphere,
} from './shapes.ts';
export { type EffectiveRules, mustDiscard, type Receipt, rulesOf } from './usage.ts';
export { validate } from './validate.ts';
export { type Crs, type Position, WGS84_2D, WGS84_3D } from './values.ts';
