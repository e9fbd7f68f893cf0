import type { MutationVocabulary } from '@sip-simple/testkit';
import { attribute, element, type XmlNode } from '@sip-simple/xml';
import { CAPS, CIPID, RPID, TIMED_STATUS } from '../src/index.ts';

const names = [
  { namespace: RPID, prefix: 'r' },
  { namespace: TIMED_STATUS, prefix: 'ts' },
  { namespace: CIPID, prefix: 'cipid' },
  { namespace: CAPS, prefix: 'caps' },
];

const values = [
  'idle',
  'active',
  ' idle ',
  'IDLE',
  '-300',
  '+5',
  ' 60 ',
  '6.0',
  '600',
  '-1',
  'true',
  ' true ',
  'TRUE',
  'yes',
  'closed',
  'p1',
  'a3',
  '2005-05-30T12:00:00Z',
  '2005-05-30T12:00:00',
  ' 2005-05-30T12:00:00Z',
  '2005-05-30T24:00:00Z',
  '2005-05-30',
  '2005-02-29T12:00:00Z',
  'http://example.com/a.png',
  'a%zz',
  '1:2',
  'text/plain',
  'plain',
  'http://[::1/',
  'en_US',
];

function leaf(name: string, namespace: string, text = ''): XmlNode {
  return element(namespace, name, [], text === '' ? [] : [{ type: 'text', value: text }]);
}

/** What documents of these standards are mutated with; `locals` are those that matter to one of them. */
export function vocabularyOf(locals: readonly string[]): MutationVocabulary {
  return {
    locals,
    names,
    values,
    attributes: [
      (value) => attribute('id', value),
      (value) => attribute('from', value),
      (value) => attribute('until', value),
      (value) => attribute('description', value),
      (value) => attribute('minvalue', value),
      (value) => attribute('idle-threshold', value),
    ],
    nodes: [
      leaf('r:note', RPID, 'inserted'),
      leaf('r:other', RPID, 'inserted'),
      leaf('r:unknown', RPID),
      leaf('r:away', RPID),
      leaf('r:audio', RPID),
      leaf('r:class', RPID, 'c'),
      element(RPID, 'r:sphere', [], [leaf('r:work', RPID)]),
      element(RPID, 'r:mood'),
      element('urn:foreign', 'f:holds', [], [element(RPID, 'r:mood'), leaf('r:away', RPID)]),
      leaf('ts:basic', TIMED_STATUS, 'open'),
      leaf('ts:note', TIMED_STATUS, 'n'),
      element(TIMED_STATUS, 'ts:timed-status', [attribute('from', '2005-05-30T12:00:00Z')]),
      leaf('cipid:icon', CIPID, 'i.png'),
      leaf('cipid:unknown', CIPID),
      leaf('caps:audio', CAPS, 'true'),
      leaf('caps:description', CAPS, 'd'),
      leaf('caps:INVITE', CAPS),
      element(CAPS, 'caps:supported'),
      element(CAPS, 'caps:devcaps'),
      leaf('lt:cafe', 'urn:ietf:params:xml:ns:location-type'),
    ],
  };
}
