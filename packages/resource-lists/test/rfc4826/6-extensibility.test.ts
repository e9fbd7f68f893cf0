import { lens, string, vocabulary } from '@sip-simple/xml/schema';
import { expect, test } from 'vitest';
import { parse, serialize, validate } from '../../src/index.ts';
import { lists } from '../documents.ts';

const rulesOf = (content: string) => validate(lists(content)).map(({ rule }) => rule);

test('what extends a document is in a namespace (§6, @req rfc4826:6:1, @req rfc4826:6:4)', () => {
  expect(rulesOf('<list><entry uri="sip:a@b" x:since="2001"><x:phone>1201</x:phone></entry></list>')).toEqual(
    [],
  );
  expect(rulesOf('<list since="2001"/>')).toEqual(['unexpected-attribute']);
  expect(rulesOf('<list><entry uri="sip:a@b" since="2001"/></list>')).toEqual(['unexpected-attribute']);
  expect(rulesOf('<list><phone xmlns="">1201</phone></list>')).toEqual(['unexpected-element']);
});

test('which is another than that of the document (§6, @req rfc4826:6:2)', () => {
  expect(rulesOf('<list><phone>1201</phone></list>')).toEqual(['unexpected-element']);
  expect(rulesOf('<list><entry uri="sip:a@b"><phone/></entry></list>')).toEqual(['unexpected-element']);
});

test('and stands where there is a place for it (§6)', () => {
  expect(rulesOf('<list><x:phone/><entry uri="sip:a@b"/></list>')).toEqual(['wrong-order']);
  expect(rulesOf('<x:phone/>')).toEqual(['unexpected-element']);
  expect(rulesOf('<list><display-name><x:phone/></display-name></list>')).toEqual(['unexpected-element']);
});

test('a lens reads and writes it', () => {
  const phone = lens(vocabulary('urn:example:x', 'x').leaf('phone', string));
  const document = parse(lists('<list><entry uri="sip:a@b"><x:phone>1201</x:phone></entry></list>'));
  const [list] = document.lists;
  const [member] = list?.members ?? [];
  if (list === undefined || member?.type !== 'entry') throw new Error('there is an entry');
  expect(phone.of(member.value)).toBe('1201');
  const members = [{ ...member, value: phone.set(member.value, '1202') }];
  expect(new TextDecoder().decode(serialize({ ...document, lists: [{ ...list, members }] }))).toContain(
    '<entry uri="sip:a@b"><x:phone>1202</x:phone></entry>',
  );
});
