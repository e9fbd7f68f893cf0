import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CompositorWorld } from './compositor-world.ts';
import { NotifierWorld, type Watcher } from './notifier-world.ts';

const numRuns = 150 * Number(process.env['FUZZ_RUNS'] ?? 1);

const subscribing = fc.oneof(
  fc.record({
    do: fc.constant('subscribe' as const),
    who: fc.nat(2),
    lines: fc.constantFrom(
      ['Event: note'],
      ['Event: note', 'Expires: 60'],
      ['Event: note', 'Expires: 0'],
      ['Event: note;id=1', 'Expires: 300'],
      ['Event: note', 'Expires: 5'],
      ['Event: other'],
      ['Event: note', 'Accept: text/html'],
      ['Event: note', 'Contact: none'],
    ),
  }),
  fc.record({ do: fc.constant('state' as const), text: fc.constantFrom('a', 'b', 'c') }),
  fc.record({
    do: fc.constant('answer' as const),
    who: fc.nat(2),
    status: fc.constantFrom(200, 200, 200, 481, 500, 503),
  }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(0.5, 10, 45, 400) }),
  fc.record({ do: fc.constant('end' as const) }),
);

test('whatever watchers do: each subscription gets a NOTIFY, none after its last, CSeq rises by one, and nothing stays behind (RFC 6665 §4.2)', () => {
  fc.assert(
    fc.property(fc.array(subscribing, { maxLength: 25 }), (steps) => {
      const made = new NotifierWorld();
      const watchers = [0, 1, 2].map((index) => made.watcher(`w${index}`, `192.0.2.${80 + index}`));
      for (const step of steps) {
        if (step.do === 'state') made.publish(step.text);
        else if (step.do === 'wait') made.world.advance(step.seconds);
        else if (step.do === 'end') made.input({ type: 'terminate', reason: 'probation' });
        else {
          const watcher = watchers[step.who];
          if (watcher === undefined) continue;
          if (step.do === 'answer') answerAll(watcher, step.status);
          else subscribe(watcher, step.lines);
        }
      }
      made.world.advance(20_000);
      expect(made.notifier.size).toBe(0);
      expect(made.notifier.deadline).toBeUndefined();
      expect(made.server.dialogs.size).toBe(0);
      expect(made.server.deadline).toBeUndefined();
      checkNotifies(made);
      checkStore(made);
    }),
    { numRuns },
  );
});

function subscribe(watcher: Watcher, lines: readonly string[]): void {
  const waiting = watcher.phone.inbox.length;
  watcher.subscribe(lines);
  const status = watcher.phone.response().status;
  if (status !== 200) return;
  // RFC 6665 §4.2.1.2: at once
  expect(watcher.phone.inbox.length).toBeGreaterThan(waiting);
  const notify = watcher.phone.inbox.at(-1);
  watcher.toTag = /tag=(.*)$/.exec(notify?.raw('From')[0] ?? '')?.[1] ?? '';
}

function answerAll(watcher: Watcher, status: number): void {
  while (watcher.phone.waiting > 0) watcher.phone.answer(watcher.phone.next(), status, ['Retry-After: 3']);
}

function checkNotifies(made: NotifierWorld): void {
  /** Ended subscriptions, and dialogs in which a SUBSCRIBE was accepted since one of theirs ended. */
  const ended = new Set<string>();
  const revived = new Set<string>();
  const sequences = new Map<string, number>();
  const seen = new Set<string>();
  for (const { message } of made.world.wire) {
    const callId = message.raw('Call-ID')[0] ?? '';
    if (message.type === 'response') {
      if (message.status === 200 && message.raw('CSeq')[0]?.endsWith('SUBSCRIBE')) revived.add(callId);
      continue;
    }
    const branch = message.raw('Via')[0] ?? '';
    if (message.method !== 'NOTIFY' || seen.has(branch)) continue;
    seen.add(branch);
    const dialog = `${callId} ${message.raw('From')[0]}`;
    const sequence = Number.parseInt(message.raw('CSeq')[0] ?? '', 10);
    expect(sequence).toBe((sequences.get(dialog) ?? 0) + 1);
    sequences.set(dialog, sequence);
    const subscription = `${dialog} ${message.raw('Event')[0]}`;
    if (ended.has(subscription)) expect(revived.has(callId)).toBe(true);
    const state = message.raw('Subscription-State')[0] ?? '';
    expect(state).toMatch(/^(active;expires=\d+|terminated;reason=(timeout|probation))$/);
    if (state.startsWith('terminated')) {
      ended.add(subscription);
      revived.delete(callId);
    }
  }
}

