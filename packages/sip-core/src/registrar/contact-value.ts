import { type NameAddr, serializeNameAddr } from '../name-addr.ts';
import { type Params, unquote } from '../params.ts';
import { serializeUri, type Uri } from '../uri.ts';

/** One address that a REGISTER wants bound or removed, as read. */
export interface ContactValue {
  readonly uri: Uri;
  /** The URI as it is written. */
  readonly uriText: string;
  /** The whole value as it is to be given back: with all parameters but `expires` and those of GRUUs. */
  readonly text: string;
  /** 0 to 1000: the relative preference. */
  readonly q: number;
  /** What `expires` asks for; `undefined` without it. */
  readonly expires: number | undefined;
  /** The instance ID in the form in which it is compared. */
  readonly instance: string | undefined;
  /** As written; 0 without an instance, where it means nothing (RFC 5626 §6). */
  readonly regId: number;
}

/** Reads one Contact value of a REGISTER; `undefined` when its `reg-id` is none. */
export function readContactValue(value: NameAddr): ContactValue | undefined {
  const { uri, params } = value;
  const written = params.get('+sip.instance');
  const instance = written === undefined ? undefined : instanceId(written);
  // "If the registrar processes a Contact header field value with a reg-id but no instance-id, it simply ignores" it.
  const regId = instance !== undefined && params.has('reg-id') ? readRegId(params.get('reg-id')) : 0;
  if (regId === undefined) return undefined;
  return {
    uri,
    uriText: serializeUri(uri),
    text: serializeNameAddr({ ...value, params: kept(params) }),
    q: readQ(params.get('q')),
    expires: params.has('expires') ? readExpires(params.get('expires')) : undefined,
    instance,
    regId,
  };
}

/**
 * The instance ID that `+sip.instance` holds, so written that equal ones are the same text: UUIDs in lower case
 * (RFC 4122 §3), of other URNs the parts that are compared without regard to case (RFC 2141 §5).
 *
 * @see RFC 5626 §4.1
 */
export function instanceId(written: string): string | undefined {
  const text = unquote(written).replace(/^<(.*)>$/, '$1');
  if (text === '') return undefined;
  const [, scheme, rest = ''] = /^(urn:[^:]*:)(.*)$/i.exec(text) ?? [];
  if (scheme === undefined) return text;
  const lower = scheme.toLowerCase();
  if (lower === 'urn:uuid:') return lower + rest.toLowerCase();
  return lower + rest.replace(/%[0-9a-f]{2}/gi, (octet) => octet.toLowerCase());
}

/** Nobody may suggest a GRUU (RFC 5627 §5.1), and `expires` is the registrar's to choose. */
function kept(params: Params): Params {
  if (!params.has('expires') && !params.has('pub-gruu') && !params.has('temp-gruu')) return params;
  const others = new Map(params);
  others.delete('expires');
  others.delete('pub-gruu');
  others.delete('temp-gruu');
  return others;
}

/** "The value of the reg-id MUST NOT be 0 and MUST be less than 2^31." (RFC 5626 §10) */
function readRegId(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d{1,10}$/.test(value)) return undefined;
  const regId = Number(value);
  return regId > 0 && regId < 2 ** 31 ? regId : undefined;
}

/** `delta-seconds`; a larger number is the largest, "malformed values SHOULD be treated as equivalent to 3600" (§10.2). */
function readExpires(value: string | undefined): number {
  if (value === undefined || !/^\d+$/.test(value)) return 3600;
  return Math.min(Number(value), 2 ** 32 - 1);
}

/** `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`; 1 unless given and well-formed. */
function readQ(value: string | undefined): number {
  if (value === undefined || !/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value)) return 1000;
  return Math.round(Number(value) * 1000);
}
