import type { Position } from './values.ts';

// Polygons are judged on the plane of longitude and latitude, which is exact enough for what RFC 5491 allows:
// edges of at most 130 km. Longitudes go on beyond 180 degrees where a polygon lies across that meridian.

/** Whether a closed ring goes round clockwise, seen from above. */
export function isClockwise(ring: readonly Position[]): boolean {
  let area = 0;
  let from: Corner | undefined;
  for (const to of corners(ring)) {
    if (from !== undefined) area += from.x * to.y - to.x * from.y;
    from = to;
  }
  return area < 0;
}

/**
 * The first two lines of a closed ring that cross, by number from 0; `undefined` when none do. A ring of more
 * than 1000 lines is not looked at: the time is that of its square.
 */
export function crossing(ring: readonly Position[]): readonly [number, number] | undefined {
  const all = corners(ring);
  const lines = all.length - 1;
  if (lines > MAX_LINES) return undefined;
  for (let one = 0; one < lines; one += 1) {
    for (let other = one + 2; other < lines; other += 1) {
      // The last line ends where the first begins.
      if (one === 0 && other === lines - 1) continue;
      const [a, b, c, d] = [all[one], all[one + 1], all[other], all[other + 1]];
      if (a && b && c && d && side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) {
        return [one, other];
      }
    }
  }
  return undefined;
}

/** Metres between two positions, along a great circle of the mean earth. */
export function distance(a: Position, b: Position): number {
  const radian = Math.PI / 180;
  const north = Math.sin(((b.latitude - a.latitude) * radian) / 2) ** 2;
  const east = Math.sin(((b.longitude - a.longitude) * radian) / 2) ** 2;
  const across = Math.cos(a.latitude * radian) * Math.cos(b.latitude * radian);
  return 2 * MEAN_RADIUS * Math.asin(Math.min(1, Math.sqrt(north + across * east)));
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

function corners(ring: readonly Position[]): readonly Corner[] {
  let x: number | undefined;
  return ring.map(({ longitude, latitude }) => {
    x = x === undefined ? longitude : x + turn(longitude - x);
    return { x, y: latitude };
  });
}

/** An angle from -180 to 180 that says the same. */
function turn(angle: number): number {
  return angle - 360 * Math.round(angle / 360);
}

/** On which side of the line from `a` to `b` a corner is: left above zero, right below. */
function side(a: Corner, b: Corner, corner: Corner): number {
  return (b.x - a.x) * (corner.y - a.y) - (b.y - a.y) * (corner.x - a.x);
}

const MAX_LINES = 1000;
const MEAN_RADIUS = 6_371_008.8;
