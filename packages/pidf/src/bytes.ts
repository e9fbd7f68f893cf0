/**
 * The key under which a parsed document keeps the bytes it was read from, to be sent as they are while
 * nothing in it has changed.
 */
export const BYTES: unique symbol = Symbol('bytes');
