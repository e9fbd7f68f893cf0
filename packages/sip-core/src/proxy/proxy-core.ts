import type { Refusal } from '../endpoint/door.ts';
import type { EndpointAction } from '../endpoint/io.ts';
import type { LocalAddress, Peer } from '../endpoint/peer.ts';
import { SipError } from '../errors.ts';
import { retryAfter } from '../headers/index.ts';
import type { Instant, Machine } from '../machine.ts';
import { createResponse, type SipRequest, type SipResponse, set } from '../message/index.ts';
import { noParams } from '../params.ts';
import { Tokens } from '../token.ts';
import { defaultTimers } from '../transaction/timers.ts';
import { serializeUri } from '../uri.ts';
import { canonicalAor } from '../uri-equality.ts';
import { Wheel } from '../wheel.ts';
import { type Outcome, passedOn } from './best.ts';
import { Branch, Context } from './context.ts';
import { copyFor, withContentLength } from './copy.ts';
import { examine } from './examine.ts';
import { finalAnswer } from './final-answer.ts';
import { hasLooped, loopMark } from './loop.ts';
import { shareBreadth } from './max-breadth.ts';
import { leadsTo } from './own.ts';
import { isLooseRoute } from './postprocess.ts';
import type { Names } from './preprocess.ts';
import {
  defaultProxyLimits,
  type ProxyAction,
  type ProxyInput,
  type ProxyLimits,
  type ProxyOptions,
  type ProxyTarget,
} from './proxy-io.ts';
import { type RecordRoute, rewritten } from './record-route.ts';
import { Seals } from './seals.ts';
import { statelessly } from './stateless.ts';
import { addNext, addTargets, isForking, recursed, type Waiting } from './target-set.ts';
import type { Understood } from './validate.ts';

type Input<T extends ProxyInput['type']> = Extract<ProxyInput, { type: T }>;

/**
 * The core of a stateful proxy: what is between a server transaction and the client transactions of its branches.
 *
 * It stands on an endpoint, whose 'forward' actions are its inputs, and asks two questions of whoever drives it: may
 * this request go there ('admit'), and where is this user ('locate'). Nothing is forwarded that was not admitted.
 *
 * @see RFC 3261 §16; RFC 4320 §4; RFC 5393; RFC 5626 §5, §7; RFC 6026 §7.3
 */
export class ProxyCore implements Machine<ProxyInput, ProxyAction> {
  readonly #options: ProxyOptions;
  readonly #limits: ProxyLimits;
  readonly #understood: Understood;
  readonly #tokens: Tokens;
  readonly #seals: Seals;
  readonly #prefix: string;
  readonly #timerC: number;
  /** 64*T1: how long a transaction awaits its answer, and a 2xx may be sent again. */
  readonly #patience: number;
  readonly #contexts: Map<string, Context> = new Map();
  readonly #byTransaction: Map<string, Context> = new Map();
  readonly #branches: Map<string, Branch> = new Map();
  readonly #wheel: Wheel<Context | Branch> = new Wheel();
  #names: Names;
  #count = 0;
  #actions: ProxyAction[] = [];

