import type { HeaderType } from './header-type.ts';
import { maxDeltaSeconds, number, tokens } from './syntax.ts';

/** RFC 3261 §20.5. */
export const allow: HeaderType<string> = tokens('Allow', 'RFC 3261 §20.5');
/** RFC 3261 §20.37. */
export const supported: HeaderType<string> = tokens('Supported', 'RFC 3261 §20.37', 'k');
/** RFC 3261 §20.32. */
export const require: HeaderType<string> = tokens('Require', 'RFC 3261 §20.32');
/** RFC 3261 §20.29. */
export const proxyRequire: HeaderType<string> = tokens('Proxy-Require', 'RFC 3261 §20.29');
/** RFC 3261 §20.40. */
export const unsupported: HeaderType<string> = tokens('Unsupported', 'RFC 3261 §20.40');
/** RFC 3261 §20.19, in seconds. */
export const expires: HeaderType<number> = number('Expires', 'RFC 3261 §20.19', maxDeltaSeconds);
/** RFC 3261 §20.23, in seconds. */
export const minExpires: HeaderType<number> = number('Min-Expires', 'RFC 3261 §20.23', maxDeltaSeconds);
