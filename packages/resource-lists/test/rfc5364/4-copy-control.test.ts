import type { XmlElement } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import {
  ANONYMOUS,
  copyControlOf,
  flatten,
  type List,
  mayReplyToAll,
  parse,
  type Resource,
  recipientHistory,
  recipientsOf,
  serialize,
  validate,
} from '../../src/index.ts';
import { fragment, lists } from '../documents.ts';
import { fixture } from '../fixtures.ts';

const listOf = (bytes: Uint8Array | string): List => {
  const [list] = parse(bytes).lists;
  if (list === undefined) throw new Error('there is a list');
  return list;
};
const entriesOf = (list: List): readonly Resource[] =>
  flatten({ type: 'list', value: list }, { root: 'http://a.example' }, () => undefined).resources;
const historyOf = (content: string, reader?: string) =>
  (
    recipientHistory(recipientsOf(entriesOf(listOf(lists(`<list>${content}</list>`)))), reader).members ?? []
  ).map(({ value }) => value);

test('attributes stand on whatever a list holds, and on lists (@req rfc5364:4:9, @req rfc5364:4:10)', () => {
  const list = listOf(fixture('rfc4826/everything.xml'));
  expect(list).toMatchObject({
    copyControl: 'cc',
    members: [
      { type: 'entry', value: { copyControl: 'to', anonymize: true, count: 2 } },
      { type: 'entryRef', value: { copyControl: 'bcc' } },
      { type: 'list' },
      { type: 'external', value: { anonymize: false } },
      { type: 'list' },
    ],
  });
  const bad = lists(
    '<list cp:count="-1"><entry uri="a:b" cp:copyControl="TO" cp:anonymize="yes" cp:count="1.5"/></list>',
  );
  expect(validate(bad).map(({ path }) => path)).toEqual([
    '/resource-lists/list[1]/@cp:count',
    '/resource-lists/list[1]/entry[1]/@cp:copyControl',
    '/resource-lists/list[1]/entry[1]/@cp:anonymize',
    '/resource-lists/list[1]/entry[1]/@cp:count',
  ]);
});

test('what a list or a reference says holds for the entries that it brings (@req rfc5364:4:9)', () => {
  const brought =
    '<list cp:copyControl="to"><entry uri="sip:a@x"/><entry uri="sip:b@x" cp:copyControl="cc"/></list>';
  const lookup = (): XmlElement =>
    fragment(brought.replace('<list', '<list xmlns:cp="urn:ietf:params:xml:ns:copycontrol"'));
  const list = listOf(
    lists('<list><external anchor="http://a/" cp:anonymize="true" cp:copyControl="bcc"/></list>'),
  );
  const { resources } = flatten({ type: 'list', value: list }, { root: 'http://a.example' }, lookup);
  expect(recipientsOf(resources)).toEqual([
    { uri: 'sip:a@x', copyControl: 'to', anonymize: true },
    { uri: 'sip:b@x', copyControl: 'cc', anonymize: true },
  ]);
});

test('an entry that says nothing is bcc (@req rfc5364:4:1)', () => {
  expect(copyControlOf({})).toBe('bcc');
  expect(historyOf('<entry uri="sip:a@x"/>')).toEqual([]);
});

describe('the history of recipients', () => {
  test('is that of the example of §6', () => {
    const history = recipientHistory(
      recipientsOf(entriesOf(listOf(fixture('rfc5364/6-recipient-list.xml')))),
    );
    const written = listOf(serialize({ lists: [history] }));
    const expected = listOf(fixture('rfc5364/6-recipient-history.xml'));
    expect(JSON.stringify(written)).toBe(JSON.stringify(expected));
  });

  const all =
    '<entry uri="sip:a@x" cp:copyControl="to"/><entry uri="sip:b@x" cp:copyControl="bcc"/><entry uri="sip:c@x"/>';

  test('for all has no blind copies (@req rfc5364:4:2, @req rfc5364:4:3)', () => {
    expect(historyOf(all)).toEqual([{ uri: 'sip:a@x', copyControl: 'to' }]);
  });

  test('for one of them has that one, and no other (@req rfc5364:4:2, @req rfc5364:4:4)', () => {
    expect(historyOf(all, 'sip:b@x')).toEqual([
      { uri: 'sip:a@x', copyControl: 'to' },
      { uri: 'sip:b@x', copyControl: 'bcc' },
    ]);
    expect(historyOf(all, 'sip:a@x')).toEqual([{ uri: 'sip:a@x', copyControl: 'to' }]);
  });

  test('has the anonymous as a count (@req rfc5364:4:6)', () => {
    expect(
      historyOf(
        '<entry uri="sip:a@x" cp:copyControl="cc" cp:anonymize="true"/><entry uri="sip:b@x" cp:copyControl="cc" cp:anonymize="1"/>',
      ),
    ).toEqual([{ uri: ANONYMOUS, copyControl: 'cc', count: 2 }]);
    expect(ANONYMOUS).toBe('sip:anonymous@anonymous.invalid');
  });

  test('has nothing of the blind that are anonymous too (@req rfc5364:4:8)', () => {
    expect(historyOf('<entry uri="sip:a@x" cp:copyControl="bcc" cp:anonymize="true"/>')).toEqual([]);
  });
});

test('of equal URIs the highest copy control decides, and each is sent to once (@req rfc5364:4:7)', () => {
  const to = (copyControl: 'to' | 'cc' | 'bcc' | undefined, anonymize?: boolean) => ({
    uri: 'sip:a@x',
    copyControl,
    anonymize,
  });
  expect(recipientsOf([to(undefined), to('cc'), to('bcc')])).toEqual([
    { uri: 'sip:a@x', copyControl: 'cc', anonymize: false },
  ]);
  expect(recipientsOf([to('cc'), to('to', true), to('cc', false)])).toEqual([
    { uri: 'sip:a@x', copyControl: 'to', anonymize: true },
  ]);
});

test('who is not in the history, or blind, may not reply to all (@req rfc5364:4:5, @req rfc5364:4:11)', () => {
  const history = [
    { uri: 'sip:a@x', copyControl: 'to' as const },
    { uri: 'sip:b@x', copyControl: 'bcc' as const },
  ];
  expect(mayReplyToAll(history, (uri) => uri === 'sip:a@x')).toBe(true);
  expect(mayReplyToAll(history, (uri) => uri === 'sip:b@x')).toBe(false);
  expect(mayReplyToAll(history, () => false)).toBe(false);
});
