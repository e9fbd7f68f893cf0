import type { Timed } from '../wheel.ts';
import type { Outcome } from './best.ts';
import type { Received } from './copy.ts';
import type { RecordRoute } from './record-route.ts';
import type { Waiting } from './target-set.ts';

/**
 * What is known of a request under way: the response context of §16.7. One without a server transaction (`transaction`
 * is '') is forwarded to one target and forgotten.
 */
export class Context implements Timed {
  tick = 0;
  slot = -1;
  previous: Timed | undefined = undefined;
  next: Timed | undefined = undefined;

  readonly id: string;
  readonly transaction: string;
  readonly received: Received;
  /** Whether this proxy may choose where it goes (§16.5). */
  readonly isHere: boolean;
  /** Incoming Max-Breadth. */
  readonly breadth: number;
  readonly isInvite: boolean;
  readonly createdAt: number;
  /** What it waits to be told; `undefined` once it is forwarded. */
  asked: 'admit' | 'locate' | undefined = undefined;
  /** Route values of local policy. */
  route: readonly string[] = [];
  /** What its branches end with when it forks; '' while it has but one. */
  mark = '';
  /** Targets that wait for their turn, the preferred ones first. */
  readonly waiting: Waiting[] = [];
  /** All that have been in the target set (§16.5). */
  readonly known: Waiting[] = [];
  readonly branches: Branch[] = [];
  readonly outcomes: Outcome[] = [];
  /** No more branches: answered, taken back, or declined by a 6xx. */
  isClosed = false;
  isCancelled = false;
  isAnswered = false;
  /** When the last branch accepted an INVITE: its 2xx may come again. */
  lastAcceptedAt: number | undefined = undefined;

  constructor(init: {
    readonly id: string;
    readonly transaction: string;
    readonly received: Received;
    readonly isHere: boolean;
    readonly breadth: number;
    readonly now: number;
  }) {
    this.id = init.id;
    this.transaction = init.transaction;
    this.received = init.received;
    this.isHere = init.isHere;
    this.breadth = init.breadth;
    this.isInvite = init.received.request.method === 'INVITE';
    this.createdAt = init.now;
  }

  /** Branches without a final response. */
  get running(): readonly Branch[] {
    return this.branches.filter((branch) => !branch.isDone);
  }
}

/** One copy of a request on its way. Its timer is timer C. */
export class Branch implements Timed {
  tick = 0;
  slot = -1;
  previous: Timed | undefined = undefined;
  next: Timed | undefined = undefined;

  readonly id: string;
  readonly context: Context;
  readonly target: Waiting;
  readonly breadth: number;
  readonly isFlowOnly: boolean;
  readonly recordRoute: RecordRoute | undefined;
  isProvisional = false;
  isCancelled = false;
  isDone = false;

  constructor(init: {
    readonly id: string;
    readonly context: Context;
    readonly target: Waiting;
    readonly breadth: number;
    readonly isFlowOnly: boolean;
    readonly recordRoute: RecordRoute | undefined;
  }) {
    this.id = init.id;
    this.context = init.context;
    this.target = init.target;
    this.breadth = init.breadth;
    this.isFlowOnly = init.isFlowOnly;
    this.recordRoute = init.recordRoute;
  }
}
