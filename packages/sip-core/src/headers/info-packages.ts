import type { HeaderType } from './header-type.ts';
import { headerType, readTokenAndParams, serializeTokenAndParams, type TokenAndParams } from './syntax.ts';

/** RFC 6086 §7.2: the package of an INFO request. */
export const infoPackage: HeaderType<TokenAndParams> = headerType({
  name: 'Info-Package',
  read: (source, start, end) => readTokenAndParams(source, start, end, 'RFC 6086 §7.2'),
  serialize: serializeTokenAndParams,
});
/** RFC 6086 §7.3: the packages that may be sent here; none when it is there and empty. */
export const recvInfo: HeaderType<TokenAndParams> = headerType({
  name: 'Recv-Info',
  list: true,
  joined: true,
  read: (source, start, end) => readTokenAndParams(source, start, end, 'RFC 6086 §7.3'),
  serialize: serializeTokenAndParams,
});
