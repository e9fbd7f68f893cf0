import { parse as parseXml, serializeToString } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { follow, parseXcapDiff, type Version, XcapError } from '../../src/index.ts';
import { fixture } from '../fixtures.ts';
import { diffOf } from './document.ts';

const index = 'tests/users/sip:joe@example.com/index';
const source = `<doc id="bar">\n  <note>This is a sample document</note>\n</doc>`;
const version = (etag: string, text: string | undefined = source): Version => ({
  etag,
  document: text === undefined ? undefined : parseXml(text),
});
const known = (etag: string): Version => ({ etag, document: undefined });
const shown = (found: Version | undefined) =>
  found && { etag: found.etag, text: found.document && serializeToString(found.document) };
const patched = source.replace(
  '</doc>',
  '<foo>this is a new element</foo><bar>this is a bar element\n</bar><foobar>this is a foobar element</foobar></doc>',
);

describe('a document is followed through the rows of Figure 1', () => {
  const change = (content: string) => parseXcapDiff(diffOf(content));
  const etags = (attributes: string, content = '') =>
    change(`<d:document sel="a/b" ${attributes}>${content}</d:document>`);
  const both = 'previous-etag="1" new-etag="2"';

  test('both tags and a patch: the copy is patched', () => {
    const report = etags(both, '<d:replace sel="doc/@id">new</d:replace>');
    expect(shown(follow(report, 'a/b', version('1')))).toEqual({
      etag: '2',
      text: source.replace('bar', 'new'),
    });
  });

  test('both tags and no patch: there is a newer document to fetch', () => {
    expect(follow(etags(both), 'a/b', version('1'))).toEqual(known('2'));
  });

  test('both tags and <body-not-changed>: the copy has another tag', () => {
    const copy = version('1');
    const now = follow(etags(both, '<d:body-not-changed/>'), 'a/b', copy);
    expect(now?.etag).toBe('2');
    expect(now?.document).toBe(copy.document);
  });

  test('a new tag alone: there is a document to fetch, unless it is at hand', () => {
    expect(follow(etags('new-etag="2"'), 'a/b', undefined)).toEqual(known('2'));
    expect(follow(etags('new-etag="2"'), 'a/b', version('1'))).toEqual(known('2'));
    const copy = version('2');
    expect(follow(etags('new-etag="2"'), 'a/b', copy)).toBe(copy);
  });

  test('an old tag alone: the document is gone', () => {
    expect(follow(etags('previous-etag="1"'), 'a/b', version('1'))).toBeUndefined();
    expect(follow(etags('previous-etag="1"'), 'a/b', undefined)).toBeUndefined();
  });

  test('nothing said of it: it is as it was', () => {
    const copy = version('1');
    expect(follow(etags(both), 'a/c', copy)).toBe(copy);
    expect(follow(etags(both), 'a/c', undefined)).toBeUndefined();
  });

  test('without a copy there is nothing to patch: the newest is to fetch', () => {
    const patch = '<d:remove sel="doc/@id"/>';
    expect(follow(etags(both, patch), 'a/b', undefined)).toEqual(known('2'));
    expect(follow(etags(both, patch), 'a/b', known('1'))).toEqual(known('2'));
  });
});

