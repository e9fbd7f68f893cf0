import { skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import type { NameAddr } from '../name-addr.ts';
import { lowerSlice } from '../params.ts';
import type { Source } from '../source.ts';
import type { HeaderType } from './header-type.ts';
import { addresses, headerType } from './syntax.ts';

/**
 * RFC 3323 §4.2, in lower case: `header`, `session`, `user`, `none`, `critical`, `id` (RFC 3325 §9.3), or another
 * token.
 */
export const privacy: HeaderType<readonly string[]> = headerType({
  name: 'Privacy',
  read: readPrivacy,
  serialize: (values) => values.join(';'),
});
/** RFC 3325 §9.1: to be believed only from inside of one's trust domain. */
export const pAssertedIdentity: HeaderType<NameAddr> = addresses('P-Asserted-Identity');
/** RFC 3325 §9.2. */
export const pPreferredIdentity: HeaderType<NameAddr> = addresses('P-Preferred-Identity');

/** `Privacy-hdr = "Privacy" HCOLON priv-value *(";" priv-value)` */
function readPrivacy(source: Source, start: number, end: number): readonly string[] {
  const { bytes } = source;
  const values: string[] = [];
  for (let at = start; ; at++) {
    at = skipSpace(bytes, at, end);
    const stop = skipClass(bytes, at, end, TOKEN);
    if (stop === at)
      throw new SipError('value', 'Privacy holds no token', { rfc: 'RFC 3323 §4.2', offset: at });
    values.push(lowerSlice(source, at, stop));
    at = skipSpace(bytes, stop, end);
    if (at === end) return values;
    if (bytes[at] !== SEMICOLON)
      throw new SipError('value', 'expected ";" in Privacy', { rfc: 'RFC 3323 §4.2', offset: at });
  }
}

const SEMICOLON = 0x3b;
