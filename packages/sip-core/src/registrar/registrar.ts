import type { Refusal } from '../endpoint/door.ts';
import { faultPhrase } from '../endpoint/malformed.ts';
import type { Peer } from '../endpoint/peer.ts';
import { SipError } from '../errors.ts';
import { retryAfter, to } from '../headers/index.ts';
import type { Instant, Machine } from '../machine.ts';
import { createResponse, type SipRequest, set } from '../message/index.ts';
import { noParams } from '../params.ts';
import { Tokens } from '../token.ts';
import { parseUri, type Uri } from '../uri.ts';
import { addressOf, domainOf } from './address.ts';
import { type Binding, noPath } from './binding.ts';
import type { ContactValue } from './contact-value.ts';
import { detached } from './detached.ts';
import { Gruus, TEMPORARY_PREFIX } from './gruu.ts';
import { type AddressBindings, Location } from './location.ts';
import { type Directory, lookUp, temporary } from './lookup.ts';
import { type BindingRecord, readAddressRecord, writeAddressRecord } from './record.ts';
import { type RegisterRequest, readRegister, refusalOfExtensions } from './register-request.ts';
import { acceptance } from './register-response.ts';
import {
  defaultExpires,
  defaultRegistrarLimits,
  type RegistrarAction,
  type RegistrarInput,
  type RegistrarLimits,
  type RegistrarOptions,
} from './registrar-io.ts';
import type { Lookup } from './targets.ts';
import { type Change, changesOf, type UpdatePolicy } from './update.ts';

type Input<T extends RegistrarInput['type']> = Extract<RegistrarInput, { type: T }>;
type Unregistered = Extract<RegistrarAction, { type: 'unregistered' }>['reason'];

/**
 * The registrar of RFC 3261 §10.3 with its location service; Path (RFC 3327), outbound (RFC 5626) and GRUUs (RFC 5627)
 * included.
 *
 * A REGISTER changes all that it says or nothing. An action list that accepts one says 'save' or 'forget', then
 * 'respond', then what was registered. A driver that fails to store answers 500 instead of what 'respond' says, tells
 * nobody the rest, and gives what is stored under that key back with 'restore'.
 */
