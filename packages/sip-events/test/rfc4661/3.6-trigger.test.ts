import { parse } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { installFilters, parse as parseFilters } from '../../src/filter/index.ts';
import { fixture } from '../fixtures.ts';
import { document, filterOf } from './presence.ts';

const tuple = (id: string, basic: string, rest = '') =>
  `<tuple id="${id}"><status><basic>${basic}</basic></status>${rest}</tuple>`;

/** Whether a change from one content to the other is told under a trigger. */
function isTold(trigger: string, before: string, after: string): boolean {
  return filterOf(`<trigger>${trigger}</trigger>`).isTriggered(document(before), document(after));
}

describe('the examples of RFC 4660', () => {
  const filterIn = (path: string) => {
    const [filter] = installFilters([], parseFilters(fixture(path)));
    if (filter === undefined) throw new Error('there is a filter');
    return filter;
  };
  const doc = (name: string) => parse(fixture(`rfc4660/${name}.xml`));

  test('7.1.3: told is what opens', () => {
    const filter = filterIn('rfc4660/7.1.3-filter.xml');
    const first = doc('7.1-presence');
    expect(filter.isTriggered(undefined, first)).toBe(true);
    expect(filter.isTriggered(first, doc('7.1.3-second'))).toBe(false);
    expect(filter.isTriggered(first, doc('7.1.3-third'))).toBe(true);
    expect(filter.content(doc('7.1.3-third'))).toEqual(doc('7.1.3-third'));
  });

  test('7.2.3: told is who is rejected, though all watchers have one id', () => {
    const filter = filterIn('rfc4660/7.2.3-filter.xml');
    expect(filter.isTriggered(doc('7.2-watcherinfo'), doc('7.2.3-second'))).toBe(true);
    expect(filter.isTriggered(doc('7.2.3-second'), doc('7.2.3-second'))).toBe(false);
  });

  test('RFC 4661 §6.2: values are compared as they are written', () => {
    const filter = filterIn('rfc4661/6.2-trigger.xml');
    expect(filter.isTriggered(document(tuple('1', 'closed')), document(tuple('1', 'open')))).toBe(false);
    expect(filter.isTriggered(document(tuple('1', 'CLOSED')), document(tuple('1', 'OPEN')))).toBe(true);
  });
});

describe('<changed> (§3.6.1, @req rfc4661:3.6.1:1)', () => {
  const basic = '<changed>//p:basic</changed>';

  test('is met when a value is another', () => {
    expect(isTold(basic, tuple('1', 'open'), tuple('1', 'closed'))).toBe(true);
    expect(isTold(basic, tuple('1', 'open'), tuple('1', 'open', '<note>n</note>'))).toBe(false);
    expect(isTold(basic, tuple('1', 'open'), tuple('1', '\n open '))).toBe(false);
  });

  test('is met by what is there before and after: what comes or goes has not changed', () => {
    expect(isTold(basic, tuple('1', 'open'), tuple('1', 'open') + tuple('2', 'closed'))).toBe(false);
    expect(isTold(basic, tuple('1', 'open') + tuple('2', 'closed'), tuple('1', 'open'))).toBe(false);
  });

  test('knows elements by their ids, wherever they stand', () => {
    const both = tuple('1', 'open') + tuple('2', 'closed');
    expect(isTold(basic, both, tuple('2', 'closed') + tuple('1', 'open'))).toBe(false);
    expect(isTold(basic, both, tuple('2', 'open') + tuple('1', 'open'))).toBe(true);
  });

  test('knows others by their place among their like', () => {
    const notes = '<changed>/p:presence/p:note</changed>';
    expect(isTold(notes, '<note>a</note><note>b</note>', '<note>a</note><note>c</note>')).toBe(true);
    expect(isTold(notes, '<note>a</note>', '<tuple id="1"/><note>a</note><x:e/>')).toBe(false);
  });

  test('looks at attributes', () => {
    const priority = '<changed>//p:contact/@priority</changed>';
    const contact = (value: string, uri = 'a:b') =>
      tuple('1', 'open', `<contact priority="${value}">${uri}</contact>`);
    expect(isTold(priority, contact('0.5'), contact('0.6'))).toBe(true);
    expect(isTold(priority, contact('0.5'), contact('0.5', 'c:d'))).toBe(false);
  });

  test('looks into elements that hold elements, not at how they are laid out', () => {
    const status = '<changed>//p:tuple</changed>';
    expect(isTold(status, tuple('1', 'open'), tuple('1', 'closed'))).toBe(true);
    expect(isTold(status, tuple('1', 'open', '<x:e/>'), tuple('1', 'open', '<x:e x:a="1"/>'))).toBe(true);
    expect(
      isTold(status, tuple('1', 'open', '<x:e/>'), tuple('1', 'open', '\n <x:e></x:e><!-- c -->\n')),
    ).toBe(false);
  });

  test('is met by what a condition holds for before or after', () => {
    const open = '<changed>//p:tuple[p:status/p:basic="open"]/p:note</changed>';
    const note = (text: string) => `<note>${text}</note>`;
    expect(isTold(open, tuple('1', 'open', note('a')), tuple('1', 'open', note('b')))).toBe(true);
    expect(isTold(open, tuple('1', 'open', note('a')), tuple('1', 'closed', note('b')))).toBe(true);
    expect(isTold(open, tuple('1', 'closed', note('a')), tuple('1', 'closed', note('b')))).toBe(false);
  });

  test('with from and to is met by just that change (§3.6.1.1, §3.6.1.2, §3.6.1.4)', () => {
    const changes = (attributes: string, before: string, after: string) =>
      isTold(`<changed ${attributes}>//p:note</changed>`, `<note>${before}</note>`, `<note>${after}</note>`);
    expect(changes('from="a"', 'a', 'b')).toBe(true);
    expect(changes('from="a"', 'c', 'b')).toBe(false);
    expect(changes('from="a"', 'a', 'a')).toBe(false);
    expect(changes('to="b"', 'a', 'b')).toBe(true);
    expect(changes('to="b"', 'b', 'b')).toBe(false);
    expect(changes('to="b"', 'b', 'a')).toBe(false);
    expect(changes('from="a" to="b"', 'a', 'b')).toBe(true);
    expect(changes('from="a" to="b"', 'a', 'c')).toBe(false);
    expect(changes('from="a" to="b"', 'c', 'b')).toBe(false);
  });

  test('with by is met by a difference of at least that, up or down (§3.6.1.3)', () => {
    const changes = (attributes: string, before: string, after: string) =>
      isTold(`<changed ${attributes}>//p:note</changed>`, `<note>${before}</note>`, `<note>${after}</note>`);
    expect(changes('by="2"', '6', '8')).toBe(true);
    expect(changes('by="2"', '6', '9.5')).toBe(true);
    expect(changes('by="2"', '6', '4')).toBe(true);
    expect(changes('by="2"', '6', '7.9')).toBe(false);
    expect(changes('by="0.1"', '0.2', '0.3')).toBe(true);
    expect(changes('by="0"', '1', '1.0')).toBe(false);
    expect(changes('by="2"', 'six', '8')).toBe(false);
    expect(changes('by="2" from="6.0"', '6', '8')).toBe(true);
    expect(changes('by="2" from="5"', '6', '8')).toBe(false);
    expect(changes('by="2" to="+8"', '6', '8.00')).toBe(true);
  });

  // @req rfc4661:3.6.1.4:1
  test('with by and a text to compare with is none', () => {
    expect(() => filterOf('<trigger><changed by="1" to="high">//p:note</changed></trigger>')).toThrow(
      expect.objectContaining({ code: 'bad-expression', rfc: 'RFC 4661 §3.6.1.4', status: 488 }),
    );
  });
});

