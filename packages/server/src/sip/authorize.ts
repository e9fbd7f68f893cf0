import type { PresenceAgentAction, PresenceAgentInput } from '@sip-simple/presence';
import type { Decision } from '@sip-simple/sip-events';

/** Whether somebody may watch a resource, or publish for it. */
export type Question = Extract<PresenceAgentAction, { type: 'authorize' }>;

/**
 * Decides about watchers and publishers. Of a publisher, everything but `allow` is a refusal. Without a
 * decision in time, a watcher's subscription is pending and a publication refused.
 */
export type Authorize = (question: Question) => Promise<Decision>;

/** A decision as the agent is told it. */
export function decided(question: Question, decision: Decision): PresenceAgentInput {
  if ('subscription' in question) {
    return { type: 'decision', subscription: question.subscription, decision };
  }
  const verdict = decision === 'allow' ? 'allow' : 'block';
  return { type: 'decision', publication: question.publication, decision: verdict };
}
