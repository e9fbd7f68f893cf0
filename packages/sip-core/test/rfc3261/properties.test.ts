import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as sip from '../../src/index.ts';
import {
  canonicalAor,
  checkRequest,
  checkResponse,
  createResponse,
  type HeaderType,
  parseMessage,
  parseUri,
  SipError,
  type SipMessage,
  serializeUri,
  set,
  uriEquals,
} from '../../src/index.ts';

const folder = new URL('../fixtures/rfc4475/', import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.dat'))
  .map((name) => new Uint8Array(readFileSync(new URL(name, folder))))
  .filter((bytes) => bytes.length < 2000);
const runs = 500 * Number(process.env['FUZZ_RUNS'] ?? 1);

/** Every header type that is exported. */
const headers: readonly HeaderType<unknown>[] = Object.values(sip).filter(
  (value): value is typeof sip.via => typeof value === 'object' && 'serialize' in value && 'list' in value,
);

/** Does `action`; a SipError is an answer, any other error a defect. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof SipError && error.status >= 400 && error.rfc.startsWith('RFC ')) return undefined;
    throw error;
  }
}

function receivedOf(bytes: Uint8Array): SipMessage | undefined {
  try {
    return parseMessage(bytes);
  } catch (error) {
    if (error instanceof SipError) return error.received;
    throw error;
  }
}

/** Reads all that can be read, and answers. */
function exercise(message: SipMessage): void {
  attempt(() => (message.type === 'request' ? checkRequest(message) : checkResponse(message)));
  for (const header of headers) {
    const first = attempt(() => [message.get(header)]);
    const all = attempt(() => message.getAll(header));
    if (all !== undefined && first !== undefined) expect(first[0]).toEqual(all[0]);
    for (const value of all ?? []) {
      // What was read can be written, and read again as the same.
      const written = header.serialize(value);
      expect(header.parse(written)).toEqual(value);
    }
  }
  expect(message.raw('Via').length).toBeLessThanOrEqual([...message.headers()].length);
  if (message.type === 'request') expect(createResponse(message, 400, { toTag: 'x' }).status).toBe(400);
  const changed = message.with(set('X-Changed', 'yes'));
  expect([...changed.headers()].filter(([name]) => name === 'X-Changed').length).toBe(1);
  expect(changed.body).toEqual(message.body);
}

const mutation = fc.oneof(
  fc.record({ at: fc.nat(), byte: fc.nat(255) }),
  fc.record({
    at: fc.nat(),
    insert: fc.constantFrom(
      '\r\n',
      '\r\n ',
      '\0',
      '"',
      '<',
      '>',
      ',',
      ';',
      '%',
      '\\',
      'é',
      ':',
      '@',
      '[',
      ' ',
    ),
  }),
  fc.record({ at: fc.nat(), cut: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ at: fc.nat(), copy: fc.integer({ min: 1, max: 80 }) }),
);

function mutate(
  bytes: Uint8Array,
  changes: readonly (typeof mutation extends fc.Arbitrary<infer T> ? T : never)[],
): Uint8Array {
  let mutated = [...bytes];
  for (const change of changes) {
    const at = change.at % (mutated.length + 1);
    if ('byte' in change) mutated[at] = change.byte;
    else if ('insert' in change) mutated.splice(at, 0, ...new TextEncoder().encode(change.insert));
    else if ('cut' in change) mutated.splice(at, change.cut);
    else mutated = [...mutated.slice(0, at + change.copy), ...mutated.slice(at)];
  }
  return new Uint8Array(mutated);
}

describe('hostile input', () => {
  it('mutated messages are read, or refused with a SipError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        (sample, changes) => {
          const message = receivedOf(mutate(sample, changes));
          if (message !== undefined) exercise(message);
        },
      ),
      { numRuns: runs },
    );
  });

  it('any bytes are refused with a SipError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        attempt(() => parseMessage(bytes));
      }),
      { numRuns: runs },
    );
  });

  it('any text is a header value or refused with a SipError', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[ -~]*$/),
      fc.stringMatching(/^[<>",;=:@a1 ]*$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const header of headers) attempt(() => header.parse(text));
        const uri = attempt(() => parseUri(text));
        if (uri !== undefined) {
          expect(parseUri(serializeUri(uri))).toEqual(uri);
          expect(uriEquals(uri, uri)).toBe(true);
          expect(canonicalAor(canonicalAor(uri))).toBe(canonicalAor(uri));
        }
      }),
      { numRuns: runs },
    );
  });
});

describe('round trips', () => {
  it('a message is what it is after header fields came and went', () => {
    const name = fc.constantFrom('X-A', 'x-b', 'Subject', 'v', 'Route', 'To');
    const value = fc.stringMatching(/^[!-~](?:[ -~]*[!-~])?$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, value), { maxLength: 8 }),
        fc.uint8Array({ maxLength: 50 }),
        (fields, body) => {
          let message: SipMessage = sip.createRequest({
            method: 'MESSAGE',
            uri: 'sip:a@b',
            body,
            contentType: 'a/b',
          });
          for (const [field, text] of fields) message = message.with(sip.append(field, text));
          const again = parseMessage(message.toBytes());
          expect([...again.headers()]).toEqual([...message.headers()]);
          expect(again.body).toEqual(body);
          for (const field of new Set(fields.map(([other]) => other))) {
            expect(again.raw(field)).toEqual(
              fields.filter(([other]) => other === field).map(([, text]) => text),
            );
          }
          expect(again.with().toBytes()).toEqual(message.toBytes());
        },
      ),
      { numRuns: runs },
    );
  });

  it('time is linear in the length of hostile values', () => {
    const forms = ['"', '<', '(', ',', ';', '\\"', '%41', ';a=b', '<>', '" "', ' ', '\r\n ', 'a:', '::'];
    for (const form of forms) {
      const bytes = new TextEncoder().encode(
        `OPTIONS sip:a@b SIP/2.0\r\nFrom: ${form.repeat(3000)}\r\nVia: ${form.repeat(3000)}\r\nDate: ${form.repeat(3000)}\r\n\r\n`,
      );
      const started = performance.now();
      const message = receivedOf(bytes);
      for (const header of headers) if (message !== undefined) attempt(() => message.getAll(header));
      expect(performance.now() - started).toBeLessThan(1000);
    }
  });
});