  /** @throws RangeError when the secret has less than 16 bytes, or timer C is not above 3 minutes */
  constructor(options: ProxyOptions) {
    const { timerC = 240_000, prefix = 'proxy/', addresses = [] } = options;
    if (!(timerC > 180_000)) throw new RangeError('timer C has to be above 3 minutes (RFC 3261 §16.6)');
    this.#options = options;
    this.#limits = { ...defaultProxyLimits, ...options.limits };
    this.#understood = {
      schemes: new Set(options.schemes ?? ['sip', 'sips']),
      supported: new Set((options.supported ?? []).map((tag) => tag.toLowerCase())),
    };
    this.#tokens = new Tokens(options.random);
    this.#seals = new Seals(options.secret, this.#tokens);
    this.#prefix = prefix;
    this.#timerC = timerC;
    this.#patience = 64 * (options.timers?.t1 ?? defaultTimers.t1);
    this.#names = this.#namesAt(addresses);
  }

  /** The endpoint's listeners: what Via and Record-Route name, and what Route may. */
  get addresses(): readonly LocalAddress[] {
    return this.#names.addresses;
  }

  set addresses(addresses: readonly LocalAddress[]) {
    this.#names = this.#namesAt(addresses);
  }

  /** How many requests are under way. */
  get size(): number {
    return this.#contexts.size;
  }

  get deadline(): Instant | undefined {
    return this.#wheel.deadline;
  }

  /** Whether an endpoint's action is for this machine, and not for another user of the endpoint. */
  owns(action: EndpointAction): action is Extract<ProxyInput, EndpointAction> {
    switch (action.type) {
      case 'forward':
        return true;
      case 'cancelled':
        return this.#byTransaction.has(action.transaction);
      case 'response':
      case 'failed':
        return action.id.startsWith(this.#prefix);
      default:
        return false;
    }
  }

  /** @throws RangeError when 'admitted' names a route that is no loose router's */
  handle(input: ProxyInput, now: Instant): readonly ProxyAction[] {
    switch (input.type) {
      case 'forward':
        this.#forward(input, now);
        break;
      case 'admitted':
        this.#admitted(input, now);
        break;
      case 'refused':
        this.#refused(input, now);
        break;
      case 'located':
        this.#located(input, now);
        break;
      case 'response':
        this.#response(input, now);
        break;
      case 'failed':
        this.#failed(input, now);
        break;
      case 'cancelled':
        this.#cancelled(input, now);
        break;
      case 'tick':
        for (const due of this.#wheel.expire(now)) this.#due(due, now);
    }
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  #namesAt(addresses: readonly LocalAddress[]): Names {
    const { isOwn, isResponsible } = this.#options;
    return {
      addresses,
      isOwn: (uri) => leadsTo(uri, addresses) || isOwn?.(uri) === true,
      isResponsible,
      seals: this.#seals,
    };
  }

  #forward({ transaction, request, peer }: Input<'forward'>, now: Instant): void {
    const isBare = transaction === '';
    const examined = examine(request, peer, this.#names, this.#understood, this.#limits.breadth);
    if ('status' in examined) {
      this.#answer(transaction, request, peer, examined);
      return;
    }
    // Neither ACK nor CANCEL can be challenged: only what proves by its route that it may goes elsewhere.
    if (isBare && examined.reach === 'elsewhere') {
      this.#answer(transaction, request, peer, { status: 403 });
      return;
    }
    this.#count += 1;
    const context = new Context({ id: `${this.#prefix}${this.#count}`, transaction, now, ...examined });
    if (isBare && !context.isHere) {
      this.#locate(context, now);
      return;
    }
    if (this.#contexts.size >= this.#limits.contexts) {
      this.#answer(transaction, request, peer, this.#busy());
      return;
    }
    this.#contexts.set(context.id, context);
    if (isBare) {
      this.#locate(context, now);
      return;
    }
    this.#byTransaction.set(transaction, context);
    context.asked = 'admit';
    this.#wheel.set(context, now + this.#patience);
    this.#actions.push({ type: 'admit', id: context.id, request, peer, reach: examined.reach });
  }

  #admitted({ id, route = [] }: Input<'admitted'>, now: Instant): void {
    const context = this.#contexts.get(id);
    if (context?.asked !== 'admit') return;
    if (!route.every(isLooseRoute))
      throw new RangeError('a route of policy leads over a strict router (§16.6)');
    context.route = route;
    this.#locate(context, now);
  }

  #refused({ id, status, reason, headers }: Input<'refused'>, now: Instant): void {
    const context = this.#contexts.get(id);
    if (context?.asked === 'admit') this.#refuse(context, { status, reason, headers }, now);
  }

  /** §16.5: whoever is not of a domain here is where the Request-URI says. */
  #locate(context: Context, now: Instant): void {
    const { request, preprocessed } = context.received;
    const { uri } = preprocessed;
    if (context.isHere) {
      context.asked = 'locate';
      this.#wheel.set(context, now + this.#patience);
      this.#actions.push({ type: 'locate', id: context.id, uri, aor: canonicalAor(uri), request });
    } else this.#begin(context, [{ uri: serializeUri(uri) }], now);
  }

  #located({ id, targets, status = 480, headers }: Input<'located'>, now: Instant): void {
    const context = this.#contexts.get(id);
    if (context === undefined || !context.isHere || context.isClosed || context.asked === 'admit') return;
    if (context.asked === undefined || targets.length > 0) this.#begin(context, targets, now);
    else this.#refuse(context, { status, headers }, now);
  }

  /** Forwards to these targets, and those there are. */
  #begin(context: Context, targets: readonly ProxyTarget[], now: Instant): void {
    const isFirst = context.known.length === 0;
    context.asked = undefined;
    this.#wheel.cancel(context);
    addTargets(context, targets, this.#limits.branches);
    if (isFirst && context.waiting.length === 0) {
      this.#refuse(context, { status: 480 }, now);
      return;
    }
    if (context.transaction === '') {
      this.#sendStatelessly(context);
      return;
    }
    if (context.mark === '' && isForking(context.known)) {
      const { request } = context.received;
      context.mark = loopMark(request, this.#tokens, this.#options.routedBy ?? []);
      if (isFirst && hasLooped(request, context.mark, this.#names.addresses)) {
        this.#refuse(context, { status: 482 }, now);
        return;
      }
    }
    this.#goOn(context, now);
  }

  /** Starts what may be started now; answers when nothing is left. */
  #goOn(context: Context, now: Instant): void {
    const { waiting } = context;
    // The server transaction of another request than INVITE is over by then: nobody would hear the answer (RFC 4320).
    const isLate = !context.isInvite && now - context.createdAt >= this.#patience;
    if (context.isClosed || isLate) waiting.length = 0;
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const running = context.running;
      const q = running.reduce((most, branch) => Math.max(most, branch.target.q), -1);
      if (first.q < q) break;
      const { q: current } = first;
      const used = running.reduce((sum, branch) => sum + branch.breadth, 0);
      const wanted = waiting.filter((target) => target.q === current).length;
      const shares = shareBreadth(context.breadth - used, wanted);
      if (shares.length === 0) break;
      const started = waiting.splice(0, shares.length);
      for (const [index, target] of started.entries()) this.#start(context, target, shares[index] ?? 1, now);
    }
    if (context.running.length > 0) return;
    if (!context.isAnswered) this.#answerBest(context);
    this.#retire(context, now);
  }

  #start(context: Context, target: Waiting, breadth: number, now: Instant): void {
    const { recordRoute = true, path = false } = this.#options;
    const options = { route: context.route, breadth, recordRoute, path };
    let status = 480;
    try {
      const copy = copyFor(context.received, target, options, this.#names);
      if (copy !== undefined) {
        const id = `${context.id}/${context.branches.length}`;
        const branch = new Branch({ id, context, target, breadth, ...copy });
        context.branches.push(branch);
        this.#branches.set(id, branch);
        if (context.isInvite) this.#wheel.set(branch, now + this.#timerC);
        this.#actions.push({
          type: 'send',
          id,
          request: copy.request,
          to: copy.next,
          forwards: context.mark,
        });
        return;
      }
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      status = error.status;
    }
    context.outcomes.push({ status, response: undefined });
  }

  #sendStatelessly(context: Context): void {
    const [target] = context.waiting;
    const { peer, request } = context.received;
    this.#contexts.delete(context.id);
    if (target === undefined) return;
    const sent = statelessly(context.received, target, context.breadth, this.#names, this.#tokens);
    if (sent === undefined) this.#drop(peer, `no way to send the ${request.method} on`);
    else this.#actions.push({ type: 'transmit', peer: sent.next, bytes: sent.bytes });
  }

  /** §16.7. */
  #response({ id, response }: Input<'response'>, now: Instant): void {
    const branch = this.#branches.get(id);
    if (branch === undefined) return;
    const { context } = branch;
    const { status } = response;
    if (status < 200) {
      if (branch.isDone) return;
      branch.isProvisional = true;
      if (status === 100 || !context.isInvite) return;
      if (!branch.isCancelled) this.#wheel.set(branch, now + this.#timerC);
      if (!context.isAnswered) this.#pass(context, response, branch.recordRoute);
    } else if (status < 300) this.#accepted(branch, response, now);
    else if (!branch.isDone) this.#ended(branch, { status, response }, now);
  }

  /** A 2xx is passed on at once, of an INVITE every one and however often it comes (RFC 6026 §7.2). */
  #accepted(branch: Branch, response: SipResponse, now: Instant): void {
    const { context } = branch;
    if (context.isInvite || !context.isAnswered) this.#pass(context, response, branch.recordRoute);
    if (branch.isDone) return;
    this.#done(branch);
    context.isAnswered = true;
    context.isClosed = true;
    context.lastAcceptedAt = now;
    this.#cancelRunning(context);
    this.#goOn(context, now);
  }

  #failed({ id, reason }: Input<'failed'>, now: Instant): void {
    const branch = this.#branches.get(id);
    if (branch === undefined || branch.isDone) return;
    // §16.9: as if a 503 had come; of a flow that there is no more, 430 (RFC 5626 §5.3.1).
    const status = reason === 'timeout' ? 408 : branch.isFlowOnly ? 430 : 503;
    this.#ended(branch, { status, response: undefined }, now);
  }

  /** A branch has come to an end that may be the answer, if none better comes. */
  #ended(branch: Branch, { status, response }: Outcome, now: Instant): void {
    const { context, target, recordRoute } = branch;
    this.#done(branch);
    const left =
      this.#options.recurse === true ? recursed(context, response, this.#limits.branches) : response;
    if (left !== 'all') context.outcomes.push({ status, response: left, recordRoute });
    if (status >= 600) {
      context.isClosed = true;
      this.#cancelRunning(context);
    }
    // RFC 5626 §7: any other answer is that of the instance itself.
    if ((status === 430 || status === 408) && !context.isClosed) addNext(context.waiting, target.others);
    this.#goOn(context, now);
  }

  #cancelled({ transaction }: Input<'cancelled'>, now: Instant): void {
    const context = this.#byTransaction.get(transaction);
    if (context === undefined || context.isAnswered) return;
    context.isCancelled = true;
    context.isClosed = true;
    if (context.asked !== undefined) {
      this.#refuse(context, { status: 487 }, now);
      return;
    }
    this.#cancelRunning(context);
    this.#goOn(context, now);
  }

  #due(due: Context | Branch, now: Instant): void {
    if (due instanceof Branch) this.#timerCFired(due, now);
    else if (due.asked !== undefined) this.#refuse(due, { status: 500 }, now);
    else this.#retire(due, now);
  }

  /** §16.8. */
  #timerCFired(branch: Branch, now: Instant): void {
    this.#cancel(branch);
    if (!branch.isProvisional) this.#ended(branch, { status: 408, response: undefined }, now);
  }

  #answerBest(context: Context): void {
    const final = finalAnswer(context);
    const { transaction, received } = context;
    context.isAnswered = true;
    context.isClosed = true;
    if (final === undefined) return;
    if ('status' in final) this.#answer(transaction, received.request, received.peer, final);
    else this.#pass(context, final.response, final.recordRoute, context.outcomes);
  }

  /** Passes a response on as it is but for our Via and our Record-Route. */
  #pass(
    { transaction }: Context,
    received: SipResponse,
    recordRoute: RecordRoute | undefined,
    others: readonly Outcome[] = [],
  ): void {
    const edits = recordRoute === undefined ? [] : rewritten(received, recordRoute);
    const response = withContentLength(received.with(...passedOn(received, others), ...edits));
    this.#actions.push({ type: 'respond', transaction, response, forwarded: true });
  }

  /** Answers a request that was not forwarded. */
  #refuse(context: Context, refusal: Refusal, now: Instant): void {
    const { transaction, received } = context;
    context.asked = undefined;
    context.isAnswered = true;
    context.isClosed = true;
    this.#answer(transaction, received.request, received.peer, refusal);
    this.#retire(context, now);
  }

  #answer(transaction: string, request: SipRequest, peer: Peer, refusal: Refusal): void {
    if (transaction === '') {
      this.#drop(peer, `${request.method} without a transaction: ${refusal.status}`);
      return;
    }
    const response = createResponse(request, refusal.status, refusal);
    this.#actions.push({ type: 'respond', transaction, response });
  }

  #cancelRunning(context: Context): void {
    if (context.isInvite) for (const branch of context.running) this.#cancel(branch);
  }

  #cancel(branch: Branch): void {
    if (branch.isCancelled) return;
    branch.isCancelled = true;
    this.#wheel.cancel(branch);
    // Sent as soon as the branch has answered provisionally (§9.1).
    this.#actions.push({ type: 'cancel', id: branch.id });
  }

  #done(branch: Branch): void {
    branch.isDone = true;
    this.#wheel.cancel(branch);
  }

  /** Forgets a context with nothing under way; after a 2xx to INVITE once that can't come again. */
  #retire(context: Context, now: Instant): void {
    if (!context.isAnswered || context.running.length > 0) return;
    const { lastAcceptedAt = -Infinity } = context;
    if (context.isInvite && lastAcceptedAt + this.#patience > now) {
      this.#wheel.set(context, lastAcceptedAt + this.#patience);
      return;
    }
    this.#wheel.cancel(context);
    this.#contexts.delete(context.id);
    this.#byTransaction.delete(context.transaction);
    for (const { id } of context.branches) this.#branches.delete(id);
  }

  #busy(): Refusal {
    const seconds = this.#limits.retryAfterSeconds;
    return { status: 503, headers: [set(retryAfter, { seconds, params: noParams })] };
  }

  #drop(peer: Peer, reason: string): void {
    this.#actions.push({ type: 'dropped', peer, reason });
  }
}
