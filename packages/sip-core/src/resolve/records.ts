/** What is asked of the DNS. */
export interface Question {
  readonly type: 'NAPTR' | 'SRV' | 'A' | 'AAAA';
  /** In lower case, without a dot at its end. */
  readonly name: string;
}

/** A naming authority pointer (RFC 3403 §4.1). */
export interface NaptrRecord extends Lifetime {
  readonly type: 'NAPTR';
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** A server of a service (RFC 2782). */
export interface SrvRecord extends Lifetime {
  readonly type: 'SRV';
  /** Lower ones are tried first. */
  readonly priority: number;
  /** The share of those of one priority that are to be sent here. */
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** An address, written as an IP literal without brackets. */
export interface AddressRecord extends Lifetime {
  readonly type: 'A' | 'AAAA';
  readonly address: string;
}

/** Another name that has the records asked for; followed when an answer holds nothing else. */
export interface AliasRecord extends Lifetime {
  readonly type: 'CNAME';
  readonly target: string;
}

export type DnsRecord = NaptrRecord | SrvRecord | AddressRecord | AliasRecord;

/** What was found: no records when there are none, `undefined` when nobody could say. */
export type Answer = readonly DnsRecord[] | undefined;

interface Lifetime {
  /** How many seconds the record may be kept; the resolver's default unless given. */
  readonly ttlSeconds?: number | undefined;
}

/** Writes a domain name as questions do. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
