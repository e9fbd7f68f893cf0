import {
  contact as contactHeader,
  date,
  expires as expiresHeader,
  flowTimer,
  type HeaderType,
  minExpires,
  require,
  retryAfter,
} from '../headers/index.ts';
import type { Instant, Machine } from '../machine.ts';
import { createRequest, type HeaderEdit, type SipRequest, type SipResponse, set } from '../message/index.ts';
import { type NameAddr, serializeNameAddr } from '../name-addr.ts';
import { params, quote, unquote } from '../params.ts';
import { Tokens } from '../token.ts';
import { parseUri, type Uri } from '../uri.ts';
import { uriEquals } from '../uri-equality.ts';
import { TimerWheel } from '../wheel.ts';
import { instanceId } from './contact-value.ts';
import type {
  RegisterOperation as Operation,
  Registered,
  RegistrationAction,
  RegistrationInput,
  RegistrationOptions,
} from './registration-io.ts';

type Timer = 'send' | 'expiry';

/**
 * The registering user agent of RFC 3261 §10.2: registers, refreshes in time, asks and removes, one REGISTER after the
 * other; one flow of RFC 5626 and the GRUUs of RFC 5627 if it is given an instance.
 *
 * After what may pass (no answer, a server in trouble, a failed flow) it tries again, later each time; what is refused
 * stays refused until 'register' comes again.
 */
export class Registration implements Machine<RegistrationInput, RegistrationAction> {
  readonly #options: RegistrationOptions;
  readonly #contact: NameAddr;
  readonly #registrar: string;
  readonly #tokens: Tokens;
  readonly #callId: string;
  readonly #fromTag: string;
  readonly #timers = new TimerWheel<Timer>();
  #sequence = 0;
  #isWanted = false;
  #registered: Registered | undefined = undefined;
  #sent: { readonly id: string; readonly operation: Operation; readonly request: SipRequest } | undefined =
    undefined;
  /** What to do when the answer is there; of two wishes to change something the later one holds. */
  #next: Exclude<Operation, 'fetch'> | undefined = undefined;
  #isFetchWanted = false;
  /** Failures since the last success. */
  #failures = 0;
  #seconds: number;
  #isLengthened = false;
  /** False once the first hop has shown not to know outbound (RFC 5626 §4.2.1). */
  #asksOutbound: boolean;
  #now: Instant = 0;
  #actions: RegistrationAction[] = [];

  /** @throws TypeError, RangeError, SipError when what is to be registered can't be */
  constructor(options: RegistrationOptions) {
    const aor = parseUri(options.aor);
    if (aor.type !== 'sip') throw new TypeError(`not a SIP address-of-record: ${options.aor}`);
    this.#options = options;
    this.#contact = contactOf(options, aor);
    this.#registrar = options.registrar ?? `${aor.scheme}:${aor.host}`;
    const registrar = parseUri(this.#registrar);
    if (registrar.type !== 'sip' || registrar.user !== undefined) {
      throw new TypeError(`a registrar's URI has no user: ${this.#registrar}`);
    }
    this.#tokens = new Tokens(options.random);
    this.#callId = this.#tokens.next();
    this.#fromTag = this.#tokens.next();
    this.#seconds = options.expiresSeconds ?? 3600;
    this.#asksOutbound = options.regId !== undefined;
  }

  /** What the registrar said last; `undefined` while nothing is registered. */
  get registered(): Registered | undefined {
    return this.#registered;
  }

  get deadline(): Instant | undefined {
    return this.#timers.deadline;
  }

  handle(input: RegistrationInput, now: Instant): readonly RegistrationAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'register':
      case 'flow-failed':
        if (input.type === 'register') this.#isWanted = true;
        if (this.#isWanted) this.#want('register');
        break;
      case 'fetch':
        this.#want('fetch');
        break;
      case 'remove':
        this.#isWanted = false;
        this.#want(input.all === true ? 'remove-all' : 'remove');
        break;
      case 'response':
        if (input.id === this.#sent?.id && input.response.status >= 200) this.#answered(input.response);
        break;
      case 'failed':
        if (input.id === this.#sent?.id) {
          this.#unanswered(this.#sent.operation, input.reason === 'timeout' ? 408 : 503);
        }
        break;
      case 'tick':
        for (const timer of this.#timers.expire(now)) {
          if (timer === 'send') this.#want('register');
          else this.#lapse('expired');
        }
    }
    return this.#actions;
  }

  /** One at a time (§10.2): what is wanted while an answer is awaited is sent after it. */
  #want(operation: Operation): void {
    if (this.#sent === undefined) this.#send(operation);
    else if (operation === 'fetch') this.#isFetchWanted = true;
    else this.#next = operation;
  }

  #send(operation: Operation): void {
    this.#sequence += 1;
    if (operation !== 'fetch') this.#timers.cancel('send');
    const { name = 'registration', to, digest } = this.#options;
    const id = `${name}/${this.#sequence}`;
    const made = this.#request(operation);
    const request = digest === undefined ? made : made.with(...digest.authorize(made));
    this.#sent = { id, operation, request };
    this.#actions.push({ type: 'send', id, request, to });
  }

