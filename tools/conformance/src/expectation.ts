import { type Bindings, fill, match, tidy } from './pattern.ts';
import type { SourceLine } from './trace.ts';
import { valuesOf, type WireMessage } from './wire.ts';

/** A line of an expectation that the message does not meet. */
export interface Mismatch {
  readonly line: number;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Holds a message against the lines of a `<` block; what they capture is added to `bindings`.
 *
 * @returns the first line that is not met, or `undefined` when all are
 */
export function check(
  message: WireMessage,
  patterns: readonly SourceLine[],
  bindings: Bindings,
): Mismatch | undefined {
  for (const [index, { line, text }] of patterns.entries()) {
    const actual = index === 0 ? checkStart(text, message, bindings) : checkLine(text, message, bindings);
    if (actual !== undefined) return { line, expected: text, actual };
  }
  const [declared] = valuesOf(message, 'content-length');
  if (declared !== undefined && Number(declared) !== message.bodyLength) {
    const actual = `Content-Length: ${declared} before a body of ${message.bodyLength} bytes`;
    return { line: patterns[0]?.line ?? 0, expected: 'Content-Length as long as the body', actual };
  }
  return undefined;
}

/** `200`, `200 OK`, `{400..499} *`, `NOTIFY`, `*`, or a whole start line. Answers what came instead, `undefined` when it is met. */
function checkStart(text: string, message: WireMessage, bindings: Bindings): string | undefined {
  let pattern = text.trim();
  if (/^\d{3}$/.test(pattern)) pattern = `SIP/2.0 ${pattern} *`;
  else if (/^(?:\d{3}|\{\d+\.\.\d+\}) /.test(pattern)) pattern = `SIP/2.0 ${pattern}`;
  else if (/^[A-Z]+$/.test(pattern)) pattern = `${pattern} * SIP/2.0`;
  return learn(match(pattern, message.startLine, bindings), bindings) ? undefined : message.startLine;
}

function checkLine(text: string, message: WireMessage, bindings: Bindings): string | undefined {
  const body = /^body (contains|lacks|is|matches) (.*)$/.exec(text);
  if (body) return checkBody(body[1] ?? '', body[2] ?? '', message, bindings);
  if (text === 'body empty') return message.bodyLength === 0 ? undefined : message.body;
  const absent = /^!([\w-]+)$/.exec(text)?.[1];
  if (absent) {
    const values = valuesOf(message, absent);
    return values.length === 0 ? undefined : `${absent}: ${values.join(', ')}`;
  }
  const header = /^([\w-]+)[ \t]*:[ \t]*(.*)$/.exec(text);
  if (!header) return 'a line that is neither NAME: PATTERN, !NAME nor body ...';
  const [, name = '', pattern = ''] = header;
  const values = valuesOf(message, name).map(tidy);
  const candidates = [values.join(','), ...values, ...values.flatMap(splitList)];
  const met = candidates.some(
    (value) => values.length > 0 && learn(match(tidy(pattern), value, bindings), bindings),
  );
  if (met) return undefined;
  return values.length === 0 ? `no ${name}` : values.map((value) => `${name}: ${value}`).join('\n');
}

function checkBody(
  how: string,
  pattern: string,
  { body }: WireMessage,
  bindings: Bindings,
): string | undefined {
  const met = {
    contains: () => squeeze(body).includes(squeeze(fill(pattern, bindings))),
    lacks: () => !squeeze(body).includes(squeeze(fill(pattern, bindings))),
    is: () => squeeze(body) === squeeze(fill(pattern, bindings)),
    matches: () => learn(match(`*${squeeze(pattern)}*`, squeeze(body), bindings), bindings),
  }[how];
  return met?.() ? undefined : body || 'no body';
}

/** XML white space between tags, and the declaration, say nothing: they are left out of comparisons. */
function squeeze(text: string): string {
  return text
    .replace(/<\?xml[^>]*\?>/, '')
    .replace(/\s+/g, ' ')
    .replace(/(^|>) | (<|$)/g, '$1$2')
    .trim();
}

/** The values of a comma-joined header; commas inside quotes and angle brackets do not part them. */
function splitList(value: string): readonly string[] {
  return value.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g) ?? [];
}

function learn(captured: Bindings | undefined, bindings: Bindings): boolean {
  if (!captured) return false;
  for (const [name, value] of captured) bindings.set(name, value);
  return true;
}
