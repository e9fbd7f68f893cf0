import { type Peer, transportName } from '../endpoint/peer.ts';
import type { AddressBindings, InstanceGruus } from './location.ts';

/** A binding as it is stored. */
export interface BindingRecord {
  readonly contact: string;
  readonly uri: string;
  readonly q: number;
  readonly instance: string | undefined;
  readonly regId: number;
  readonly callId: string;
  readonly sequence: number;
  readonly path: readonly string[];
  readonly flow: Peer | undefined;
  readonly expiresAt: number;
  readonly updatedAt: number;
}

/** The bindings of an address-of-record as they are stored: as one, so that they change together. */
export interface AddressRecord {
  readonly aor: string;
  /** Whoever stored it: connections of another one are gone. */
  readonly run: string;
  readonly bindings: readonly BindingRecord[];
  readonly instances: readonly InstanceGruus[];
}

/** Writes what `readAddressRecord` reads: JSON. */
export function writeAddressRecord({ aor, bindings, instances }: AddressBindings, run: string): Uint8Array {
  const stored = bindings.map(
    ({ contact, uri, q, instance, regId, callId, sequence, path, flow, expiresAt, updatedAt }) => ({
      contact,
      uri,
      q,
      instance,
      regId,
      callId,
      sequence,
      path,
      flow: flow?.peer,
      expiresAt,
      updatedAt,
    }),
  );
  return encoder.encode(JSON.stringify({ v: 1, aor, run, bindings: stored, instances }));
}

/** @throws TypeError when it is no record of an address-of-record's bindings */
export function readAddressRecord(record: Uint8Array): AddressRecord {
  const fields = fieldsOf(parsed(record));
  if (fields['v'] !== 1) throw new TypeError('a stored record of bindings is of another version');
  return {
    aor: text(fields, 'aor'),
    run: text(fields, 'run'),
    bindings: list(fields, 'bindings').map((each) => bindingOf(fieldsOf(each))),
    instances: list(fields, 'instances').map((each) => instanceOf(fieldsOf(each))),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function parsed(record: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(record));
  } catch (cause) {
    throw new TypeError('a stored record of bindings is not JSON', { cause });
  }
}

function bindingOf(fields: Fields): BindingRecord {
  return {
    contact: text(fields, 'contact'),
    uri: text(fields, 'uri'),
    q: number(fields, 'q'),
    instance: fields['instance'] === undefined ? undefined : text(fields, 'instance'),
    regId: number(fields, 'regId'),
    callId: text(fields, 'callId'),
    sequence: number(fields, 'sequence'),
    path: list(fields, 'path').map(String),
    flow: fields['flow'] === undefined ? undefined : peerOf(fieldsOf(fields['flow'])),
    expiresAt: number(fields, 'expiresAt'),
    updatedAt: number(fields, 'updatedAt'),
  };
}

function instanceOf(fields: Fields): InstanceGruus {
  return {
    name: text(fields, 'name'),
    index: text(fields, 'index'),
    distinguisher: text(fields, 'distinguisher'),
  };
}

function peerOf(fields: Fields): Peer {
  const transport = transportName(text(fields, 'transport'));
  if (transport === undefined) throw new TypeError('a stored flow has no transport');
  const connection = fields['connection'] === undefined ? undefined : number(fields, 'connection');
  return { transport, host: text(fields, 'host'), port: number(fields, 'port'), connection };
}

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError('a stored record holds no object');
  // A JSON object has string keys and unknown values.
  return value as Fields;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new TypeError(`field ${name} of a stored record is not a string`);
  return value;
}

function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number') throw new TypeError(`field ${name} of a stored record is not a number`);
  return value;
}

function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new TypeError(`field ${name} of a stored record is not a list`);
  return value;
}