  #request(operation: Operation): SipRequest {
    const { aor, route = [], instance } = this.#options;
    const tags = [
      'path',
      ...(this.#asksOutbound ? ['outbound'] : []),
      ...(instance === undefined ? [] : ['gruu']),
    ];
    const headers: HeaderEdit[] = [
      ...(route.length > 0 ? [set('Route', ...route)] : []),
      set('From', `<${aor}>;tag=${this.#fromTag}`),
      set('To', `<${aor}>`),
      set('Call-ID', this.#callId),
      set('CSeq', `${this.#sequence} REGISTER`),
      set('Supported', tags.join(', ')),
    ];
    if (operation !== 'fetch') {
      // "*" goes without instance and reg-id (RFC 5626 §4.2.3).
      headers.push(set('Contact', operation === 'remove-all' ? '*' : serializeNameAddr(this.#ownContact())));
      headers.push(set(expiresHeader, operation === 'register' ? this.#seconds : 0));
    }
    return createRequest({ method: 'REGISTER', uri: this.#registrar, headers });
  }

  #ownContact(): NameAddr {
    if (this.#asksOutbound || !this.#contact.params.has('reg-id')) return this.#contact;
    const others = new Map(this.#contact.params);
    others.delete('reg-id');
    return { ...this.#contact, params: others };
  }

  #answered(response: SipResponse): void {
    const sent = this.#sent;
    if (sent === undefined) return;
    const { status } = response;
    if (status < 300) this.#accepted(sent.operation, response);
    else if ((status === 401 || status === 407) && this.#options.digest?.challenged(sent.request, response)) {
      this.#again(sent.operation);
    } else if (status === 423 && this.#lengthen(response)) this.#again(sent.operation);
    else if (status === 439 && this.#asksOutbound) {
      // "it MAY re-attempt registration without using the outbound mechanism"
      this.#asksOutbound = false;
      this.#again(sent.operation);
    } else if (isPassing(status)) {
      this.#unanswered(sent.operation, status, headerOf(response, retryAfter)?.seconds);
    } else {
      if (sent.operation === 'register') this.#isWanted = false;
      this.#fail(sent.operation, status, undefined);
    }
  }

  #again(operation: Operation): void {
    this.#sent = undefined;
    // A later wish makes the earlier one void.
    if (operation !== 'fetch' && this.#next !== undefined) this.#continue();
    else this.#send(operation);
  }

  /** §10.2.8: asks for what the registrar is willing to honour, and for no less than that later. */
  #lengthen(response: SipResponse): boolean {
    const least = headerOf(response, minExpires) ?? 0;
    // Once for each registration, so that no registrar can make this go on for ever.
    if (least <= this.#seconds || this.#isLengthened) return false;
    this.#isLengthened = true;
    this.#seconds = least;
    return true;
  }

  #accepted(operation: Operation, response: SipResponse): void {
    const contacts = contactsOf(response);
    if (operation === 'register') {
      const own = contacts.find((each) => this.#isOwn(each));
      const written = Number(
        own?.params.get('expires') ?? headerOf(response, expiresHeader) ?? this.#seconds,
      );
      const seconds = Number.isFinite(written) ? written : 3600;
      if (seconds < 1) {
        this.#unanswered(operation, 500);
        return;
      }
      this.#sent = undefined;
      this.#succeeded(response, { contacts, own, seconds });
    } else {
      this.#sent = undefined;
      if (operation !== 'fetch') {
        this.#timers.cancel('expiry');
        this.#lapse('removed');
      }
      this.#actions.push({ type: 'contacts', contacts });
    }
    this.#continue();
  }

  #succeeded(
    response: SipResponse,
    { contacts, own, seconds }: { contacts: readonly NameAddr[]; own: NameAddr | undefined; seconds: number },
  ): void {
    this.#failures = 0;
    this.#isLengthened = false;
    const temporary = unquote(own?.params.get('temp-gruu'));
    const earlier = this.#registered?.temporaryGruus ?? [];
    const expiresAt = this.#now + seconds * 1000;
    this.#registered = {
      expiresAt,
      contacts,
      publicGruu: unquote(own?.params.get('pub-gruu')),
      temporaryGruus: temporary === undefined ? earlier : [...earlier.slice(-KEPT), temporary],
      usesOutbound: response.getAll(require).some((tag) => tag.toLowerCase() === 'outbound'),
      flowTimerSeconds: headerOf(response, flowTimer),
      date: headerOf(response, date),
    };
    this.#timers.set('expiry', expiresAt);
    if (this.#isWanted) this.#timers.set('send', refreshAt(this.#now, seconds));
    this.#actions.push({ type: 'registered', ...this.#registered });
  }

  #isOwn({ uri, params: found }: NameAddr): boolean {
    const { instance, regId } = this.#options;
    if (instance !== undefined && this.#asksOutbound && found.has('reg-id')) {
      const written = found.get('+sip.instance');
      return (
        written !== undefined &&
        instanceId(written) === instanceId(`<${instance}>`) &&
        found.get('reg-id') === String(regId)
      );
    }
    return uriEquals(uri, this.#contact.uri);
  }

  /** What may pass: tried again after a while, never at once (§10.2.7, RFC 5626 §4.5). */
  #unanswered(operation: Operation, status: number, afterSeconds = 0): void {
    if (operation !== 'register' || !this.#isWanted) {
      this.#fail(operation, status, undefined);
      return;
    }
    const { baseSeconds, maxSeconds } = this.#options.retry ?? { baseSeconds: 30, maxSeconds: 1800 };
    const most = Math.min(maxSeconds, baseSeconds * 2 ** this.#failures);
    this.#failures += 1;
    const [high = 0, low = 0] = this.#options.random(2);
    const share = 0.5 + (high * 256 + low) / 131_072;
    const retryAt = this.#now + Math.max(afterSeconds, most * share) * 1000;
    this.#timers.set('send', retryAt);
    this.#fail(operation, status, retryAt);
  }

  #lapse(reason: 'removed' | 'expired'): void {
    this.#registered = undefined;
    this.#actions.push({ type: 'unregistered', reason });
  }

  #fail(operation: Operation, status: number, retryAt: Instant | undefined): void {
    this.#sent = undefined;
    this.#actions.push({ type: 'failed', operation, status, retryAt });
    this.#continue();
  }

  #continue(): void {
    const operation = this.#next ?? (this.#isFetchWanted ? 'fetch' : undefined);
    if (operation === undefined) return;
    if (operation === 'fetch') this.#isFetchWanted = false;
    else this.#next = undefined;
    this.#send(operation);
  }
}

/** Temporary GRUUs kept beside the newest: one comes with each refresh. */
const KEPT = 15;

/**
 * A refresh has to end, by an answer or a timeout of 32 s, before the registration does; half-way when that is short.
 *
 * @see RFC 5627 §4.2
 */
function refreshAt(now: Instant, seconds: number): Instant {
  return now + Math.max(seconds - 60, seconds / 2) * 1000;
}

/** Whether another attempt later may do better. */
function isPassing(status: number): boolean {
  return (
    status === 408 || status === 430 || status === 480 || (status >= 500 && status < 600 && status !== 501)
  );
}

function contactOf({ contact, params: more = {}, instance, regId }: RegistrationOptions, aor: Uri): NameAddr {
  const uri = parseUri(contact);
  if (uri.type === 'sip' && uriEquals(uri, aor))
    throw new TypeError(`a contact is not its own address: ${contact}`);
  if (aor.scheme === 'sips' && uri.scheme === 'sip')
    throw new TypeError(`not as secure as ${aor.scheme}: ${contact}`);
  if (regId !== undefined && (instance === undefined || !(regId > 0 && regId < 2 ** 31))) {
    throw new RangeError(`a reg-id is 1 to 2**31-1, and goes with an instance: ${regId}`);
  }
  const own = {
    ...(regId === undefined ? {} : { 'reg-id': String(regId) }),
    ...(instance === undefined ? {} : { '+sip.instance': quote(`<${instance}>`) }),
  };
  return { uri, params: params({ ...more, ...own }) };
}

function contactsOf(response: SipResponse): readonly NameAddr[] {
  try {
    return response.getAll(contactHeader).filter((value) => value !== '*');
  } catch {
    return [];
  }
}

/** A header field that counts as absent when it is malformed. */
function headerOf<T>(response: SipResponse, header: HeaderType<T>): T | undefined {
  try {
    return response.get(header);
  } catch {
    return undefined;
  }
}
