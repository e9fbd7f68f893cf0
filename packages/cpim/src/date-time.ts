/**
 * The moment that a DateTime names, in milliseconds since 1970-01-01T00:00:00Z. Digits beyond milliseconds are
 * cut off, and the leap second is read as the second that follows. `undefined` when the text is no date-time.
 *
 * @see RFC 3339 §5.6
 */
export function instantOf(dateTime: string): number | undefined {
  const parts = DATE_TIME.exec(dateTime);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = parts;
  const days = new Date(0);
  // Not Date.UTC, which reads the years 0 to 99 as 1900 and on.
  days.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (days.getUTCMonth() !== Number(month) - 1) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const time = (Number(hour) * 60 + Number(minute) - offsetMinutesOf(zone)) * 60_000;
  return days.getTime() + time + Number(second) * 1000 + milliseconds;
}

/**
 * The date-time of a moment, as a clock with that offset shows it: `2026-01-31T13:00:00+01:00`; with milliseconds
 * only where there are any.
 *
 * @param instant milliseconds since 1970-01-01T00:00:00Z
 * @param offsetMinutes how far the sender's clock is ahead of UTC; 0 is written `Z`
 * @throws {RangeError} beyond the years 0 to 9999, or for an offset of a day
 * @see RFC 3339 §5.6
 */
export function dateTimeOf(instant: number, offsetMinutes = 0): string {
  const local = new Date(instant + offsetMinutes * 60_000).toISOString().replace('.000Z', 'Z');
  const size = Math.abs(offsetMinutes);
  if (!DATE_TIME.test(local) || !Number.isInteger(size) || size >= 24 * 60) {
    throw new RangeError('no date-time of RFC 3339');
  }
  if (size === 0) return local;
  const offset = `${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
  return local.replace('Z', `${offsetMinutes < 0 ? '-' : '+'}${offset}`);
}

function offsetMinutesOf(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

// RFC 3339 §5.6: date-time, its days of the month checked above.
const DATE_TIME =
  /^([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:\.([0-9]+))?([Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;
