import { expect, test } from 'vitest';
import { DocumentError, format, open } from '../../src/format/index.ts';
import { vocabulary } from '../../src/schema/index.ts';

const ns = vocabulary('urn:example:two-roots');
const failure = (code: DocumentError['code'], rfc: string, message: string, cause?: Error) =>
  new DocumentError(code, rfc, message, cause);
const formats = [
  format(ns.element('full', {}), { rfc: 'RFC 0 §1', failure }),
  format(ns.element('part', {}), { rfc: 'RFC 0 §2', failure }),
] as const;

test('a media type with more than one root is opened once and read by its root, its bytes kept', () => {
  const bytes = new TextEncoder().encode(`<?xml version='1.0'?><part xmlns='urn:example:two-roots'/>`);
  const document = open(bytes, {}, 'RFC 0', failure);
  const [full, part] = formats;
  expect(document.root.local).toBe('part');
  expect(part.serialize(part.read(document))).toBe(bytes);
  expect(() => full.read(document)).toThrow(expect.objectContaining({ code: 'wrong-root' }));
});

test('what can’t be opened fails as the format says', () => {
  expect(() => open('<', {}, 'RFC 0', failure)).toThrow(expect.objectContaining({ code: 'not-well-formed' }));
  expect(() => open(Uint8Array.of(0xff), { charset: 'utf-8' }, 'RFC 0', failure)).toThrow(
    expect.objectContaining({ code: 'charset', rfc: 'RFC 0' }),
  );
});
