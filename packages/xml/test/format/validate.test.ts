import { expect, test } from 'vitest';
import { DocumentError, format } from '../../src/format/index.ts';
import { anyOther, boolean, vocabulary } from '../../src/schema/index.ts';

const rule = (name: string) => () => [{ path: '/', rule: name, message: name }];

test('the rules and schemas of further standards are asked beside the format’s own', () => {
  const further = vocabulary('urn:example:further');
  const { validate } = format(vocabulary('urn:example:own').element('own', { extra: anyOther() }), {
    rfc: 'RFC 0',
    failure: (code, rfc, message) => new DocumentError(code, rfc, message),
    check: rule('own'),
  });
  const rules = validate('<own xmlns="urn:example:own"><flag xmlns="urn:example:further">x</flag></own>', {
    elements: [further.leaf('flag', boolean)],
    check: rule('further'),
  });
  expect(rules.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
    '/ own',
    '/own/flag[1] invalid-value',
    '/ further',
  ]);
});
