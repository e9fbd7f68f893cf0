import { EventsError } from './errors.ts';

/** What a machine keeps in a store: readable fields, and the bytes of a body when there is one. */
export interface StoredRecord {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });
const LF = 0x0a;

/** Writes a record: one line of JSON, a line feed, then the body as it is. */
export function encodeRecord(fields: Readonly<Record<string, unknown>>, body?: Uint8Array): Uint8Array {
  const line = encoder.encode(`${JSON.stringify(fields)}\n`);
  if (body === undefined || body.length === 0) return line;
  const record = new Uint8Array(line.length + body.length);
  record.set(line);
  record.set(body, line.length);
  return record;
}

/**
 * Reads what `encodeRecord` wrote.
 * @throws EventsError `record`
 */
export function decodeRecord(record: Uint8Array): StoredRecord {
  const end = record.indexOf(LF);
  if (end < 0) throw new EventsError('record', 'a stored record has no line of fields');
  let fields: unknown;
  try {
    fields = JSON.parse(decoder.decode(record.subarray(0, end)));
  } catch (cause) {
    throw new EventsError('record', 'the fields of a stored record are not JSON', { cause });
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new EventsError('record', 'the fields of a stored record are not an object');
  }
  // a JSON object has string keys and unknown values
  return { fields: fields as Record<string, unknown>, body: record.slice(end + 1) };
}

/** A field that has to be a string. @throws EventsError `record` */
export function stringField(record: StoredRecord, name: string): string {
  const value = record.fields[name];
  if (typeof value === 'string') return value;
  throw new EventsError('record', `field ${name} of a stored record is not a string`);
}

/** A field that has to be a finite number. @throws EventsError `record` */
export function numberField(record: StoredRecord, name: string): number {
  const value = record.fields[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new EventsError('record', `field ${name} of a stored record is not a number`);
}