describe('<added> and <removed> (§3.6.2, §3.6.3)', () => {
  test('are met by what was not there, or is no more', () => {
    const one = tuple('1', 'open');
    const two = one + tuple('2', 'closed');
    expect(isTold('<added>//p:tuple</added>', one, two)).toBe(true);
    expect(isTold('<added>//p:tuple</added>', two, one)).toBe(false);
    expect(isTold('<removed>//p:tuple</removed>', two, one)).toBe(true);
    expect(isTold('<removed>//p:tuple</removed>', one, two)).toBe(false);
    expect(isTold('<added>//p:tuple</added>', one, tuple('3', 'open'))).toBe(true);
    expect(isTold('<added>//p:tuple[p:status/p:basic="open"]</added>', one, two)).toBe(false);
  });

  test('are about being there, not about a condition that comes true', () => {
    const open = '//p:tuple[p:status/p:basic="open"]';
    expect(isTold(`<added>${open}</added>`, tuple('1', 'closed'), tuple('1', 'open'))).toBe(false);
    expect(isTold(`<removed>${open}</removed>`, tuple('1', 'open'), tuple('1', 'closed'))).toBe(false);
  });

  test('know attributes too', () => {
    const contact = (priority: string) => tuple('1', 'open', `<contact${priority}>a:b</contact>`);
    expect(isTold('<added>//@priority</added>', contact(''), contact(' priority="1"'))).toBe(true);
    expect(isTold('<removed>//@priority</removed>', contact(' priority="1"'), contact(''))).toBe(true);
  });
});

test('within a trigger all has to be met, of triggers one (§3.6, @req rfc4660:5.3.2:1)', () => {
  const both = '<changed>//p:basic</changed><added>//p:note</added>';
  expect(isTold(both, tuple('1', 'open'), tuple('1', 'closed', '<note>n</note>'))).toBe(true);
  expect(isTold(both, tuple('1', 'open'), tuple('1', 'closed'))).toBe(false);
  const either = '<changed>//p:basic</changed></trigger><trigger><added>//p:note</added>';
  expect(isTold(either, tuple('1', 'open'), tuple('1', 'closed'))).toBe(true);
  expect(isTold(either, tuple('1', 'open'), tuple('1', 'open', '<note>n</note>'))).toBe(true);
  expect(isTold(either, tuple('1', 'open'), tuple('1', 'open'))).toBe(false);
});

test('an empty trigger is as none (RFC 4660 §5.4)', () => {
  expect(isTold('', tuple('1', 'open'), tuple('1', 'open'))).toBe(true);
});

test('the work of comparing is bounded', () => {
  const deep = `${'<x:a>'.repeat(100)}${'</x:a>'.repeat(100)}`.repeat(20);
  const filter = filterOf('<trigger><changed>//*</changed></trigger>', { limits: { work: 100_000 } });
  expect(() => filter.isTriggered(document(deep), document(deep))).toThrow(
    expect.objectContaining({ code: 'limit' }),
  );
});
