import type { RequestType } from './headers.ts';
import type { Notification } from './schema.ts';

/** Who would notify: the one the message is for, or an application server or gateway on its way. */
export type Role = 'recipient' | 'intermediary';

/** The category of a disposition. There is at most one IMDN of each for a message, from each who notifies. */
export type Disposition = Notification['type'];

/** Something that became of a message. */
export type DispositionEvent =
  /** It has been delivered to the user or application (not: it was answered with a 2xx). */
  | { readonly type: 'delivered' }
  /** It is known not to have been delivered. */
  | { readonly type: 'failed' }
  /** It has been shown to the user. */
  | { readonly type: 'displayed' }
  /** It has been forwarded, or whatever the intermediary does. */
  | { readonly type: 'processed' }
  /** It has been stored to be delivered later. */
  | { readonly type: 'stored' }
  /** The final response to the forwarded message came. */
  | { readonly type: 'response'; readonly status: number }
  /** The sender is not to be told. */
  | { readonly type: 'forbidden'; readonly disposition: Disposition }
  /** What became of it can't be known. */
  | { readonly type: 'error'; readonly disposition: Disposition };

/** What an event is reported as, and what must have been requested for it, any of several. */
export interface Rule {
  readonly notification: Notification['type'];
  readonly result: string;
  readonly requests: readonly RequestType[];
}

/**
 * Which event makes which notification, by role and what was requested; no other does.
 *
 * Recipients never notify of processing (§7.2.1), intermediaries of nothing but processing (§8.1) and, where
 * that was requested, failure to deliver (§8.2, §12.2).
 *
 * @see RFC 5438 §7.2.1, §8.1, §8.2, §12.1.3.1, §12.2
 */
export const RULES: Readonly<Record<Role, Readonly<Record<string, Rule>>>> = {
  recipient: {
    delivered: rule('delivery', 'delivered', 'positive-delivery'),
    failed: rule('delivery', 'failed', 'negative-delivery'),
    displayed: rule('display', 'displayed', 'display'),
    'forbidden delivery': rule('delivery', 'forbidden', 'positive-delivery', 'negative-delivery'),
    'forbidden display': rule('display', 'forbidden', 'display'),
    'error delivery': rule('delivery', 'error', 'positive-delivery', 'negative-delivery'),
    'error display': rule('display', 'error', 'display'),
  },
  intermediary: {
    failed: rule('delivery', 'failed', 'negative-delivery'),
    processed: rule('processing', 'processed', 'processing'),
    stored: rule('processing', 'stored', 'processing'),
    'response 4': rule('delivery', 'failed', 'negative-delivery'),
    'response 5': rule('delivery', 'failed', 'negative-delivery'),
    'response 6': rule('delivery', 'failed', 'negative-delivery'),
    'forbidden delivery': rule('delivery', 'forbidden', 'negative-delivery'),
    'forbidden processing': rule('processing', 'forbidden', 'processing'),
    'error delivery': rule('delivery', 'error', 'negative-delivery'),
    'error processing': rule('processing', 'error', 'processing'),
  },
};

/** The rule for an event, if it makes any notification. */
export function ruleFor(role: Role, event: DispositionEvent): Rule | undefined {
  return RULES[role][keyOf(event)];
}

function keyOf(event: DispositionEvent): string {
  if (event.type === 'response') return `response ${Math.floor(event.status / 100)}`;
  return 'disposition' in event ? `${event.type} ${event.disposition}` : event.type;
}

function rule(notification: Disposition, result: string, ...requests: readonly RequestType[]): Rule {
  return { notification, result, requests };
}
