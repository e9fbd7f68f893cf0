import { describeLossless, describePoints, samples, textOf } from '@sip-simple/testkit';
import { parse, serialize } from '../../src/partial/index.ts';
import { document, fixture, tuple } from './documents.ts';

describeLossless({
  format: { parse, serialize },
  samples: samples(/pidf-(?:full|diff)/),
  also: [
    ['everything, full', fixture('rfc5262/3-everything-full.xml')],
    ['everything, partial', fixture('rfc5262/3-everything-diff.xml')],
  ],
});

describePoints({
  points: [
    [
      'pidf-full',
      (foreign) => textOf(document('pidf-full', `${tuple('t1')}${foreign}`, 'version="1" entity="a:b"')),
    ],
    [
      'pidf-diff, between operations',
      (foreign) =>
        textOf(document('pidf-diff', `${foreign}<p:remove sel="*/note"/>`, 'version="1" entity="a:b"')),
    ],
    [
      'add',
      (foreign) =>
        textOf(document('pidf-diff', `<p:add sel="*">${foreign}</p:add>`, 'version="1" entity="a:b"')),
    ],
  ],
  change: (bytes) => {
    const read = parse(bytes);
    if (read.type === 'pidf-full')
      return serialize({ ...read, value: { ...read.value, version: 2, entity: 'c:d' } });
    return serialize({ ...read, value: { ...read.value, version: 2, entity: 'c:d' } });
  },
  expected: (text) => text.replace('version="1" entity="a:b"', 'version="2" entity="c:d"'),
});