/** What is saved is forgotten in the end, and nothing else is. */
function checkStore(made: NotifierWorld): void {
  const stored = new Set<string>();
  for (const action of made.server.actions) {
    if (action.type === 'save') stored.add(action.key);
    if (action.type === 'forget') stored.delete(action.key);
  }
  expect(stored.size).toBe(0);
}

const publishing = fc.oneof(
  fc.record({
    do: fc.constant('initial' as const),
    body: fc.constantFrom('x', 'y', 'bad'),
    expires: fc.constantFrom(5, 60, 600),
  }),
  fc.record({
    do: fc.constant('refresh' as const),
    pick: fc.nat(5),
    expires: fc.constantFrom(0, 5, 60, 600),
  }),
  fc.record({ do: fc.constant('modify' as const), pick: fc.nat(5), body: fc.constantFrom('x', 'y', 'bad') }),
  fc.record({ do: fc.constant('stale' as const), pick: fc.nat(20) }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 59, 61, 601) }),
);

test('whatever publishers do: entity-tags are never used twice, only the newest matches, a failure changes nothing, and nothing stays behind (RFC 3903 §6)', () => {
  fc.assert(
    fc.property(fc.array(publishing, { maxLength: 30 }), (steps) => {
      const made = new CompositorWorld();
      const issued = new Set<string>();
      /** Entity-tags in force, with their bodies and ends: what has to be there. */
      let model: { etag: string; body: string; end: number }[] = [];
      const ask = (body: string, lines: readonly string[]) => {
        const before = made.state;
        const outcome = made.publish(body, lines);
        if (outcome.status !== 200) expect(made.state).toBe(before);
        else {
          expect(issued.has(outcome.etag ?? '')).toBe(false);
          issued.add(outcome.etag ?? '');
        }
        return outcome;
      };
      for (const step of steps) {
        if (step.do === 'wait') {
          made.world.advance(step.seconds);
          model = model.filter((each) => each.end > made.world.now);
        } else if (step.do === 'initial') {
          const { status, etag = '' } = ask(step.body, [`Expires: ${step.expires}`]);
          expect(status).toBe(step.expires === 5 ? 423 : step.body === 'bad' ? 400 : 200);
          if (status === 200)
            model.push({ etag, body: step.body, end: made.world.now + step.expires * 1000 });
        } else if (step.do === 'stale') {
          const old = [...issued][step.pick];
          if (old === undefined || model.some((each) => each.etag === old)) continue;
          expect(ask('x', [`SIP-If-Match: ${old}`]).status).toBe(412);
        } else {
          const entry = model[step.pick];
          if (entry === undefined) continue;
          const match = `SIP-If-Match: ${entry.etag}`;
          if (step.do === 'modify') {
            const { status, etag = '' } = ask(step.body, [match, 'Expires: 600']);
            expect(status).toBe(step.body === 'bad' ? 400 : 200);
            if (status === 200)
              Object.assign(entry, { etag, body: step.body, end: made.world.now + 600_000 });
          } else {
            const { status, etag = '' } = ask('', [match, `Expires: ${step.expires}`]);
            expect(status).toBe(step.expires === 5 ? 423 : 200);
            if (step.expires === 0) model = model.filter((each) => each !== entry);
            else if (status === 200)
              Object.assign(entry, { etag, end: made.world.now + step.expires * 1000 });
          }
        }
        expect(made.state).toBe(model.map((each) => each.body).join('+'));
      }
      made.world.advance(10_000);
      expect(made.compositor.size).toBe(0);
      expect(made.compositor.deadline).toBeUndefined();
    }),
    { numRuns },
  );
});
