import { extension } from '@sip-simple/pidf';
import { textOf } from '@sip-simple/xml';
import {
  anyAttribute,
  anyOther,
  anyUri,
  attribute,
  collapse,
  dateTime,
  dateTimeOf,
  type Extensible,
  enumeration,
  type Infer,
  type Input,
  id,
  integer,
  interleave,
  optional,
  string,
  text,
} from '@sip-simple/xml/schema';
import { enumerated, RPID, rpid, timed } from './vocabulary.ts';

/**
 * `<sphere>` of a person: the role it is in. See `sphereNameOf`.
 *
 * @see RFC 4480 §3.11
 */
export const sphere = /* @__PURE__ */ extension(
  rpid.element(
    'sphere',
    {
      ...timed,
      ...interleave({
        value: optional(rpid.names(['home', 'work', 'unknown'])),
        /** Spheres of other vocabularies. */
        extra: anyOther(),
      }),
    },
    { check: enumerated(() => true, false) },
  ),
);

/**
 * `<status-icon>` of a person or service: where an image of its status is. Who fetches it tells the presentity,
 * or a third party, that it does (RFC 4480 §9).
 *
 * @see RFC 4480 §3.12
 */
export const statusIcon = /* @__PURE__ */ extension(
  rpid.element('status-icon', { ...timed, uri: text(anyUri) }),
);

/**
 * `<time-offset>` of a person: how far its local time is ahead of UTC.
 *
 * @see RFC 4480 §3.13
 */
export const timeOffset = /* @__PURE__ */ extension(
  rpid.element('time-offset', {
    ...timed,
    /** Minutes; positive in the east. */
    minutes: text(integer()),
    /** The offset in words, for people, as `America/New_York`. */
    description: optional(attribute('description', string)),
  }),
);

/**
 * `<user-input>` of a person, service or device: whether somebody has used it of late. See `userInputAt`.
 *
 * @see RFC 4480 §3.14
 */
export const userInput = /* @__PURE__ */ extension(
  rpid.element('user-input', {
    state: text(enumeration('active', 'idle')),
    /** After how many seconds without input the state turns idle. */
    idleThresholdSeconds: optional(attribute('idle-threshold', integer({ min: 1 }))),
    /** When the last input was, as written; see `instantOf`. */
    lastInput: optional(attribute('last-input', dateTime)),
    id: optional(attribute('id', id)),
    /** Attributes of others. */
    attributes: anyAttribute('any'),
  }),
);

export type Sphere = Infer<typeof sphere.schema>;
export type SphereInit = Input<typeof sphere.schema>;
export type StatusIcon = Infer<typeof statusIcon.schema>;
export type StatusIconInit = Input<typeof statusIcon.schema>;
export type TimeOffset = Infer<typeof timeOffset.schema>;
export type TimeOffsetInit = Input<typeof timeOffset.schema>;
export type UserInput = Infer<typeof userInput.schema>;
export type UserInputInit = Input<typeof userInput.schema>;

/**
 * The name of a person's sphere, as presence rules compare it (RFC 4745 §7.2): the name of the element that says
 * it, of RPID or of another vocabulary, or the text, which RFC 4480 §4 has in an example although the schema
 * does not. `undefined` when nothing is said.
 *
 * @see RFC 4480 §3.11
 */
export function sphereNameOf(person: Extensible): string | undefined {
  const said = person.extra?.find(({ local, namespace }) => local === 'sphere' && namespace === RPID);
  if (said === undefined) return undefined;
  const value = said.children.find((child) => child.type === 'element');
  if (value !== undefined) return value.local;
  return collapse(textOf(said)) || undefined;
}

export interface UserInputOptions {
  /** After how many seconds without input the state turns idle; at least 1. */
  readonly idleThresholdSeconds: number;
  /** Whether watchers learn when the last input was; not by default. */
  readonly revealsLastInput?: boolean | undefined;
}

/**
 * The `<user-input>` to publish: active within the threshold after the last input, idle from then on.
 *
 * @param lastInput when the user last gave input, and `now`: milliseconds since 1970-01-01T00:00:00Z
 * @see RFC 4480 §3.14
 */
export function userInputAt(lastInput: number, now: number, options: UserInputOptions): UserInputInit {
  const { idleThresholdSeconds, revealsLastInput = false } = options;
  return {
    state: now - lastInput < idleThresholdSeconds * 1_000 ? 'active' : 'idle',
    idleThresholdSeconds,
    lastInput: revealsLastInput ? dateTimeOf(lastInput) : undefined,
  };
}
