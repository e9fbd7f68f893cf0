import { extension } from '@sip-simple/pidf';
import {
  anyAttribute,
  anyOther,
  boolean,
  type Infer,
  type Input,
  many,
  optional,
  type SimpleType,
} from '@sip-simple/xml/schema';
import { caps, description, listed, named } from './capability.ts';
import { priority } from './priority.ts';

/** Types of whom a service reaches (RFC 5196 §3.2.19). */
export const ACTORS = ['attendant', 'information', 'msg-taker', 'principal'] as const;

/** Event packages, as registered when RFC 5196 was written (§3.2.14). */
export const EVENT_PACKAGES = [
  'conference',
  'dialog',
  'kpml',
  'message-summary',
  'poc-settings',
  'presence',
  'reg',
  'refer',
  'Siemens-RTP-Stats',
  'spirits-INDPs',
  'spirits-user-prof',
  'winfo',
] as const;

/**
 * SIP extensions by option tag, as registered when RFC 5196 was written (§3.2.17); `rel100` is `100rel`. The
 * schema calls `hist-info` what the text, and the registry, call `histinfo`; both are known here.
 */
export const EXTENSIONS = [
  'rel100',
  'early-session',
  'eventlist',
  'from-change',
  'gruu',
  'hist-info',
  'histinfo',
  'join',
  'norefersub',
  'path',
  'precondition',
  'pref',
  'privacy',
  'recipient-list-invite',
  'recipient-list-subscribe',
  'replaces',
  'resource-priority',
  'sdp-anat',
  'sec-agree',
  'tdialog',
  'timer',
] as const;

/** SIP methods, as registered when RFC 5196 was written (§3.2.16). */
export const METHODS = [
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
] as const;

// RFC 2045 §5.1: type "/" subtype, each a token. Readers take what is written, as RFC 5196's own schema does.
const mediaType: SimpleType<string> = {
  name: 'type/subtype of RFC 2045',
  whiteSpace: 'preserve',
  read: (text) => text,
  isValid: (text) => /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+\/[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+$/.test(text),
  write: (value) => value,
};

const flag = (local: string) => optional(caps.leaf(local, boolean));

/**
 * `<servcaps>` of a service: what it is able to do, by the media feature tags of RFC 3840. It is a hint; what
 * holds is negotiated by SIP (RFC 5196 §1.2).
 *
 * @see RFC 5196 §3.2
 */
export const servcaps = /* @__PURE__ */ extension(
  caps.element('servcaps', {
    /** Whom one reaches (§3.2.19). */
    actor: optional(named('actor', ACTORS)),
    application: flag('application'),
    audio: flag('audio'),
    /** True for a machine, false for a human (§3.2.10). */
    automata: flag('automata'),
    /** The setting it is used in (§3.2.11). */
    class: optional(named('class', ['business', 'personal'])),
    control: flag('control'),
    data: flag('data'),
    /** What it is, in words of several languages (§3.2.13). */
    descriptions: many(description),
    /** Whether it sends and receives at once (§3.2.12). */
    duplex: optional(named('duplex', ['full', 'half', 'receive-only', 'send-only'])),
    eventPackages: optional(named('event-packages', EVENT_PACKAGES)),
    extensions: optional(named('extensions', EXTENSIONS)),
    /** True for a conference server (§3.2.20). */
    isFocus: flag('isfocus'),
    message: flag('message'),
    /** The requests it receives (§3.2.16). */
    methods: optional(named('methods', METHODS)),
    /** The languages it can display, as tags of RFC 4646 (§3.2.21). */
    languages: optional(listed('languages', 'l')),
    priority: optional(priority),
    /** The URI schemes it handles (§3.2.18). */
    schemes: optional(listed('schemes', 's')),
    text: flag('text'),
    /** MIME types it takes, in lower case (§3.2.9). */
    types: many(caps.leaf('type', mediaType)),
    video: flag('video'),
    /** Capabilities of other vocabularies. */
    extra: anyOther(),
    /** Attributes of others. */
    attributes: anyAttribute('any'),
  }),
);

export type ServiceCapabilities = Infer<typeof servcaps.schema>;
export type ServiceCapabilitiesInit = Input<typeof servcaps.schema>;