describe('a change is applied only to the version it is for (§6, @req rfc5874:6:2)', () => {
  const report = (previous: string) =>
    parseXcapDiff(
      diffOf(
        `<d:document sel="a/b" previous-etag="${previous}" new-etag="2"><d:remove sel="doc/@id"/></d:document>`,
      ),
    );

  test.each(['A', 'a ', ' a', '"a"', 'ä', 'a\u0308', ''])('octet by octet: "%s" is not "a"', (etag) => {
    const copy = version('a');
    expect(() => follow(report(etag.replaceAll('"', '&quot;')), 'a/b', copy)).toThrow(
      expect.objectContaining({ name: 'XcapError', code: 'etag-mismatch', rfc: 'RFC 5874 §6' }),
    );
    expect(serializeToString(copy.document ?? parseXml('<a/>'))).toBe(source);
  });

  test('a removal too', () => {
    const removal = parseXcapDiff(diffOf('<d:document sel="a/b" previous-etag="1"/>'));
    expect(() => follow(removal, 'a/b', version('2'))).toThrow(
      expect.objectContaining({ code: 'etag-mismatch' }),
    );
  });

  test('and each of a history, once it is taken up', () => {
    const broken = parseXcapDiff(
      diffOf(
        '<d:document sel="a/b" previous-etag="1" new-etag="2"/><d:document sel="a/b" previous-etag="3" new-etag="4"/>',
      ),
    );
    expect(() => follow(broken, 'a/b', version('1'))).toThrow(
      expect.objectContaining({ code: 'etag-mismatch' }),
    );
  });

  test('a patch that asks for much work is none, however it is cut into changes', () => {
    const sel = "doc/note[.='x']";
    const report = (changes: number, operations: number) => {
      const patch = `<d:replace sel="${sel}/text()">x</d:replace>`.repeat(operations);
      const change = (index: number) =>
        `<d:document sel="a/b" previous-etag="${index}" new-etag="${index + 1}">${patch}</d:document>`;
      return parseXcapDiff(diffOf(Array.from({ length: changes }, (_, index) => change(index)).join('')));
    };
    const copy = version('0', `<doc>${'<note>y</note>'.repeat(1_000)}<note>x</note></doc>`);
    for (const each of [report(1, 40), report(40, 1)]) {
      expect(() => follow(each, 'a/b', copy, { work: 20_000 })).toThrow(
        expect.objectContaining({
          code: 'patch-failed',
          cause: expect.objectContaining({ cause: expect.objectContaining({ code: 'limit-work' }) }),
        }),
      );
      expect(follow(each, 'a/b', copy)?.document).toBeDefined();
    }
  });

  test('a patch that does not fit is an error, and the copy stays', () => {
    const unfit = parseXcapDiff(
      diffOf(
        '<d:document sel="a/b" previous-etag="1" new-etag="2"><d:remove sel="doc/@id"/><d:remove sel="none"/></d:document>',
      ),
    );
    const copy = version('1');
    let failure: unknown;
    try {
      follow(unfit, 'a/b', copy);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(XcapError);
    expect(failure).toMatchObject({ code: 'patch-failed', cause: { code: 'unlocated-node', index: 1 } });
    expect(copy).toEqual(version('1'));
  });
});

describe('the examples of Appendix A.2', () => {
  const aggregated = parseXcapDiff(fixture('rfc5874/A.2-aggregated.xml'));
  const history = parseXcapDiff(fixture('rfc5874/A.2-full-history.xml'));

  test('the patches of one document are applied in their order (§3, @req rfc5874:3:4)', () => {
    const once = follow(aggregated, index, version('7ahggs3'));
    expect(shown(once)).toEqual({ etag: '63hjjsll', text: patched });
    expect(shown(follow(history, index, version('7ahggs')))).toEqual(shown(once));
  });

  test('a history is taken up at the version at hand', () => {
    const later = source.replace('</doc>', '<foo>this is a new element</foo></doc>');
    expect(shown(follow(history, index, version('fgherhryt3', later)))).toEqual({
      etag: '63hjjsll',
      text: patched,
    });
    const latest = version('63hjjsll', patched);
    expect(follow(history, index, latest)).toBe(latest);
    expect(() => follow(history, index, version('unknown'))).toThrow(
      expect.objectContaining({ code: 'etag-mismatch' }),
    );
  });

  test('those of Appendix A.1 tell what exists, is new, has changed, is gone', () => {
    const at = (name: string) => parseXcapDiff(fixture(`rfc5874/A.1-${name}.xml`));
    const other = 'tests/users/sip:joe@example.com/another_document';
    expect(follow(at('documents-exist'), index, undefined)).toEqual(known('7ahggs'));
    expect(follow(at('document-created'), other, undefined)).toEqual(known('terteer'));
    expect(follow(at('document-modified'), other, version('terteer'))).toEqual(known('huwiias'));
    expect(follow(at('document-removed'), other, version('huwiias'))).toBeUndefined();
  });
});
