import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMPOSER, type IsComposing, OBSERVER, Observer, parse, type Transitions } from '../../src/index.ts';

const status = (state: string, more = ''): IsComposing =>
  parse(
    `<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>${state}</state>${more}</isComposing>`,
  );
const ACTIVE = { type: 'status', status: status('active') } as const;
const IDLE = { type: 'status', status: status('idle') } as const;
const changed = (state: string, contentType?: string) => [{ type: 'changed', state, contentType }];

describe('RFC 3994 §3.3: the observer', () => {
  test('is idle to begin with, and active when told so', () => {
    const observer = new Observer();
    expect([observer.state, observer.deadline]).toEqual(['idle', undefined]);
    expect(observer.handle(IDLE, 0)).toEqual([]);
    expect(observer.handle(ACTIVE, 0)).toEqual(changed('active'));
    expect(observer.state).toBe('active');
  });

  test.each([
    ['an idle message', IDLE],
    ['a content message', { type: 'content' }],
    ['a state it does not know', { type: 'status', status: status('recording') }],
  ] as const)('is idle after %s', (_, input) => {
    const observer = new Observer();
    observer.handle(ACTIVE, 0);
    expect(observer.handle(input, 1_000)).toEqual(changed('idle'));
    expect(observer.deadline).toBeUndefined();
  });

  test('is idle when no refresh has come, 120 seconds after a message without an interval', () => {
    const observer = new Observer();
    observer.handle(ACTIVE, 0);
    expect(observer.deadline).toBe(120_000);
    expect(observer.handle({ type: 'tick' }, 119_999)).toEqual([]);
    expect(observer.handle({ type: 'tick' }, 120_000)).toEqual(changed('idle'));
  });

  test('the interval is that of the most recent active message (@req rfc3994:3.3:1)', () => {
    const observer = new Observer();
    const every = (seconds: string) =>
      ({ type: 'status', status: status('active', `<refresh>${seconds}</refresh>`) }) as const;
    expect(observer.handle(every('200'), 0)).toEqual(changed('active'));
    expect(observer.deadline).toBe(200_000);
    for (const second of [1, 2, 3]) expect(observer.handle(every('60'), second * 1_000)).toEqual([]);
    expect(observer.deadline).toBe(63_000);
    observer.handle(ACTIVE, 4_000);
    expect(observer.deadline).toBe(124_000);
    observer.handle(every('0'), 5_000);
    expect(observer.deadline).toBe(125_000);
    observer.handle(every('9'.repeat(400)), 5_000);
    expect(observer.deadline).toBe(5_000 + 86_400_000);
  });

  test('tells what is composed, and forgets it', () => {
    const observer = new Observer();
    const composing = (type: string) =>
      ({ type: 'status', status: status('active', `<contenttype>${type}</contenttype>`) }) as const;
    expect(observer.handle(composing('audio'), 0)).toEqual(changed('active', 'audio'));
    expect(observer.handle(composing('audio'), 1)).toEqual([]);
    expect(observer.handle(composing('text/html'), 2)).toEqual(changed('active', 'text/html'));
    expect(observer.handle({ type: 'content' }, 3)).toEqual(changed('idle'));
  });
});

test('the tables in the README are those of the code', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = <S extends string, E extends string>(transitions: Transitions<S, E>) =>
    Object.entries<Transitions<S, E>[S]>(transitions).flatMap(([state, events]) =>
      Object.entries<{ next: string; send?: string; starts?: readonly string[] } | undefined>(events).map(
        ([event, transition]) =>
          `| ${state} | ${event} | ${transition?.next} | ${transition?.send ?? ''} | ${transition?.starts?.join(', ') ?? ''} |`,
      ),
    );
  for (const row of [...rows(COMPOSER), ...rows(OBSERVER)]) expect(readme.split('\n')).toContain(row);
});
