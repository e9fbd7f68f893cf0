import { SipError } from '../errors.ts';
import { type Params, readParams, serializeParams } from '../params.ts';
import { readNumber, type Source } from '../source.ts';
import { skipDigits } from '../uri.ts';
import type { HeaderType } from './header-type.ts';
import { headerType, maxDeltaSeconds } from './syntax.ts';

/** A Session-Expires value (RFC 4028 §4). */
export interface SessionExpires {
  readonly seconds: number;
  /** Who refreshes the session. */
  readonly refresher?: 'uac' | 'uas' | undefined;
  /** Parameters beyond `refresher`. */
  readonly params: Params;
}

/** A Min-SE value (RFC 4028 §5). */
export interface MinSessionExpires {
  /** The shortest session interval; never below 90 where the standard is kept. */
  readonly seconds: number;
  readonly params: Params;
}

/** RFC 4028 §4. */
export const sessionExpires: HeaderType<SessionExpires> = headerType({
  name: 'Session-Expires',
  compact: 'x',
  read: readSessionExpires,
  serialize: (value) => {
    const refresher = value.refresher === undefined ? '' : `;refresher=${value.refresher}`;
    return `${value.seconds}${refresher}${serializeParams(value.params)}`;
  },
});
/** RFC 4028 §5. */
export const minSE: HeaderType<MinSessionExpires> = headerType({
  name: 'Min-SE',
  read: (source, start, end) => readInterval(source, start, end, 'RFC 4028 §5'),
  serialize: (value) => value.seconds + serializeParams(value.params),
});

/** `delta-seconds *(SEMI se-params)`, `refresher-param = "refresher" EQUAL ("uas" / "uac")` */
function readSessionExpires(source: Source, start: number, end: number): SessionExpires {
  const rfc = 'RFC 4028 §4';
  const { seconds, params } = readInterval(source, start, end, rfc);
  if (!params.has('refresher')) return { seconds, params };
  const refresher = params.get('refresher')?.toLowerCase();
  if (refresher !== 'uac' && refresher !== 'uas')
    throw new SipError('value', 'a refresher is neither uac nor uas', { rfc, offset: start });
  const others = new Map(params);
  others.delete('refresher');
  return { seconds, refresher, params: others };
}

/** `delta-seconds *(SEMI generic-param)` */
function readInterval(source: Source, start: number, end: number, rfc: string): MinSessionExpires {
  const stop = skipDigits(source.bytes, start, end);
  const seconds = readNumber(source.bytes, start, stop, maxDeltaSeconds, rfc);
  return { seconds, params: readParams(source, stop, end) };
}
