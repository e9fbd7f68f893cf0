// RFC 3862 §3.6
/** `Name = 1*NAMECHAR` */
export const NAME: RegExp = /^[!#-'*+\-0-9A-Z^-z|~]+$/;
/** `Token = 1*TOKENCHAR`, of US-ASCII and all above. */
export const TOKEN: RegExp = /^[!#-'*+\-.0-9A-Z^-z|~\x80-\u{10ffff}]+$/u;
/** `Language-tag` of RFC 3066 §2.1. */
export const LANGUAGE_TAG: RegExp = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
/** `absolute-URI` of RFC 2396 §3, which has no fragment, with the brackets of RFC 2732. */
export const ABSOLUTE_URI: RegExp = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[!$&-;=?@A-Z[\]_a-z~]|%[0-9A-Fa-f]{2})+$/;
