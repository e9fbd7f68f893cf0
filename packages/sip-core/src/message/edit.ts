import type { HeaderType } from '../headers/header-type.ts';

/** One change to a message; made by `set`, `append`, `prepend`, `remove`, `removeFirst`, `body`, `requestUri`. */
export type HeaderEdit =
  | {
      readonly type: 'set' | 'append' | 'prepend';
      readonly name: string;
      /** One field value each. */
      readonly lines: readonly string[];
    }
  | { readonly type: 'remove'; readonly name: string }
  | { readonly type: 'remove-first'; readonly name: string; readonly header: HeaderType<unknown> | undefined }
  | { readonly type: 'body'; readonly bytes: Uint8Array; readonly mediaType: string | undefined }
  | { readonly type: 'request-uri'; readonly uri: string };

/** Replaces all fields of a header, in the place of the first; without values removes them. */
export function set(header: string, ...values: readonly string[]): HeaderEdit;
export function set<T>(header: HeaderType<T>, ...values: readonly T[]): HeaderEdit;
export function set<T>(header: HeaderType<T> | string, ...values: readonly T[]): HeaderEdit {
  return { type: 'set', name: nameOf(header), lines: linesOf(header, values) };
}

/** Adds values after those that are there, or at the end. */
export function append(header: string, ...values: readonly string[]): HeaderEdit;
export function append<T>(header: HeaderType<T>, ...values: readonly T[]): HeaderEdit;
export function append<T>(header: HeaderType<T> | string, ...values: readonly T[]): HeaderEdit {
  return { type: 'append', name: nameOf(header), lines: linesOf(header, values) };
}

/** Adds values before those that are there, or at the top. */
export function prepend(header: string, ...values: readonly string[]): HeaderEdit;
export function prepend<T>(header: HeaderType<T>, ...values: readonly T[]): HeaderEdit;
export function prepend<T>(header: HeaderType<T> | string, ...values: readonly T[]): HeaderEdit {
  return { type: 'prepend', name: nameOf(header), lines: linesOf(header, values) };
}

/** Removes all fields of a header. */
export function remove(header: HeaderType<unknown> | string): HeaderEdit {
  return { type: 'remove', name: nameOf(header) };
}

/** Removes the first value of a header: of a comma-joined field that value alone. */
export function removeFirst(header: HeaderType<unknown> | string): HeaderEdit {
  return {
    type: 'remove-first',
    name: nameOf(header),
    header: typeof header === 'string' ? undefined : header,
  };
}

/**
 * Replaces the body.
 *
 * @param bytes the new body; an empty one removes Content-Type too unless `mediaType` is given
 * @param mediaType the Content-Type, e.g. `application/pidf+xml`; unchanged when left out
 */
export function body(bytes: Uint8Array, mediaType?: string): HeaderEdit {
  return { type: 'body', bytes, mediaType };
}

/** Replaces the Request-URI. */
export function requestUri(uri: string): HeaderEdit {
  return { type: 'request-uri', uri };
}

function nameOf(header: HeaderType<unknown> | string): string {
  return typeof header === 'string' ? header : header.name;
}

function linesOf<T>(header: HeaderType<T> | string, values: readonly T[]): readonly string[] {
  if (typeof header === 'string') return values.map(String);
  const lines = values.map((value) => header.serialize(value));
  return header.joined === true && lines.length > 1 ? [lines.join(', ')] : lines;
}
