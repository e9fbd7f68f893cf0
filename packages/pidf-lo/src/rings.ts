import type { Polygon } from './shapes.ts';
import { type Position, positionOf, WGS84_3D } from './values.ts';

/** A ring of a polygon, for `exterior.linearRing`. */
export interface Ring {
  readonly posList: readonly number[];
}

/**
 * The ring round these corners, in the compact form of RFC 5491 §5.2.2; the first corner is repeated at the end
 * unless it is there already.
 *
 * @param corners counter-clockwise seen from above, all of the same altitude or without (§5.1)
 */
export function ring(corners: readonly Position[]): Ring {
  const [first] = corners;
  const last = corners.at(-1);
  const isClosed =
    first !== undefined &&
    last !== undefined &&
    corners.length > 1 &&
    first.latitude === last.latitude &&
    first.longitude === last.longitude;
  const closed = first === undefined || isClosed ? corners : [...corners, first];
  return {
    posList: closed.flatMap(({ latitude, longitude, altitude }) =>
      altitude === undefined ? [latitude, longitude] : [latitude, longitude, altitude],
    ),
  };
}

/**
 * The vertices of a polygon or of the base of a prism, the first again at the end, whichever of the two forms
 * of RFC 5491 §5.2.2 they are written in.
 *
 * @param srsName the coordinate reference system: that of the polygon, or of the prism round a base
 */
export function verticesOf(
  { exterior: { linearRing } }: Pick<Polygon, 'exterior'>,
  srsName: string,
): readonly Position[] {
  const { pos, posList } = linearRing;
  if (posList === undefined) return pos;
  const dimensions = srsName === WGS84_3D ? 3 : 2;
  const vertices: Position[] = [];
  for (let at = 0; at + dimensions <= posList.length; at += dimensions) {
    const vertex = positionOf(posList, at, dimensions);
    if (vertex !== undefined) vertices.push(vertex);
  }
  return vertices;
}
