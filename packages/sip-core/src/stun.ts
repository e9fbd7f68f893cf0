/**
 * Answers a STUN Binding Request as SIP needs it for keep-alives over datagrams: with the address it came from.
 *
 * @param datagram what was received on a port for SIP
 * @param host the IP address it came from
 * @returns the answer; `'ignored'` for other STUN, to which there is none; `undefined` for what is no STUN
 * @see RFC 5626 §8, RFC 5389 §6, §7.3, §15.2
 */
export function answerStun(
  datagram: Uint8Array,
  host: string,
  port: number,
): Uint8Array | 'ignored' | undefined {
  // "The first octet of a STUN Binding method has a value of 0 or 1, while the first octet of a SIP message is never".
  if (datagram.length < HEADER || (datagram[0] ?? 0) > 1) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  if (view.getUint32(4) !== COOKIE) return undefined;
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint16(2) !== datagram.length - HEADER)
    return 'ignored';
  const unknown = unknownAttributes(view);
  if (unknown === undefined) return 'ignored';
  const transaction = datagram.subarray(4, HEADER);
  if (unknown.length > 0) return refused(transaction, unknown);
  const address = addressBytes(host);
  if (address === undefined) return 'ignored';
  const value = new Uint8Array(4 + address.length);
  value[1] = address.length === 4 ? 1 : 2;
  value[2] = (port >>> 8) ^ (transaction[0] ?? 0);
  value[3] = (port & 255) ^ (transaction[1] ?? 0);
  for (const [at, byte] of address.entries()) value[4 + at] = byte ^ (transaction[at] ?? 0);
  return message(BINDING_SUCCESS, transaction, [[XOR_MAPPED_ADDRESS, value]]);
}

const HEADER = 20;
const COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
/** MAPPED-ADDRESS, USERNAME, MESSAGE-INTEGRITY, ERROR-CODE, UNKNOWN-ATTRIBUTES, REALM, NONCE (§18.2). */
const comprehended: ReadonlySet<number> = new Set([
  0x0001,
  0x0006,
  0x0008,
  ERROR_CODE,
  UNKNOWN_ATTRIBUTES,
  0x0014,
  0x0015,
  XOR_MAPPED_ADDRESS,
]);

/** Types below 0x8000 have to be understood (§7.3); `undefined` when the attributes don't fill the message. */
function unknownAttributes(view: DataView): readonly number[] | undefined {
  const unknown: number[] = [];
  let at = HEADER;
  while (at + 4 <= view.byteLength) {
    const type = view.getUint16(at);
    if (type < 0x8000 && !comprehended.has(type)) unknown.push(type);
    at += 4 + padded(view.getUint16(at + 2));
  }
  return at === view.byteLength ? unknown : undefined;
}

/** 420 Unknown Attribute (§7.3.1, §15.6, §15.9). */
function refused(transaction: Uint8Array, unknown: readonly number[]): Uint8Array {
  const list = Uint8Array.from(unknown.flatMap((type) => [type >>> 8, type & 255]));
  return message(BINDING_ERROR, transaction, [
    [ERROR_CODE, Uint8Array.of(0, 0, 4, 20)],
    [UNKNOWN_ATTRIBUTES, list],
  ]);
}

function message(
  type: number,
  transaction: Uint8Array,
  attributes: readonly (readonly [type: number, value: Uint8Array])[],
): Uint8Array {
  const length = attributes.reduce((sum, [, value]) => sum + 4 + padded(value.length), 0);
  const bytes = new Uint8Array(HEADER + length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type);
  view.setUint16(2, length);
  bytes.set(transaction, 4);
  let at = HEADER;
  for (const [attribute, value] of attributes) {
    view.setUint16(at, attribute);
    view.setUint16(at + 2, value.length);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  return bytes;
}

/** "STUN aligns attributes on 32-bit boundaries" (§15). */
function padded(length: number): number {
  return (length + 3) & ~3;
}

/** The bytes of an IP address, 4 or 16; an IPv4 address inside of an IPv6 one counts as itself. */
function addressBytes(host: string): Uint8Array | undefined {
  const [address = ''] = host.split('%', 1);
  const dotted = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (dotted !== undefined) return Uint8Array.from(dotted.split('.'), Number);
  if (!address.includes(':')) return undefined;
  const [head = '', tail] = address.split('::', 2);
  const before = groups(head);
  const after = groups(tail ?? '');
  const missing = 8 - before.length - after.length;
  if (missing < 0 || (tail === undefined && missing > 0)) return undefined;
  const all = [...before, ...new Array<number>(missing).fill(0), ...after];
  return Uint8Array.from(all.flatMap((group) => [group >>> 8, group & 255]));
}

function groups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
