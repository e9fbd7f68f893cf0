import { SipError } from '../errors.ts';
import { type NameAddr, readNameAddr, serializeNameAddr } from '../name-addr.ts';
import { type Params, readParams, serializeParams } from '../params.ts';
import type { Source } from '../source.ts';
import type { HeaderType } from './header-type.ts';
import { headerType, readCallId } from './syntax.ts';

/** A Replaces value: the dialog that an INVITE takes the place of, as its recipient sees it (RFC 3891 §6.1). */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while it is an early dialog. */
  readonly isEarlyOnly: boolean;
  /** Parameters beyond these three. */
  readonly params: Params;
}

/** RFC 3515 §2.1. */
export const referTo: HeaderType<NameAddr> = headerType({
  name: 'Refer-To',
  compact: 'r',
  read: readNameAddr,
  serialize: serializeNameAddr,
});
/** RFC 3891 §6.1. */
export const replaces: HeaderType<Replaces> = headerType({
  name: 'Replaces',
  read: readReplaces,
  serialize: (value) => {
    const early = value.isEarlyOnly ? ';early-only' : '';
    const tags = `;to-tag=${value.toTag};from-tag=${value.fromTag}`;
    return `${value.callId}${tags}${early}${serializeParams(value.params)}`;
  },
});

/** `Replaces = "Replaces" HCOLON callid *(SEMI replaces-param)`, with one `to-tag` and one `from-tag`. */
function readReplaces(source: Source, start: number, end: number): Replaces {
  const { bytes } = source;
  let semicolon = start;
  while (semicolon < end && bytes[semicolon] !== SEMICOLON) semicolon++;
  let stop = semicolon;
  while (stop > start && (bytes[stop - 1] === 0x20 || bytes[stop - 1] === 0x09)) stop--;
  const callId = readCallId(source, start, stop);
  const params = new Map(readParams(source, semicolon, end));
  const toTag = params.get('to-tag');
  const fromTag = params.get('from-tag');
  if (toTag === undefined || fromTag === undefined) {
    throw new SipError('value', 'Replaces needs to-tag and from-tag', {
      rfc: 'RFC 3891 §6.1',
      offset: semicolon,
    });
  }
  const isEarlyOnly = params.has('early-only');
  for (const name of ['to-tag', 'from-tag', 'early-only']) params.delete(name);
  return { callId, toTag, fromTag, isEarlyOnly, params };
}

const SEMICOLON = 0x3b;
