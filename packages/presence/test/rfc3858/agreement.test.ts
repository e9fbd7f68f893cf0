import { describeAgreement, samples } from '@sip-simple/testkit';
import { attribute, element } from '@sip-simple/xml';
import { validate, WATCHERINFO } from '../../src/watcherinfo/index.ts';
import { fixture } from './documents.ts';

describeAgreement({
  schemas: ['watcherinfo.xsd'],
  documents: [['everything', fixture('rfc3858/3-everything.xml')], ...samples(/watcherinfo/)],
  validate,
  vocabulary: {
    locals: ['watcherinfo', 'watcher-list', 'watcher', 'x'],
    names: [{ namespace: WATCHERINFO, prefix: 'w' }],
    values: [
      'full',
      'partial',
      ' full',
      'active',
      'pending',
      'waiting',
      'terminated',
      'Active',
      'approved',
      'subscribe',
      'noresource',
      'init',
      '12',
      ' 12 ',
      '+5',
      '-0',
      '-1',
      '00',
      '4294967295',
      '18446744073709551615',
      '18446744073709551616',
      '1.0',
      '1e3',
      'a:b c',
      '%zz',
    ],
    attributes: [
      (value) => attribute('version', value),
      (value) => attribute('state', value),
      (value) => attribute('resource', value),
      (value) => attribute('package', value),
      (value) => attribute('id', value),
      (value) => attribute('status', value),
      (value) => attribute('event', value),
      (value) => attribute('expiration', value),
      (value) => attribute('duration-subscribed', value),
      (value) => attribute('display-name', value),
    ],
    nodes: [
      element(WATCHERINFO, 'w:unknown'),
      element(WATCHERINFO, 'w:watcher-list', [attribute('resource', 'a:b'), attribute('package', 'p')]),
      element(
        WATCHERINFO,
        'w:watcher',
        [attribute('id', 'new'), attribute('status', 'active'), attribute('event', 'approved')],
        [{ type: 'text', value: 'sip:new@example.com' }],
      ),
      element('urn:foreign', 'f:w', [], [element(WATCHERINFO, 'w:watcher')]),
    ],
  },
  deviations: [
    {
      reason: 'RFC 3858 §3: ids are tokens of RFC 3261. The schema has any string.',
      matches: ({ rule, path }) => rule === 'invalid-value' && path.endsWith('/@id'),
    },
    {
      reason: 'RFC 3858 §3: ids are unique. The schema does not say so.',
      matches: ({ rule }) => rule === 'duplicate-id',
    },
    {
      reason:
        'RFC 3858 §6: lists and watchers stand before elements of other namespaces. libxml2 accepts them after: its ' +
        'automaton errs where two repeated particles end a sequence.',
      matches: ({ rule }) => rule === 'wrong-order',
    },
    {
      reason: 'RFC 3858 §3: versions fit 32 bits. The schema has any number.',
      matches: ({ rule, path, message }) =>
        rule === 'invalid-value' && path.endsWith('/@version') && /^"\s*\+?[0-9]{10,}\s*"/.test(message),
    },
  ],
});
