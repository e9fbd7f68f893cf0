import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Distinct values of one label before the rest is counted as `other`: a peer must not choose how many. */
const LABEL_VALUES = 64;

/** What the gauges read when somebody asks for the metrics. */
export interface Levels {
  readonly subscriptions: number;
  readonly publications: number;
  readonly dialogs: number;
  /** Answers and requests that wait for the store. */
  readonly held: number;
}

/**
 * What the server counts, for Prometheus. Counting costs an addition; it becomes text only when somebody
 * asks.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Tally();
  readonly #sent = new Tally();
  readonly #dropped = new Tally();
  readonly #errors = new Tally();
  readonly #storeSeconds: Histogram;

  constructor(levels: () => Levels) {
    const register = this.#registry;
    collectDefaultMetrics({ register });
    counter(register, 'simple_sip_requests_total', 'Requests answered', ['method', 'status'], this.#requests);
    counter(
      register,
      'simple_sip_requests_sent_total',
      'Requests sent, by what came of them',
      ['method', 'outcome'],
      this.#sent,
    );
    counter(register, 'simple_sip_dropped_total', 'Messages ignored', ['reason'], this.#dropped);
    counter(register, 'simple_errors_total', 'Faults of this server', ['where'], this.#errors);
    for (const [name, help] of [
      ['subscriptions', 'Subscriptions that get notifications'],
      ['publications', 'Publications that have not expired'],
      ['dialogs', 'SIP dialogs'],
      ['held', 'Batches of messages that wait for the store'],
    ] as const) {
      new Gauge({
        name: `simple_${name}`,
        help,
        registers: [register],
        collect() {
          this.set(levels()[name]);
        },
      });
    }
    this.#storeSeconds = new Histogram({
      name: 'simple_store_write_seconds',
      help: 'Time until writes were safe',
      buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
      registers: [register],
    });
  }

  answered(method: string, status: number): void {
    this.#requests.add(method, `${status}`);
  }

  /** @param outcome the status of the final response, or why there was none */
  sent(method: string, outcome: string): void {
    this.#sent.add(method, outcome);
  }

  dropped(reason: string): void {
    this.#dropped.add(reason);
  }

  failed(where: string): void {
    this.#errors.add(where);
  }

  stored(seconds: number): void {
    this.#storeSeconds.observe(seconds);
  }

  get totals(): { readonly requests: number; readonly dropped: number; readonly errors: number } {
    return { requests: this.#requests.total, dropped: this.#dropped.total, errors: this.#errors.total };
  }

  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  close(): void {
    this.#registry.clear();
  }
}

/** Counts by the values of one or two labels. */
class Tally {
  readonly #counts = new Map<string, Map<string, number>>();
  total = 0;

  add(first: string, second = ''): void {
    this.total++;
    let counts = this.#counts.get(first);
    if (!counts) {
      const name = this.#counts.size < LABEL_VALUES ? first : 'other';
      counts = this.#counts.get(name) ?? new Map();
      this.#counts.set(name, counts);
    }
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }

  *[Symbol.iterator](): Generator<readonly [values: readonly string[], count: number]> {
    for (const [first, counts] of this.#counts)
      for (const [second, count] of counts) yield [[first, second], count];
  }
}

function counter(
  register: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  tally: Tally,
): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [register],
    collect() {
      this.reset();
      for (const [values, count] of tally) this.labels(...values.slice(0, labelNames.length)).inc(count);
    },
  });
}
