import { type Header, header, type Parameter } from './header.ts';
import type { CpimMessage } from './message.ts';
import { CPIM_HEADERS, nameIn, resolve } from './namespaces.ts';

/** What a header holds: its value as written, and its parameters. */
export interface HeaderText {
  readonly value: string;
  readonly parameters?: readonly Parameter[] | undefined;
}

/** A header described, for `lens`. */
export interface HeaderType<T> {
  readonly namespace: string;
  /** The name in the namespace, without a prefix. */
  readonly name: string;
  /** The prefix proposed where a message has none for the namespace. */
  readonly prefix?: string | undefined;
  /** The meaning of a header as written, or `undefined` when it says none. */
  read(header: Header): T | undefined;
  /** The written form of a meaning. Throws a `RangeError` when it has none. */
  write(value: T): HeaderText;
}

/**
 * A view of the headers of one kind in messages, whatever prefix a message has for their namespace. Nothing is
 * decoded until it is asked for, and nothing else about a message changes.
 */
export interface HeaderLens<T> {
  readonly type: HeaderType<T>;
  /** The first that can be read. */
  of(message: CpimMessage): T | undefined;
  /** All that can be read, in order. */
  all(message: CpimMessage): readonly T[];
  /** The message with this one header of the kind, in the place of the first; `undefined` removes all. */
  set(message: CpimMessage, value: T | undefined): CpimMessage;
  /**
   * The message with these headers of the kind, in the places of the old ones and behind the last of them.
   * A header whose meaning is among the values keeps its bytes. Where the message has no
   * prefix for the namespace, it gets a declaration.
   */
  setAll(message: CpimMessage, values: readonly T[]): CpimMessage;
}

/**
 * Makes the lens for a kind of header: one of the standard's, or of your own.
 *
 * @see RFC 3862 §3.4
 */
export function lens<T>(type: HeaderType<T>): HeaderLens<T> {
  const indexesIn = (message: CpimMessage): readonly number[] => {
    const indexes: number[] = [];
    resolve(message.headers).names.forEach(({ local, namespace }, index) => {
      if (local === type.name && namespace === type.namespace) indexes.push(index);
    });
    return indexes;
  };
  const meaningIn = (message: CpimMessage, index: number): T | undefined => {
    const each = message.headers[index];
    return each === undefined ? undefined : type.read(each);
  };
  const written = (name: string, value: T): Header => {
    const text = type.write(value);
    return header(name, text.value, text.parameters);
  };

  const setAll = (message: CpimMessage, values: readonly T[]): CpimMessage => {
    const indexes = indexesIn(message);
    const lastIndex = indexes[indexes.length - 1];
    if (lastIndex === undefined) {
      return values.length === 0
        ? message
        : append(message, type, (name) => values.map((value) => written(name, value)));
    }
    const old = new Set(indexes.map((index) => message.headers[index]));
    const writers = values.map((value) => {
      let same: Header | undefined;
      for (const each of old) if (each !== undefined && isSame(type.read(each), value)) same ??= each;
      old.delete(same);
      // Under another name, the bytes could be of another namespace at the new place.
      return (name: string): Header => (same?.name === name ? same : written(name, value));
    });
    const headers: Header[] = [];
    message.headers.forEach((each, index) => {
      if (!indexes.includes(index)) {
        headers.push(each);
        return;
      }
      const here = writers.splice(0, index === lastIndex ? writers.length : 1);
      headers.push(...here.map((write) => write(each.name)));
    });
    const isChanged =
      headers.length !== message.headers.length || headers.some((each, at) => each !== message.headers[at]);
    return isChanged ? { ...message, headers } : message;
  };

  return {
    type,
    setAll,
    of(message) {
      const { names } = resolve(message.headers);
      for (let index = 0; index < names.length; index += 1) {
        const name = names[index];
        if (name?.local !== type.name || name.namespace !== type.namespace) continue;
        const value = meaningIn(message, index);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    all(message) {
      const values = indexesIn(message).map((index) => meaningIn(message, index));
      return values.filter((value) => value !== undefined);
    },
    set: (message, value) => setAll(message, value === undefined ? [] : [value]),
  };
}

/** True when two meanings, which are plain data, are equal in all parts. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const parts = new Map(Object.entries(one).filter(([, part]) => part !== undefined));
  const others = Object.entries(other).filter(([, part]) => part !== undefined);
  return parts.size === others.length && others.every(([key, part]) => isSame(parts.get(key), part));
}

/** Puts headers behind all others, under a name that means their type there. */
function append<T>(
  message: CpimMessage,
  type: HeaderType<T>,
  make: (name: string) => readonly Header[],
): CpimMessage {
  const { headers } = message;
  const { last } = resolve(headers);
  const kind = { namespace: type.namespace, local: type.name };
  const known = nameIn(last, kind);
  if (known !== undefined) return { ...message, headers: [...headers, ...make(known)] };
  const prefix = freePrefix(type.prefix ?? 'ns', headers);
  const added = (declaration: string): readonly Header[] => [
    header(declaration, `${prefix} <${type.namespace}>`),
    ...make(`${prefix}.${type.name}`),
  ];
  const declaration = nameIn(last, NS);
  // Where nothing at the end means NS any more, the beginning of the message still has it.
  return declaration === undefined
    ? { ...message, headers: [...added(NS.local), ...headers] }
    : { ...message, headers: [...headers, ...added(declaration)] };
}

function freePrefix(proposed: string, headers: readonly Header[]): string {
  const { names, last } = resolve(headers);
  const isTaken = (prefix: string): boolean =>
    last.has(prefix) || names.some((_, at) => headers[at]?.name.startsWith(`${prefix}.`));
  if (!isTaken(proposed)) return proposed;
  let number = 2;
  while (isTaken(proposed + number)) number += 1;
  return proposed + number;
}

const NS = { namespace: CPIM_HEADERS, local: 'NS' };
