import {
  createRequest,
  createResponse,
  Endpoint,
  type EndpointAction,
  type EndpointOptions,
  type HeaderEdit,
  type Peer,
  parseMessage,
  type Random,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  set,
} from '../../src/index.ts';

/** When virtual time begins. */
export const T0 = 1_800_000_000_000;

export const here: Peer = { transport: 'udp', host: '192.0.2.1', port: 5060 };
export const there: Peer = { transport: 'udp', host: '192.0.2.9', port: 5060 };
export const thereTcp: Peer = { transport: 'tcp', host: '192.0.2.9', port: 5060 };

/** A random source that gives the same bytes in every run. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

export function endpoint(options: Partial<EndpointOptions> = {}): Endpoint {
  return new Endpoint({
    random: seeded(1),
    methods: ['INVITE', 'BYE', 'MESSAGE', 'OPTIONS', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH'],
    addresses: [
      { transport: 'udp', host: here.host, port: here.port },
      { transport: 'tcp', host: here.host, port: here.port },
    ],
    ...options,
  });
}

/** A request as a transaction user hands it to the endpoint: without Via. */
export function outgoing(method: string, headers: readonly HeaderEdit[] = [], body?: string): SipRequest {
  return createRequest({
    method,
    uri: 'sip:bob@192.0.2.9',
    headers: [
      set('From', '<sip:alice@example.com>;tag=a1'),
      set('To', '<sip:bob@example.com>'),
      set('Call-ID', 'call-1@example.com'),
      set('CSeq', `1 ${method}`),
      ...headers,
    ],
    ...(body === undefined ? {} : { body: new TextEncoder().encode(body), contentType: 'text/plain' }),
  });
}

/** A request as it arrives, written out. */
export function incoming(
  method: string,
  fields: Readonly<Record<string, string | undefined>> = {},
): Uint8Array {
  const all: Record<string, string | undefined> = {
    Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKnashds8',
    'Max-Forwards': '70',
    From: '<sip:bob@example.com>;tag=b1',
    To: '<sip:alice@example.com>',
    'Call-ID': 'incoming-1@example.com',
    CSeq: `1 ${method}`,
    Contact: '<sip:bob@192.0.2.9>',
    ...fields,
  };
  const { 'Request-URI': uri = 'sip:alice@192.0.2.1', ...headers } = all;
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return bytes(`${method} ${uri} SIP/2.0\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export type Of<T extends EndpointAction['type']> = Extract<EndpointAction, { type: T }>;

/** The one action of a type among actions; fails when there is not exactly one. */
export function only<T extends EndpointAction['type']>(actions: readonly EndpointAction[], type: T): Of<T> {
  const found = all(actions, type);
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`${found.length} '${type}' in ${JSON.stringify(actions.map((action) => action.type))}`);
  return first;
}

export function all<T extends EndpointAction['type']>(actions: readonly EndpointAction[], type: T): Of<T>[] {
  return actions.filter((action): action is Of<T> => action.type === type);
}

export function messages(actions: readonly EndpointAction[]): SipMessage[] {
  return all(actions, 'transmit').map((action) => parseMessage(action.bytes));
}

/** What was sent when it is one response. */
export function sentResponse(actions: readonly EndpointAction[]): SipResponse {
  const message = parseMessage(only(actions, 'transmit').bytes);
  if (message.type !== 'response') throw new Error(`a ${message.method} was sent`);
  return message;
}

export function sentRequest(actions: readonly EndpointAction[]): SipRequest {
  const message = parseMessage(only(actions, 'transmit').bytes);
  if (message.type !== 'request') throw new Error(`a ${message.status} was sent`);
  return message;
}

/** The response of the peer to a request that was sent. */
export function answer(request: SipRequest, status: number, headers: readonly HeaderEdit[] = []): Uint8Array {
  return createResponse(request, status, status === 100 ? { headers } : { toTag: 'b1', headers }).toBytes();
}

/** Short names of what happened, to compare at a glance. */
export function names(actions: readonly EndpointAction[]): string[] {
  return actions.map((action) => {
    switch (action.type) {
      case 'transmit': {
        const message = parseMessage(action.bytes);
        return `send ${message.type === 'request' ? message.method : message.status}`;
      }
      case 'request':
        return `request ${action.request.method}`;
      case 'response':
        return `response ${action.response.status}`;
      case 'failed':
      case 'unanswered':
        return `${action.type} ${action.reason}`;
      default:
        return action.type;
    }
  });
}

/** Runs an endpoint's timers until `end`, or until none is left, and says at what millisecond after T0 what happened. */
export function play(machine: Endpoint, end: number = Number.POSITIVE_INFINITY): [number, string][] {
  const log: [number, string][] = [];
  for (let at = machine.deadline; at !== undefined && at - T0 <= end; at = machine.deadline) {
    for (const name of names(machine.handle({ type: 'tick' }, at))) log.push([at - T0, name]);
  }
  return log;
}

export function parsedResponse(bytes: Uint8Array): SipResponse {
  const message = parseMessage(bytes);
  if (message.type !== 'response') throw new Error(`a ${message.method}`);
  return message;
}
