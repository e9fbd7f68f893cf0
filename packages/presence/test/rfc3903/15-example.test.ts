import { set } from '@sip-simple/sip-core';
import { expect, test } from 'vitest';
import { document } from '../presence-world.ts';
import { essence, RfcFlow } from '../rfc-flow.ts';

test('the flow of RFC 3903 §15: each message of the presence agent has what the RFC shows (M1 to M14)', () => {
  const flow = new RfcFlow('rfc3903/15', 'udp');
  const first = document('open', 't1', 'sip:presentity@example.com');
  const second = document('closed', 't1', 'sip:presentity@example.com');
  const expectNext = (name: string, body = '') => {
    const ours = flow.next();
    expect(essence(ours)).toEqual(essence(flow.message(name, body)));
    return ours;
  };

  flow.send(flow.message('M1'));
  expectNext('M2');
  flow.answer(expectNext('M3', 'x'));

  flow.send(flow.message('M5', first));
  const published = expectNext('M6');
  const told = expectNext('M7', first);
  expect(new TextDecoder().decode(told.body)).toBe(first);
  flow.answer(told);

  // the entity-tags are ours
  const refresh = flow.message('M9').with(set('SIP-If-Match', published.raw('SIP-ETag')[0] ?? ''));
  flow.send(refresh);
  const refreshed = expectNext('M10');
  // "no actual state change has occurred, so the watchers will receive no NOTIFYs"
  expect(flow.sent).toEqual([]);

  flow.send(flow.message('M11', second).with(set('SIP-If-Match', refreshed.raw('SIP-ETag')[0] ?? '')));
  expectNext('M12');
  const changed = expectNext('M13', second);
  expect(new TextDecoder().decode(changed.body)).toBe(second);
  expect([told, changed].map((notify) => notify.raw('CSeq')[0])).toEqual(['2 NOTIFY', '3 NOTIFY']);
});

test('the responses that the RFC shows for our NOTIFYs are read as such (M4, M8, M14)', () => {
  const flow = new RfcFlow('rfc3903/15', 'udp');
  for (const name of ['M4', 'M8', 'M14']) {
    expect(flow.message(name)).toMatchObject({ type: 'response', status: 200 });
    expect(flow.message(name).raw('CSeq')[0]).toMatch(/ NOTIFY$/);
  }
});
