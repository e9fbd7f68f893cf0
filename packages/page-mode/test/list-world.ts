import type { SipRequest } from '@sip-simple/sip-core';
import {
  type ListDecision,
  type ListServiceAction,
  type ListServiceOptions,
  MessageListService,
  recipientListMessage,
} from '../src/lists/index.ts';
import { countingRandom, epoch, request } from './network.ts';

export const peer = { transport: 'tcp', host: '192.0.2.10', port: 5060, connection: 1 } as const;
export const LIST = 'sip:list-service.example.com';

/** A list service, and what it wants done. */
export class ListWorld {
  readonly service: MessageListService;
  readonly actions: ListServiceAction[] = [];
  now = epoch;

  constructor(options: Partial<ListServiceOptions> = {}) {
    this.service = new MessageListService({ random: countingRandom(), ...options });
  }

  handle(...input: Parameters<MessageListService['handle']>): readonly ListServiceAction[] {
    const actions = this.service.handle(...input);
    this.actions.push(...actions);
    return actions;
  }

  /** Gives it a request, and the decision when it asks for one. @returns the status, and what is sent */
  receive(
    request: SipRequest,
    decision: ListDecision = 'allow',
  ): { readonly status: number | undefined; readonly copies: readonly SipRequest[] } {
    const [asked] = this.handle({ type: 'request', transaction: 't', request, peer }, this.now);
    if (asked?.type === 'respond') return { status: asked.response.status, copies: [] };
    if (asked?.type !== 'authorize') throw new Error('neither answered nor asked');
    return this.decide(asked.list, decision);
  }

  decide(list: string, decision: ListDecision) {
    const actions = this.handle({ type: 'decision', list, decision }, this.now);
    const copies = actions.flatMap((action) => (action.type === 'send' ? [action.request] : []));
    const respond = actions.find((action) => action.type === 'respond');
    return { status: respond?.response.status, copies };
  }

  get response() {
    const respond = this.actions.filter((action) => action.type === 'respond').at(-1);
    if (respond === undefined) throw new Error('not answered');
    return respond.response;
  }
}

/** A message for the recipients that are written as entries, `uri` or `uri attributes`. */
export function listMessage(
  entries: readonly string[],
  lines: readonly string[] = [],
  options: {
    readonly parts?: readonly string[];
    readonly around?: (entries: string) => string;
    readonly type?: string;
  } = {},
): SipRequest {
  const {
    parts = ['Content-Type: text/plain\r\n\r\nHello World!'],
    around = (text) => `<list>${text}</list>`,
    type = 'application/resource-lists+xml',
  } = options;
  const written = entries.map((entry) => {
    const [uri = '', ...attributes] = entry.split(' ');
    return `<entry uri="${uri}" ${attributes.map((each) => `cp:${each.replace('=', '="')}"`).join(' ')}/>`;
  });
  const list = `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:cp="urn:ietf:params:xml:ns:copycontrol">${around(written.join(''))}</resource-lists>`;
  const all = [...parts, `Content-Type: ${type}\r\nContent-Disposition: recipient-list\r\n\r\n${list}`];
  const body = `${all.map((part) => `--b1\r\n${part}\r\n`).join('')}--b1--\r\n`;
  return request(
    [`Require: ${recipientListMessage}`, 'Content-Type: multipart/mixed;boundary="b1"', ...lines],
    body,
    LIST,
  );
}
