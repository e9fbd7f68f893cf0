import { textOf } from '@sip-simple/testkit';
import {
  equals,
  parse as parseXml,
  qualifiedName,
  XMLNS,
  type XmlDocument,
  type XmlElement,
} from '@sip-simple/xml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeOf,
  type DocumentChangeInit,
  follow,
  parseXcapDiff,
  serializeXcapDiff,
  type Version,
  validateXcapDiff,
} from '../../src/index.ts';

const sel = 'tests/users/sip:joe@example.com/index';
const version = (etag: string, source?: string): Version => ({
  etag,
  document: source === undefined ? undefined : parseXml(source),
});
const written = (...changes: DocumentChangeInit[]): Uint8Array =>
  serializeXcapDiff({
    xcapRoot: 'http://xcap.example.com/',
    changes: changes.map((value) => ({ type: 'document', value })),
  });

describe('a change is reported by the rows of Figure 1', () => {
  test('a removal has the old entity tag and not a new one (§3, @req rfc5874:3:6)', () => {
    const bytes = written(changeOf(sel, version('1', '<a/>'), undefined));
    expect(textOf(bytes)).toContain('previous-etag="1"');
    expect(textOf(bytes)).not.toContain('new-etag');
    expect(validateXcapDiff(bytes)).toEqual([]);
    expect(follow(parseXcapDiff(bytes), sel, version('1', '<a/>'))).toBeUndefined();
  });

  test('a new document has the new one alone, and no patch', () => {
    expect(changeOf(sel, undefined, version('1', '<a/>'))).toEqual({ sel, newEtag: '1' });
  });

  test('one that is the same but for its tag says so', () => {
    expect(changeOf(sel, version('1', '<a b="c" d="e"/>'), version('2', '<a d="e" b="c"></a>'))).toEqual({
      sel,
      previousEtag: '1',
      newEtag: '2',
      bodyNotChanged: true,
    });
  });

  test('one whose content is not known has both tags and no patch', () => {
    expect(changeOf(sel, version('1'), version('2', '<a/>'))).toEqual({
      sel,
      previousEtag: '1',
      newEtag: '2',
    });
    expect(changeOf(sel, version('1', '<a/>'), version('2'))).toEqual({
      sel,
      previousEtag: '1',
      newEtag: '2',
    });
    expect(() => changeOf(sel, undefined, undefined)).toThrow(TypeError);
  });

  test('one that differs in prefixes alone is to be fetched: no patch can say that', () => {
    const change = changeOf(sel, version('1', '<a xmlns="urn:a"/>'), version('2', '<p:a xmlns:p="urn:a"/>'));
    expect(change).toEqual({ sel, previousEtag: '1', newEtag: '2' });
  });

  test('a skipped version leaves no trace: from a to c, without b (§6, @req rfc5874:6:9)', () => {
    const [a, c] = [version('a', '<doc><note>1</note></doc>'), version('c', '<doc><note>3</note><x/></doc>')];
    const bytes = written(changeOf(sel, a, c));
    const report = parseXcapDiff(bytes);
    expect(report.changes).toHaveLength(1);
    expect(report.changes[0]?.value).toMatchObject({ previousEtag: 'a', newEtag: 'c' });
    const now = follow(report, sel, a);
    expect(now?.etag).toBe('c');
    expect(now?.document && c.document && equals(now.document, c.document)).toBe(true);
  });
});

/** All names as they are written, but for declarations. */
function namesIn(element: XmlElement): readonly string[] {
  const attributes = element.attributes.filter(({ namespace }) => namespace !== XMLNS);
  const children = element.children.filter((child) => child.type === 'element');
  return [qualifiedName(element), ...attributes.map(qualifiedName).sort(), ...children.flatMap(namesIn)];
}

const names = fc.constantFrom('a', 'b', 'p:a', 'd:document');
const source: fc.Arbitrary<string> = fc
  .letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'source' },
      fc.constantFrom('x', ' ', '<!-- c -->', '<?p i?>', '<![CDATA[<]]>'),
      fc
        .tuple(
          names,
          fc.constantFrom('', ' id="1"', ' id="2"', ' p:n="v"', ' xmlns="urn:other"'),
          fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'source' }),
        )
        .map(([name, attributes, children]) => `<${name}${attributes}>${children.join('')}</${name}>`),
    ),
  }))
  .node.map(
    (node) => `<doc xmlns="urn:d" xmlns:p="urn:p" xmlns:d="urn:ietf:params:xml:ns:xcap-diff">${node}</doc>`,
  );

test('whatever is reported, written and read brings any version to any other, or says that it is to be fetched', () => {
  let all = 0;
  let known = 0;
  fc.assert(
    fc.property(fc.array(source, { minLength: 2, maxLength: 4 }), fc.nat(), (sources, from) => {
      const versions: { etag: string; document: XmlDocument }[] = sources.map((each, index) => ({
        etag: `v${index}`,
        document: parseXml(each),
      }));
      const changes = versions.slice(1).map((after, index) => changeOf(sel, versions[index], after));
      const bytes = written(...changes);
      expect(validateXcapDiff(bytes)).toEqual([]);
      const report = parseXcapDiff(bytes);
      const now = follow(report, sel, versions[from % versions.length]);
      const latest = versions.at(-1);
      expect(now?.etag).toBe(latest?.etag);
      all += 1;
      if (now?.document === undefined) return;
      known += 1;
      expect(latest && equals(now.document, latest.document)).toBe(true);
      // Declarations may be repeated within, as canonical forms don't.
      expect(latest && namesIn(now.document.root)).toEqual(latest && namesIn(latest.document.root));
    }),
    { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) },
  );
  expect(known).toBeGreaterThan(all / 2);
});
