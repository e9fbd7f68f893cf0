import { expect, test } from 'vitest';
import { essence, RfcFlow } from '../rfc-flow.ts';

test('the flow of RFC 3856 §8: the SUBSCRIBE of F1 is answered as F2 and F3 show', () => {
  const flow = new RfcFlow('rfc3856/8', 'tcp');
  flow.send(flow.message('F1'));
  const response = flow.next();
  const notify = flow.next();
  expect(essence(response)).toEqual(essence(flow.message('F2')));
  expect(essence(notify)).toEqual(essence(flow.message('F3', 'x')));
  expect(response.raw('Expires')).toEqual(['600']);
});

test('the messages of F4 to F6 are read as what they are', () => {
  const flow = new RfcFlow('rfc3856/8', 'tcp');
  expect(flow.message('F5', 'x').raw('Subscription-State')).toEqual(['active;expires=543']);
  for (const name of ['F4', 'F6'])
    expect(flow.message(name)).toMatchObject({ type: 'response', status: 200 });
});
