import {
  canonicalAor,
  type NameAddr,
  type Peer,
  parseMessage,
  parseNameAddr,
  type SipRequest,
  type SipResponse,
  to,
  unquote,
} from '../../src/index.ts';
import {
  type Lookup,
  Registrar,
  type RegistrarAction,
  type RegistrarInput,
  type RegistrarOptions,
  type Target,
} from '../../src/registrar/index.ts';
import { bytes, seeded, T0 } from './sip.ts';

export const phone: Peer = { transport: 'udp', host: '192.0.2.4', port: 5060, connection: 7 };
export const tcpPhone: Peer = { transport: 'tcp', host: '192.0.2.4', port: 40_001, connection: 70_001 };
export const INSTANCE = '"<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>"';

type Of<T extends RegistrarAction['type']> = Extract<RegistrarAction, { type: T }>;
type Register = Extract<RegistrarInput, { type: 'register' }>;

/** What became of a REGISTER. */
export interface Outcome {
  readonly status: number;
  readonly response: SipResponse;
  readonly actions: readonly RegistrarAction[];
  /** The Contact values, as written. */
  readonly contacts: readonly string[];
}

/** A registrar for biloxi.com and example.com with a store that is a map, and bob's phone. */
export class RegistrarWorld {
  readonly options: RegistrarOptions;
  registrar: Registrar;
  now = T0;
  readonly stored = new Map<string, Uint8Array>();
  readonly told: (Of<'registered'> | Of<'unregistered'>)[] = [];
  #sequence = 0;

  constructor(options: Partial<RegistrarOptions> = {}) {
    this.options = {
      domains: ['biloxi.com', 'example.com'],
      hosts: ['registrar.biloxi.com', '192.0.2.1'],
      random: seeded(3),
      gruuKey: new Uint8Array(32).fill(9),
      ...options,
    };
    this.registrar = new Registrar(this.options);
  }

  /** Sends a REGISTER of bob's with these lines beside the mandatory ones; lines of the same name replace those. */
  register(lines: readonly string[] = [], input: Partial<Register> = {}, uri = 'sip:biloxi.com'): Outcome {
    return this.receive(this.request(lines, uri), input);
  }

  request(lines: readonly string[], uri = 'sip:biloxi.com'): SipRequest {
    this.#sequence += 1;
    const given = new Set(lines.map((line) => line.slice(0, line.indexOf(':'))));
    const usual = [
      `Via: SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bK${this.#sequence}`,
      'From: Bob <sip:bob@biloxi.com>;tag=456248',
      'To: Bob <sip:bob@biloxi.com>',
      'Call-ID: 843817637684230@998sdasdh09',
      `CSeq: ${this.#sequence} REGISTER`,
    ].filter((line) => !given.has(line.slice(0, line.indexOf(':'))));
    return asRequest(`REGISTER ${uri} SIP/2.0`, [...usual, ...lines]);
  }

  receive(request: SipRequest, input: Partial<Register> = {}): Outcome {
    const actions = this.handle({
      type: 'register',
      transaction: 't1',
      request,
      peer: phone,
      ...input,
      identity: 'identity' in input ? input.identity : canonicalAor(request.get(to)?.uri ?? 'sip:x'),
    });
    const answers = actions.filter((action) => action.type === 'respond');
    const [answer] = answers;
    if (answer === undefined || answers.length > 1) throw new Error(`${answers.length} answers`);
    // What is written is read again, as the phone reads it.
    const response = parseMessage(answer.response.toBytes());
    if (response.type !== 'response') throw new Error('no response');
    return { status: response.status, response, actions, contacts: response.raw('Contact') };
  }

  handle(input: RegistrarInput): readonly RegistrarAction[] {
    const actions = this.registrar.handle(input, this.now);
    for (const action of actions) {
      if (action.type === 'save') this.stored.set(action.key, action.record);
      else if (action.type === 'forget') this.stored.delete(action.key);
      else if (action.type === 'registered' || action.type === 'unregistered') this.told.push(action);
    }
    return actions;
  }

  /** Lets time pass, the timers run. */
  pass(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (let at = this.registrar.deadline; at !== undefined && at <= end; at = this.registrar.deadline) {
      this.now = at;
      this.handle({ type: 'tick' });
    }
    this.now = end;
  }

  /** The process ends, and another one takes over what is stored. */
  restart(): void {
    this.registrar = new Registrar({ ...this.options, random: seeded(this.now % 1000) });
    for (const [key, record] of this.stored) this.handle({ type: 'restore', key, record });
  }

  lookup(uri = 'sip:bob@biloxi.com'): Lookup {
    return this.registrar.lookup(uri, this.now);
  }

  /** The contact URIs that a request goes to, in their groups; those of the same instance behind each other. */
  reached(uri?: string): string[][] {
    const found = this.lookup(uri);
    if (found.type !== 'found') return [];
    return found.groups.map((group) => group.map(({ uri }) => uri));
  }

  /** The one target there is. */
  target(uri?: string): Target {
    const found = this.lookup(uri);
    const targets = found.type === 'found' ? found.groups.flat() : [];
    const [target] = targets;
    if (target === undefined || targets.length > 1) throw new Error(`${targets.length} targets`);
    return target;
  }
}

export function asRequest(startLine: string, lines: readonly string[]): SipRequest {
  const message = parseMessage(bytes(`${startLine}\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`));
  if (message.type !== 'request') throw new Error('no request');
  return message;
}

/** A parameter of a Contact value, without quotes. */
export function param(contact: string | undefined, name: string): string | undefined {
  return unquote(parseNameAddr(contact ?? '').params.get(name));
}

export function parsed(contact: string | undefined): NameAddr {
  return parseNameAddr(contact ?? '');
}
