import type { Content, ContentHeader } from './content.ts';
import type { CpimMessage } from './message.ts';

/** What `create` makes a content of. */
export interface ContentInit {
  /** The Content-Type, with its parameters. */
  readonly type: string;
  /** Other MIME headers. */
  readonly headers?: readonly ContentHeader[] | undefined;
  readonly body: Uint8Array;
}

/**
 * A message with a content and no headers yet; `from.set(message, ...)` and so on give it those.
 *
 * @see RFC 3862 §2.4
 */
export function create(init: ContentInit): CpimMessage {
  const { type, headers = [], body } = init;
  const content: Content = { headers: [{ name: 'Content-Type', value: type }, ...headers], body };
  return { headers: [], content };
}
