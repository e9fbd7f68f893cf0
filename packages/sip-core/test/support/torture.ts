import { readFileSync } from 'node:fs';
import {
  checkRequest,
  checkResponse,
  Endpoint,
  frameDatagram,
  parseMessage,
  SipError,
  type SipMessage,
} from '../../src/index.ts';
import { here, seeded, T0, there } from './sip.ts';

/** What is to become of a torture message. */
export interface Verdict {
  /** The RFC's section. */
  readonly section: string;
  readonly name: string;
  /** What the section is called. */
  readonly about: string;
  /** What the RFC wants of a receiver. */
  readonly wanted: string;
  /**
   * - `accepted`: read, with every field as in the `.txt` beside the message
   * - `accepted, but ...`: the same, while the header field named is refused when it is asked for
   * - the code of the error with which it is refused
   */
  readonly verdict: string;
  /** What an endpoint that takes INVITE, BYE, MESSAGE, OPTIONS and REGISTER does: delivers, answers, or drops it. */
  readonly endpoint: string;
  /** Why, where the RFC leaves a choice. */
  readonly choice?: string | undefined;
}

export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/${path}`, import.meta.url)));
}

export function check(message: SipMessage): void {
  if (message.type === 'request') checkRequest(message);
  else checkResponse(message);
}

/** Reads and checks a message; gives `accepted` or the code of the error. */
export function verdictOf(bytes: Uint8Array): string {
  try {
    check(parseMessage(bytes));
    return 'accepted';
  } catch (error) {
    if (error instanceof SipError) return error.code;
    throw error;
  }
}

/** Gives a datagram to an endpoint, and says what becomes of it. */
export function outcomeOf(bytes: Uint8Array): string {
  const machine = new Endpoint({
    random: seeded(1),
    methods: ['INVITE', 'BYE', 'MESSAGE', 'OPTIONS', 'REGISTER'],
    addresses: [{ transport: 'udp', host: here.host, port: here.port }],
  });
  const done = machine.handle({ type: 'received', peer: there, bytes }, T0).map((action) => {
    if (action.type === 'request') return 'delivered';
    if (action.type !== 'transmit') return action.type;
    const message = parseMessage(frameDatagram(action.bytes));
    return message.type === 'response' ? String(message.status) : message.method;
  });
  // What an INVITE is answered at once, before its user knows of it, is no verdict.
  return done.filter((each) => each !== '100').join(', ');
}

/** The page that shows verdicts to people. */
export function torturePage(tables: Readonly<Record<string, readonly Verdict[]>>): string {
  const parts = [
    '# Torture messages\n',
    'What becomes of each message of RFC 4475 and RFC 5118. The tests hold this page, and write it (`UPDATE_DOCS=1`).\n',
    '*Read* is what `parseMessage` with `checkRequest` or `checkResponse` make of it: accepted, with every field as the',
    'RFC’s text has it, or the code of the `SipError`. *Endpoint* is what an `Endpoint` that takes INVITE, BYE, MESSAGE,',
    'OPTIONS and REGISTER does with it: gives it to its user (`delivered`), answers it, or drops it.\n',
  ];
  for (const [title, verdicts] of Object.entries(tables)) {
    parts.push(`## ${title}\n`, '| § | message | the RFC wants | read | endpoint |', '|---|---|---|---|---|');
    for (const { section, name, about, wanted, verdict, endpoint, choice } of verdicts) {
      const chosen = choice === undefined ? '' : `: ${choice}`;
      parts.push(`| ${section} | \`${name}\`: ${about} | ${wanted} | ${verdict}${chosen} | ${endpoint} |`);
    }
    parts.push('');
  }
  return parts.join('\n');
}
