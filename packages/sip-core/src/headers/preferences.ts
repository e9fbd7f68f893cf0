import { SipError } from '../errors.ts';
import { type Params, readParams, serializeParams } from '../params.ts';
import type { HeaderType } from './header-type.ts';
import { headerType, tokens } from './syntax.ts';

/**
 * RFC 3841 §9.2: feature parameters of RFC 3840, `require` and `explicit`. The value of a feature parameter is a
 * quoted-string of tags, see `unquote`.
 */
export const acceptContact: HeaderType<Params> = featureSet('Accept-Contact', 'a');
/** RFC 3841 §9.2. */
export const rejectContact: HeaderType<Params> = featureSet('Reject-Contact', 'j');
/** RFC 3841 §9.1: `proxy`, `redirect`, `cancel`, `no-cancel`, `fork`, `no-fork`, `recurse`, ... */
export const requestDisposition: HeaderType<string> = tokens('Request-Disposition', 'RFC 3841 §9.1', 'd');

/** `ac-value = "*" *(SEMI ac-params)`, `rc-value = "*" *(SEMI rc-params)` */
function featureSet(name: string, compact: string): HeaderType<Params> {
  return headerType({
    name,
    compact,
    list: true,
    read: (source, start, end) => {
      if (start === end || source.bytes[start] !== STAR)
        throw new SipError('value', `${name} begins with "*"`, { rfc: 'RFC 3841 §10', offset: start });
      return readParams(source, start + 1, end);
    },
    serialize: (params) => `*${serializeParams(params)}`,
  });
}

const STAR = 0x2a;