export class Registrar implements Machine<RegistrarInput, RegistrarAction> {
  readonly #options: RegistrarOptions;
  readonly #limits: RegistrarLimits;
  readonly #policy: UpdatePolicy;
  readonly #directory: Directory;
  readonly #hosts: ReadonlySet<string>;
  readonly #location = new Location();
  readonly #tokens: Tokens;
  /** Names this run: connections that another one stored are gone. */
  readonly #run: string;
  #now: Instant = 0;
  #actions: RegistrarAction[] = [];

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#limits = { ...defaultRegistrarLimits, ...options.limits };
    this.#policy = {
      expires: { ...defaultExpires, ...options.expires },
      perAddress: this.#limits.perAddress,
      isGruuOf: (uri, aor) => temporary(uri, this.#directory)?.of.aor === aor,
    };
    this.#directory = {
      location: this.#location,
      gruus: options.gruuKey === undefined ? undefined : new Gruus(options.gruuKey),
      domains: new Set(options.domains.map((name) => name.toLowerCase())),
    };
    this.#hosts = new Set(options.hosts?.map((name) => name.toLowerCase()));
    this.#tokens = new Tokens(options.random);
    this.#run = this.#tokens.next();
  }

  /** How many bindings there are. */
  get size(): number {
    return this.#location.size;
  }

  get deadline(): Instant | undefined {
    return this.#location.deadline;
  }

  handle(input: RegistrarInput, now: Instant): readonly RegistrarAction[] {
    this.#now = now;
    this.#actions = [];
    this.#expire();
    switch (input.type) {
      case 'register':
        this.#register(input);
        break;
      case 'flow-failed':
        this.#flowFailed(input.peer);
        break;
      case 'evict':
        this.#remove([...(this.#location.get(input.aor)?.bindings ?? [])], 'evicted');
        break;
      case 'restore':
        this.#restore(input);
        break;
      case 'tick':
        break;
    }
    return this.#actions;
  }

  /**
   * Where requests for a URI go: an address-of-record, the `pres:` or `im:` URI of the same user, or a GRUU.
   *
   * @throws SipError `uri` when it is none
   * @see RFC 3261 §16.5, RFC 5626 §7, RFC 5627 §6.1
   */
  lookup(uri: Uri | string, now: Instant): Lookup {
    return lookUp(typeof uri === 'string' ? parseUri(uri) : uri, this.#directory, now);
  }

  #register(input: Input<'register'>): void {
    const { transaction, request, peer } = input;
    try {
      const uri = parseUri(request.uri);
      const host = domainOf(uri);
      if (!this.#directory.domains.has(host) && !this.#hosts.has(host)) {
        this.#actions.push({ type: 'forward', transaction, request, peer });
        return;
      }
      const outcome = this.#process(input, host);
      if (outcome !== undefined) this.#refuse(transaction, request, outcome);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#refuse(transaction, request, { status: error.status, reason: faultPhrase(error) });
    }
  }

  /** Steps 2 to 8. Whatever is wrong is said before anything changes. */
  #process(input: Input<'register'>, host: string): Refusal | undefined {
    const { transaction, request, peer } = input;
    const unsupported = refusalOfExtensions(request);
    if (unsupported !== undefined) return unsupported;
    const address = request.get(to)?.uri;
    const aor = address === undefined || address.type !== 'sip' ? undefined : addressOf(address);
    const permission = input.permission ?? (aor !== undefined && input.identity === aor ? 'allow' : 'forbid');
    if (permission === 'forbid') return { status: 403 };
    if (aor === undefined || address === undefined || !this.#isServed(address, aor, host)) {
      return { status: 404 };
    }
    if (permission === 'unknown') return { status: 404 };
    const read = readRegister(request, this.#limits, this.#options.unannouncedPath !== 'accept');
    if (!('register' in read)) return read;
    const { register } = read;
    const current = [...(this.#location.get(aor)?.bindings ?? [])];
    const planned = changesOf(register, aor, current, this.#policy);
    if (!('changes' in planned)) return planned;
    const { changes } = planned;
    const added = changes.filter((change) => change.binding === undefined).length;
    if (added > 0 && this.#location.size + added > this.#limits.bindings) {
      const seconds = this.#limits.retryAfterSeconds;
      return { status: 503, headers: [set(retryAfter, { seconds, params: noParams })] };
    }
    const of = this.#location.open(aor);
    const changed = changes.map((change) => this.#apply(of, change, { register, peer, current }));
    this.#location.prune(of);
    if (changes.length > 0) this.#store(of);
    this.#actions.push({
      type: 'respond',
      transaction,
      response: acceptance({
        request,
        register,
        bindings: of.bindings,
        gruusOf: register.supportsGruu ? (binding) => this.#gruusOf(binding) : undefined,
        flowTimerSeconds: register.isDirect ? this.#options.flowTimerSeconds : undefined,
        toTag: this.#tokens.next(),
        now: this.#now,
      }),
    });
    for (const [index, binding] of changed.entries()) {
      const change = changes[index];
      if (change?.type === 'remove') this.#actions.push(unregistered(binding, 'removed'));
      else this.#actions.push(registered(binding, change?.binding === undefined));
    }
    return undefined;
  }

  /** Step 5: whether a domain here has it, and the Request-URI is of that domain or of the registrar itself. */
  #isServed(address: Uri, aor: string, host: string): boolean {
    const domain = domainOf(address);
    if (!this.#directory.domains.has(domain) || aor.length > AOR_LENGTH) return false;
    // So that no address-of-record is equivalent to somebody's GRUU (RFC 5627 §5.4).
    if (aor.startsWith(TEMPORARY_PREFIX, aor.indexOf(':') + 1)) return false;
    return host === domain || this.#hosts.has(host);
  }

  #apply(of: AddressBindings, change: Change, { register, peer, current }: Update): Binding {
    if (change.type === 'remove') {
      this.#location.remove(change.binding);
      return change.binding;
    }
    const { contact, seconds } = change;
    this.#newGruu(of, contact, register.callId, current);
    const binding = change.binding ?? this.#location.add(of);
    setText(binding, contact, register);
    binding.q = contact.q;
    binding.regId = contact.regId;
    binding.sequence = register.sequence;
    binding.updatedAt = this.#now;
    this.#location.setFlow(binding, register.isDirect ? peer : undefined);
    this.#location.renew(binding, this.#now + seconds * 1000);
    return binding;
  }

  /**
   * Each registration of an instance makes a temporary GRUU; one with another Call-ID than the last one before makes all
   * earlier ones invalid.
   *
   * @see RFC 5627 §5.1
   */
  #newGruu(
    of: AddressBindings,
    { instance, regId }: ContactValue,
    callId: string,
    current: readonly Binding[],
  ): void {
    if (instance === undefined || this.#directory.gruus === undefined) return;
    const registered = current.filter(
      (each) => each.instance === instance && (regId === 0 || each.regId === regId),
    );
    const latest = registered.at(-1);
    const known = of.instances.find((each) => each.name === instance);
    const distinguisher = this.#tokens.next();
    if (known === undefined || (latest !== undefined && latest.callId !== callId)) {
      this.#location.setIndex(
        of,
        known?.name ?? detached([instance])[0] ?? '',
        this.#tokens.next(),
        distinguisher,
      );
    } else known.distinguisher = distinguisher;
  }

  #gruusOf({ of, instance }: Binding): readonly [publicGruu: string, temporaryGruu: string] | undefined {
    const { gruus } = this.#directory;
    const known = of.instances.find((each) => each.name === instance);
    if (known === undefined || gruus === undefined) return undefined;
    return [gruus.publicOf(of.aor, known.name), gruus.temporary(of.aor, known.index, known.distinguisher)];
  }

  #flowFailed(peer: Peer): void {
    const failed: Binding[] = [];
    for (const binding of [...this.#location.on(peer)]) {
      // The contact of one that is not bound to its flow may be reached by other ways.
      if (binding.regId === 0) this.#location.setFlow(binding, undefined);
      else failed.push(binding);
    }
    this.#remove(failed, 'flow-failed');
  }

  #remove(bindings: readonly Binding[], reason: Unregistered): void {
    for (const binding of bindings) this.#location.remove(binding);
    for (const of of new Set(bindings.map((binding) => binding.of))) {
      this.#location.prune(of);
      this.#store(of);
    }
    for (const binding of bindings) this.#actions.push(unregistered(binding, reason));
  }

  /** The store need not be told: its records say when they end, as each binding in them does. */
  #expire(): void {
    const { deadline } = this.#location;
    if (deadline === undefined || deadline > this.#now) return;
    const due = this.#location.expire(this.#now);
    for (const of of new Set(due.map((binding) => binding.of))) this.#location.prune(of);
    for (const binding of due) this.#actions.push(unregistered(binding, 'expired'));
  }

  #store(of: AddressBindings): void {
    const key = `${KEY_PREFIX}${of.aor}`;
    if (of.bindings.length === 0) {
      this.#actions.push({ type: 'forget', key });
      return;
    }
    const expiresAt = of.bindings.reduce((latest, each) => Math.max(latest, each.expiresAt), 0);
    this.#actions.push({ type: 'save', key, record: writeAddressRecord(of, this.#run), expiresAt });
  }

  #restore({ key, record }: Input<'restore'>): void {
    const stored = record === undefined ? undefined : readAddressRecord(record);
    const known = this.#location.get(key.slice(KEY_PREFIX.length));
    for (const binding of [...(known?.bindings ?? [])]) this.#location.remove(binding);
    if (known !== undefined) this.#location.prune(known);
    if (stored === undefined) return;
    const of = this.#location.open(stored.aor);
    for (const each of stored.bindings) {
      const isFlowOver = stored.run !== this.#run && each.flow !== undefined && each.flow.transport !== 'udp';
      // "The proxy MUST invalidate all the bindings [...] that use that flow" (RFC 5626 §7): it ended with that run.
      if (each.expiresAt > this.#now && !(isFlowOver && each.regId > 0)) this.#rebind(of, each, isFlowOver);
    }
    for (const { name, index, distinguisher } of stored.instances) {
      this.#location.setIndex(of, name, index, distinguisher);
    }
    this.#location.prune(of);
  }

  #rebind(of: AddressBindings, stored: BindingRecord, isFlowOver: boolean): void {
    const binding = this.#location.add(of);
    binding.uri = stored.uri;
    binding.contact = stored.contact;
    binding.q = stored.q;
    binding.instance = stored.instance;
    binding.regId = stored.regId;
    binding.callId = stored.callId;
    binding.sequence = stored.sequence;
    binding.path = stored.path.length === 0 ? noPath : stored.path;
    binding.updatedAt = stored.updatedAt;
    this.#location.setFlow(binding, isFlowOver ? undefined : stored.flow);
    this.#location.renew(binding, stored.expiresAt);
  }

  #refuse(transaction: string, request: SipRequest, { status, reason, headers }: Refusal): void {
    const toTag = this.#tokens.next();
    const response = createResponse(request, status, { reason, headers, toTag });
    this.#actions.push({ type: 'respond', transaction, response });
  }
}

