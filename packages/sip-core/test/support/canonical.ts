import * as sip from '../../src/index.ts';
import { type HeaderType, SipError, type SipMessage } from '../../src/index.ts';

const types: ReadonlyMap<string, HeaderType<unknown>> = new Map(
  Object.values(sip).flatMap((value): [string, HeaderType<unknown>][] =>
    isHeaderType(value)
      ? [value.name, value.compact ?? value.name].map((name) => [name.toLowerCase(), value])
      : [],
  ),
);

function isHeaderType(value: unknown): value is HeaderType<unknown> {
  return typeof value === 'object' && value !== null && 'serialize' in value && 'list' in value;
}

/**
 * What was understood of a message, as text to be compared: the start-line, then one line for each value of a header
 * field, by its full name and written anew; what is no known header field as it stands, a malformed one as its error.
 */
export function understood(message: SipMessage): string {
  const lines = [
    message.type === 'request'
      ? `${message.method} ${message.uri} ${message.version}`
      : `${message.version} ${message.status} ${message.reason}`,
  ];
  const seen = new Set<HeaderType<unknown>>();
  for (const [name, value] of message.headers()) {
    const type = types.get(name.toLowerCase());
    if (type === undefined) lines.push(`${name}: ${value}`);
    else if (!seen.has(type)) lines.push(...valuesOf(message, type).map((text) => `${type.name}: ${text}`));
    if (type !== undefined) seen.add(type);
  }
  lines.push('', `${message.body.length} bytes of body`, '');
  // Controls as JSON writes them, so that the text can be read and compared.
  return lines.join('\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f\ufeff]/g, escaped);
}

function valuesOf(message: SipMessage, type: HeaderType<unknown>): readonly string[] {
  try {
    return message.getAll(type).map((value) => type.serialize(value));
  } catch (error) {
    if (error instanceof SipError) return [`(${error.code}: ${error.summary})`];
    throw error;
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
