import { extension } from '@sip-simple/pidf';
import {
  anyOther,
  attribute,
  dateTime,
  enumeration,
  type Infer,
  type Input,
  optional,
  vocabulary,
} from '@sip-simple/xml/schema';
import { words } from './vocabulary.ts';

/** The namespace of RFC 4481. */
export const TIMED_STATUS = 'urn:ietf:params:xml:ns:pidf:timed-status';

const ts = vocabulary(TIMED_STATUS, 'ts');

/**
 * `<timed-status>` of a service: the status it had or will have, never that of now. There may be several, and they
 * may overlap; see `holdingAt`.
 *
 * @see RFC 4481 §3
 */
export const timedStatus = /* @__PURE__ */ extension(
  ts.element('timed-status', {
    /** When the status takes this value, as written. */
    from: attribute('from', dateTime),
    /** Until when it is expected to be valid, as written; without it, until something else is published. */
    until: optional(attribute('until', dateTime)),
    basic: optional(ts.leaf('basic', enumeration('open', 'closed'))),
    note: optional(ts.element('note', words)),
    /** Other status values. */
    extra: anyOther(),
  }),
);

export type TimedStatus = Infer<typeof timedStatus.schema>;
export type TimedStatusInit = Input<typeof timedStatus.schema>;
