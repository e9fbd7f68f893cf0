export { instantOf, type Lens, type Violation } from '@sip-simple/xml/schema';
export { PidfError, type PidfErrorCode } from './errors.ts';
export { extension, mustBeUnderstood } from './extension.ts';
export { notesOf, priorityOf, timestampAfter } from './meaning.ts';
export { type ParseOptions, parse } from './parse.ts';
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
export { serialize, toDocument } from './serialize.ts';
export { validate } from './validate.ts';