/** What the changes of one REGISTER have in common. */
interface Update {
  readonly register: RegisterRequest;
  readonly peer: Peer;
  /** The bindings as they were before. */
  readonly current: readonly Binding[];
}

const KEY_PREFIX = 'aor/';
/** Characters of an address-of-record: it is part of a key in a store. */
const AOR_LENGTH = 512;

function registered({ of, uri }: Binding, isNew: boolean): RegistrarAction {
  return { type: 'registered', aor: of.aor, contact: uri, change: isNew ? 'created' : 'refreshed' };
}

function unregistered({ of, uri }: Binding, reason: Unregistered): RegistrarAction {
  return { type: 'unregistered', aor: of.aor, contact: uri, reason, remaining: of.bindings.length };
}

/** Takes over what is text, copying only what has changed: a refresh changes nothing. */
function setText(binding: Binding, contact: ContactValue, { callId, path }: RegisterRequest): void {
  const { instance = '' } = contact;
  const isSame =
    binding.contact === contact.text &&
    binding.uri === contact.uriText &&
    binding.callId === callId &&
    (binding.instance ?? '') === instance &&
    binding.path.join('\n') === path.join('\n');
  if (isSame) return;
  const [text = '', uri = '', id = '', name = '', ...nodes] = detached([
    contact.text,
    contact.uriText,
    callId,
    instance,
    ...path,
  ]);
  binding.contact = text;
  binding.uri = uri;
  binding.callId = id;
  binding.instance = contact.instance === undefined ? undefined : name;
  binding.path = nodes.length === 0 ? noPath : nodes;
}
