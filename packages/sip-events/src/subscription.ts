import { type Dialog, event, type Peer, type SipRequest, type Timed, type Usage } from '@sip-simple/sip-core';
import { eventMatches } from './event-match.ts';
import type { EventPackage } from './event-package.ts';
import { decodeRecord, encodeRecord, numberField, type StoredRecord, stringField } from './record.ts';
import type { NotifierState } from './subscription-state.ts';
import type { Watched } from './watched.ts';

/** A SUBSCRIBE that waits for the decision about it. */
export interface WaitingSubscribe {
  readonly transaction: string;
  readonly request: SipRequest;
  readonly peer: Peer;
  readonly seconds: number;
  /** The dialog it came in, when it shares one (RFC 6665 §4.5.2). */
  readonly dialog: Dialog | undefined;
}

/**
 * One subscription at its notifier. It is its own dialog usage and its own entry in the timer wheel, and a link
 * in the list of its resource's watchers, so that a million of them cost no maps, closures or timers.
 */
export class Subscription implements Usage, Timed {
  /** Names it among all subscriptions, in its dialog and in the store: `sub/<token>`. */
  readonly key: string;
  readonly package: EventPackage;
  /** The `id` of the Event header field, of older peers (RFC 6665 §4.5.2). */
  readonly eventId: string | undefined;
  readonly watched: Watched;
  /** Address-of-record of the subscriber. */
  readonly watcher: string;
  dialog = '';
  mediaType: string;
  state: NotifierState = 'init';
  /** The part of the state that this watcher is shown. */
  view = '';
  /** Shown the neutral state as if it were the true one (RFC 6665 §6.2). */
  isPolitelyBlocked = false;
  expiresAt = 0;
  /** No NOTIFY because of a change of state before this moment. */
  notBefore = 0;
  /** The CSeq number up to which all count as used after a restart. */
  storedSequence = 0;
  /** NOTIFYs without an answer so far. */
  outstanding = 0;
  /** The state has changed since the last NOTIFY. */
  isBehind = false;
  waiting: WaitingSubscribe | undefined;

  nextWatcher: Subscription | undefined;
  previousWatcher: Subscription | undefined;

  tick = 0;
  slot = -1;
  previous: Timed | undefined;
  next: Timed | undefined;

  constructor(
    key: string,
    watched: Watched,
    eventId: string | undefined,
    watcher: string,
    mediaType: string,
  ) {
    this.key = key;
    this.package = watched.package;
    this.watched = watched;
    this.eventId = eventId;
    this.watcher = watcher;
    // one that the package no longer has gives way to its default
    this.mediaType = watched.package.mediaTypes.includes(mediaType)
      ? mediaType
      : watched.package.mediaTypes[0];
  }

  get event(): string {
    return this.package.name;
  }

  /** Refreshes are its requests; everything else in the dialog is somebody else's. */
  accepts(request: SipRequest): boolean {
    return request.method === 'SUBSCRIBE' && eventMatches(this, request.get(event));
  }

  /** Takes up what was stored. */
  resume(record: SubscriptionRecord): void {
    this.state = record.state;
    this.view = record.view;
    this.isPolitelyBlocked = record.polite;
    this.expiresAt = record.expiresAt;
    this.dialog = record.dialog.id;
    this.storedSequence = record.dialog.localSequence ?? 0;
  }

  /** What has to be stored for the subscription to go on after a restart. */
  toRecord(dialog: Dialog): Uint8Array {
    return encodeRecord({
      v: 1,
      event: this.event,
      eventId: this.eventId,
      resource: this.watched.resource,
      watcher: this.watcher,
      mediaType: this.mediaType,
      state: this.state,
      view: this.view,
      polite: this.isPolitelyBlocked,
      expiresAt: this.expiresAt,
      dialog,
    });
  }
}

/** A stored subscription as read back. */
export interface SubscriptionRecord {
  readonly event: string;
  readonly eventId: string | undefined;
  readonly resource: string;
  readonly watcher: string;
  readonly mediaType: string;
  readonly state: 'pending' | 'active';
  readonly view: string;
  readonly polite: boolean;
  readonly expiresAt: number;
  readonly dialog: Dialog;
}

/**
 * Reads what `Subscription.toRecord` wrote.
 * @throws EventsError `record`
 */
export function readSubscriptionRecord(bytes: Uint8Array): SubscriptionRecord {
  const record = decodeRecord(bytes);
  const { eventId } = record.fields;
  return {
    event: stringField(record, 'event'),
    eventId: typeof eventId === 'string' ? eventId : undefined,
    resource: stringField(record, 'resource'),
    watcher: stringField(record, 'watcher'),
    mediaType: stringField(record, 'mediaType'),
    state: record.fields['state'] === 'pending' ? 'pending' : 'active',
    view: stringField(record, 'view'),
    polite: record.fields['polite'] === true,
    expiresAt: numberField(record, 'expiresAt'),
    dialog: readDialog(record),
  };
}

function readDialog(record: StoredRecord): Dialog {
  const value = record.fields['dialog'];
  // a wrong shape is found by the checks below
  const inner: StoredRecord = { fields: Object(value) as Record<string, unknown>, body: record.body };
  const { localSequence, remoteSequence, routeSet, secure, peer } = inner.fields;
  return {
    id: stringField(inner, 'id'),
    callId: stringField(inner, 'callId'),
    localTag: stringField(inner, 'localTag'),
    remoteTag: stringField(inner, 'remoteTag'),
    localUri: stringField(inner, 'localUri'),
    remoteUri: stringField(inner, 'remoteUri'),
    remoteTarget: stringField(inner, 'remoteTarget'),
    localContact: stringField(inner, 'localContact'),
    localSequence: typeof localSequence === 'number' ? localSequence : undefined,
    remoteSequence: typeof remoteSequence === 'number' ? remoteSequence : undefined,
    routeSet: Array.isArray(routeSet) ? routeSet.filter((route) => typeof route === 'string') : [],
    secure: secure === true,
    // written by toRecord from a Peer; only its connection, which ended with the process, is dropped
    peer: peer === undefined ? undefined : { ...(peer as Peer), connection: undefined },
  };
}
