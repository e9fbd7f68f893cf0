export type { DocumentErrorCode as PidfErrorCode, ParseOptions } from '@sip-simple/xml/format';
export { instantOf, type Lens, type Violation } from '@sip-simple/xml/schema';
export { parse, serialize, toDocument, validate } from './document.ts';
export { PidfError } from './errors.ts';
export { extension, mustBeUnderstood } from './extension.ts';
export { notesOf, priorityOf, timestampAfter } from './meaning.ts';
export {
  type Contact,
  contact,
  DATA_MODEL,
  type Device,
  type DeviceInit,
  device,
  type Note,
  note,
  type Person,
  type PersonInit,
  PIDF,
  type Presence,
  type PresenceInit,
  person,
  presence,
  type Status,
  type StatusInit,
  status,
  type Tuple,
  type TupleInit,
  tuple,
} from './schema.ts';
