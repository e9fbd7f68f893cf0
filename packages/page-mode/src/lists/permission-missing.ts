import { type HeaderType, type NameAddr, parseNameAddr, serializeNameAddr } from '@sip-simple/sip-core';

/** RFC 5360 §5.9.3: those whom a list service has no permission to send to, in a 470. */
export const permissionMissing: HeaderType<NameAddr> = {
  name: 'Permission-Missing',
  list: true,
  parse: parseNameAddr,
  serialize: serializeNameAddr,
};
