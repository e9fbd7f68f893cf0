import { describe, expect, test } from 'vitest';
import { filterFor } from '../../src/filter/index.ts';
import { document, install } from './presence.ts';

const NOTE = '<what><include>//p:note</include></what>';
const BASIC = '<what><include>//p:basic</include></what>';
const source = document('<tuple id="1"><status><basic>open</basic></status></tuple><note>n</note>');

describe('a filter', () => {
  test('is added', () => {
    const first = install(`<filter id="1">${NOTE}</filter>`);
    const both = install(`<filter id="2" uri="sip:b@example.com">${NOTE}</filter>`, {}, first);
    expect(both.map(({ id, uri, enabled }) => [id, uri, enabled])).toEqual([
      ['1', undefined, true],
      ['2', 'sip:b@example.com', true],
    ]);
    expect(first).toHaveLength(1);
  });

  test('is replaced by one of its id', () => {
    const first = install(`<filter id="1">${NOTE}</filter>`);
    const [filter] = install(`<filter id="1">${BASIC}</filter>`, {}, first);
    expect(filter?.content(source)?.root.children).toMatchObject([{ local: 'tuple' }]);
  });

  test('is removed', () => {
    const first = install(`<filter id="1">${NOTE}</filter><filter id="2" uri="sip:b@x">${NOTE}</filter>`);
    expect(install('<filter id="1" remove="true"/>', {}, first).map(({ id }) => id)).toEqual(['2']);
    expect(install('<filter id="9" remove="1"/>', {}, first)).toHaveLength(2);
  });

  test('is switched off and on without being said again', () => {
    const first = install(`<filter id="1">${NOTE}</filter>`);
    const off = install('<filter id="1" enabled="false"/>', {}, first);
    expect(off).toMatchObject([{ id: '1', enabled: false }]);
    expect(filterFor(off, 'sip:a@example.com')).toBeUndefined();
    const on = install('<filter id="1"/>', {}, off);
    expect(filterFor(on, 'sip:a@example.com')?.content(source)?.root.children).toMatchObject([
      { local: 'note' },
    ]);
  });

  test('that is new says what it wants', () => {
    expect(() => install('<filter id="1"/>')).toThrow(
      expect.objectContaining({ code: 'incomplete', rfc: 'RFC 4661 §3.4', status: 488 }),
    );
    expect(install('<filter id="1" enabled="false"/>')).toEqual([]);
  });

  test('with an empty <what> wants all (RFC 4660 §5.4)', () => {
    const [filter] = install('<filter id="1"><what/></filter>');
    expect(filter?.content(source)).toBe(source);
    expect(filter?.isTriggered(source, source)).toBe(true);
  });
});

describe('refused, and nothing taken, are', () => {
  test('two for a resource, or a domain (@req rfc4660:5.2:2)', () => {
    const conflict = expect.objectContaining({ code: 'conflict', rfc: 'RFC 4660 §5.2', status: 488 });
    expect(() => install(`<filter id="1">${NOTE}</filter><filter id="2">${BASIC}</filter>`)).toThrow(
      conflict,
    );
    const one = install(`<filter id="1" uri="sip:a@x">${NOTE}</filter>`);
    expect(() => install(`<filter id="2" uri="sip:a@x">${NOTE}</filter>`, {}, one)).toThrow(conflict);
    const domain = install(`<filter id="1" domain="X.example">${NOTE}</filter>`);
    expect(() => install(`<filter id="2" domain="x.example">${NOTE}</filter>`, {}, domain)).toThrow(conflict);
    expect(
      install(`<filter id="1" remove="true"/><filter id="2" uri="sip:a@x">${NOTE}</filter>`, {}, one),
    ).toHaveLength(1);
  });

  // @req rfc4661:3.4:1 @req rfc4661:3.4:4
  test('an id said twice, and two targets', () => {
    const conflict = expect.objectContaining({ code: 'conflict', rfc: 'RFC 4661 §3.4' });
    expect(() =>
      install(`<filter id="1">${NOTE}</filter><filter id="1" uri="sip:a@x">${NOTE}</filter>`),
    ).toThrow(conflict);
    expect(() => install(`<filter id="1" uri="sip:a@x" domain="x">${NOTE}</filter>`)).toThrow(conflict);
  });

  test('expressions that are none', () => {
    expect(() => install('<filter id="1"><what><include>//q:a</include></what></filter>')).toThrow(
      expect.objectContaining({ code: 'bad-expression', status: 488, offset: expect.any(Number) }),
    );
    expect(() => install('<filter id="1"><trigger><added>///</added></trigger></filter>')).toThrow(
      expect.objectContaining({ code: 'bad-expression', rfc: 'RFC 4661 §5' }),
    );
  });

  test('more than forty parts (RFC 4660 §8, @req rfc4660:8:1)', () => {
    const what = (count: number) =>
      `<filter id="1"><what>${'<include>//p:a</include>'.repeat(count)}</what><trigger><added>//p:a</added></trigger></filter>`;
    expect(install(what(39))).toHaveLength(1);
    expect(() => install(what(40))).toThrow(expect.objectContaining({ code: 'limit', status: 413 }));
    expect(install(what(40), { limits: { parts: 50 } })).toHaveLength(1);
  });

  test('more filters than are kept', () => {
    let filters = install(`<filter id="0" uri="sip:0@x">${NOTE}</filter>`);
    for (let n = 1; n < 40; n += 1)
      filters = install(`<filter id="${n}" uri="sip:${n}@x">${NOTE}</filter>`, {}, filters);
    expect(() => install(`<filter id="a" uri="sip:a@x">${NOTE}</filter>`, {}, filters)).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
  });
});

describe('the filter for a resource (RFC 4660 §5.2.1)', () => {
  const filters = install(
    `<filter id="self">${NOTE}</filter><filter id="bob" uri="sip:bob@example.com">${NOTE}</filter><filter id="org" domain="Example.ORG">${NOTE}</filter>`,
  );
  const idOf = (uri: string, options?: Parameters<typeof filterFor>[2]) =>
    filterFor(filters, uri, options)?.id;

  test('is that with its URI, as URIs compare', () => {
    expect(idOf('sip:bob@example.com')).toBe('bob');
    expect(idOf('sip:bob@EXAMPLE.com', { isSubscribed: false })).toBeUndefined();
    const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
    expect(idOf('sip:bob@EXAMPLE.com', { isSame })).toBe('bob');
  });

  test('or that of its domain, whoever the user is; not of another (@req rfc4660:5.2.1:1, @req rfc4660:5.2.1:2)', () => {
    expect(idOf('sip:any@example.org', { isSubscribed: false })).toBe('org');
    expect(idOf('sips:any:pw@EXAMPLE.org:5061;transport=tcp', { isSubscribed: false })).toBe('org');
    expect(idOf('pres:any@example.org')).toBe('org');
    expect(idOf('sip:example.org@evil.example', { isSubscribed: false })).toBeUndefined();
    expect(idOf('sip:any@sub.example.org', { isSubscribed: false })).toBeUndefined();
  });

  test('or the one that names nothing, for what was subscribed to', () => {
    expect(idOf('sip:list@example.com')).toBe('self');
    expect(idOf('sip:member@example.com', { isSubscribed: false })).toBeUndefined();
  });
});
