import type { IncomingMessage } from 'node:http';
import { PresenceAgent, presencePackage } from '@sip-simple/presence';
import { Dialogs, Endpoint, type LocalAddress, writtenHost } from '@sip-simple/sip-core';
import { random, serveWs, type Transport, type WsRefusal } from '@sip-simple/sip-core/node';
import { Registrar, registrarExtensions } from '@sip-simple/sip-core/registrar';
import { type Logger, pino } from 'pino';
import { Accounts } from './accounts/accounts.ts';
import { packageVersion } from './config/command.ts';
import { readCredentials } from './config/credentials.ts';
import { completeConfig } from './config/load.ts';
import type { Config } from './config/options.ts';
import { isReachable, reachableAddress } from './config/reach.ts';
import { listenError } from './errors.ts';
import { listenHttp } from './http/http-server.ts';
import { Metrics } from './metrics.ts';
import type { Authorize } from './sip/authorize.ts';
import { Gate } from './sip/gate.ts';
import { type Credentials, type ListenerEvents, Listeners, openPlain, openTls } from './sip/listeners.ts';
import { Switchboard } from './sip/switchboard.ts';
import { lmdbStore } from './store/lmdb.ts';
import { memoryStore } from './store/memory.ts';
import type { Store } from './store/store.ts';

/** How long the last NOTIFYs may wait for their answers when the server ends. */
const GRACE = 2000;

/** What a server is given besides its configuration. */
export interface ServerOptions {
  /** Default: JSON lines on standard error, from the configured level on. */
  readonly log?: Logger | undefined;
  /** Who may watch and publish; default everybody. */
  readonly authorize?: Authorize | undefined;
}

/** A server that runs. */
export interface Server {
  /** Where it listens, as its `ready` line says it: `sip:udp:127.0.0.1:5060`, `http://127.0.0.1:8080`, ... */
  readonly addresses: readonly string[];
  readonly sipPort: number;
  /** `undefined` without a certificate. */
  readonly sipTlsPort: number | undefined;
  readonly httpPort: number;
  /**
   * Ends it: subscribers get a last NOTIFY (`terminated;reason=deactivated`), of whose answers it waits up to
   * two seconds, then everything is closed.
   */
  close(): Promise<void>;
}

/**
 * Starts a server. It is ready when the promise is fulfilled.
 * @param config what differs from the defaults
 * @throws {ConfigError} `refused` when it would let everybody in
 * @throws {ServerError} when a listener can't be opened
 * @throws {StoreError} when the data folder can't be used
 */
export async function startServer(
  config: Partial<Config> = {},
  options: ServerOptions = {},
): Promise<Server> {
  const running = new Running(completeConfig(config), options);
  try {
    await running.start();
    return running;
  } catch (error) {
    await running.close();
    throw error;
  }
}

class Running implements Server {
  readonly addresses: string[] = [];
  sipPort = 0;
  sipTlsPort: number | undefined = undefined;
  httpPort = 0;
  readonly #config: Config;
  readonly #authorize: Authorize | undefined;
  readonly #log: Logger;
  readonly #startedAt = performance.now();
  /** What was opened and has to be closed, in the order of opening. */
  readonly #open: (() => Promise<void>)[] = [];
  #closing: Promise<void> | undefined;
  #trouble: string | undefined;

  constructor(config: Config, options: ServerOptions) {
    this.#config = config;
    this.#authorize = options.authorize;
    this.#log = options.log ?? pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  }

  async start(): Promise<void> {
    const config = this.#config;
    const log = this.#log;
    const authorize = this.#authorize;
    const store = config.data === undefined ? memoryStore() : await lmdbStore({ directory: config.data });
    this.#open.push(() => store.close());

    const dialogs = new Dialogs();
    const endpoint = new Endpoint({
      random,
      dialogs,
      methods: [...PresenceAgent.methods, 'REGISTER'],
      supported: registrarExtensions,
    });
    const registrar = new Registrar({
      random,
      domains: config.domains,
      hosts: [config.host, reachableAddress(config.host)],
      gruuKey: await gruuKey(store),
    });
    const agent = new PresenceAgent({
      dialogs,
      random,
      // Users may also be written with the server's address, as small set-ups do.
      domains: [...config.domains, config.host, reachableAddress(config.host)],
      policy: authorize ? 'ask' : 'allow',
      package: presencePackage({ minPublicationSeconds: config.publicationMinExpires }),
      // What ends with this process need not be written for a next one to read.
      isPersistent: config.data !== undefined,
    });
    const listeners = new Listeners();
    const credentials = readCredentials(config);
    const metrics = new Metrics(() => ({ ...agent.counts, dialogs: dialogs.size, held: switchboard.held }));
    this.#open.push(async () => metrics.close());
    const switchboard = new Switchboard({
      endpoint,
      agent,
      registrar,
      store,
      metrics,
      log,
      authorize,
      gate: config.auth === 'digest' ? this.#gate(store) : undefined,
      transmit: (peer, bytes) => listeners.transmit(peer, bytes),
      onStoreFailed: (reason) => {
        this.#trouble = reason;
      },
    });
    const publications = await switchboard.restore(store.list('pub/'));
    const subscriptions = await switchboard.restore(store.list('sub/'));
    const registrations = await switchboard.restore(store.list('aor/'));

    const events: ListenerEvents = {
      onReceived: (peer, bytes, fault) => switchboard.receive(peer, bytes, fault),
      onFailed: (peer, error) => switchboard.transportFailed(peer, error),
    };
    this.#open.push(() => listeners.close());
    await this.#openSip(listeners, events, credentials);
    const advertise = (): void => {
      const advertised = advertisedAddresses(listeners.addresses);
      endpoint.addresses = advertised;
      agent.addresses = advertised;
    };
    // Before HTTP is opened, which is the last: a health check finds a server that serves.
    advertise();
    await this.#openHttp(metrics, () => agent.counts, listeners, events, credentials);
    advertise();
    this.#open.push(() => {
      log.info('ending');
      return switchboard.drain(GRACE);
    });

    log.info(
      { addresses: this.addresses, domains: config.domains, publications, subscriptions, registrations },
      'running',
    );
    if (isReachable(config.host) && config.auth === 'none')
      log.warn('whoever reaches this server may publish and watch in any name (--insecure)');
    if (config.data === undefined)
      log.info('state is kept in memory: a restart forgets it; --data DIR keeps it');
  }

  #gate(store: Store): Gate {
    const accounts = new Accounts(store);
    const { domains, authHashes: hashes } = this.#config;
    return new Gate({
      domains,
      random,
      hashes,
      secret: (user, domain, hash) => accounts.secret({ user, domain }, hash),
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        this.#log.error({ err: error }, 'closing failed');
      }
    }
  }

  async #openSip(
    listeners: Listeners,
    events: ListenerEvents,
    credentials: Credentials | undefined,
  ): Promise<void> {
    const { host, sipPort, sipTlsPort } = this.#config;
    const open = async (
      flag: string,
      port: number,
      opening: Promise<readonly Transport[]>,
    ): Promise<void> => {
      const opened = await opening.catch((error) => {
        throw listenError('SIP', flag, host, port, error);
      });
      for (const transport of opened) {
        listeners.add(transport);
        const { local } = transport;
        this.addresses.push(`sip:${local.transport}:${writtenHost(local.host)}:${local.port}`);
      }
    };
    await open('sip-port', sipPort, openPlain({ host, port: sipPort, ...events }));
    this.sipPort = listeners.addresses[0]?.port ?? 0;
    if (credentials === undefined) return;
    const secure = openTls({ host, port: sipTlsPort, ...events, ...credentials });
    await open(
      'sip-tls-port',
      sipTlsPort,
      secure.then((transport) => [transport]),
    );
    this.sipTlsPort = listeners.addresses.at(-1)?.port;
  }

  async #openHttp(
    metrics: Metrics,
    counts: () => PresenceAgent['counts'],
    listeners: Listeners,
    events: ListenerEvents,
    credentials: Credentials | undefined,
  ): Promise<void> {
    const { host, httpPort, domains, data, auth } = this.#config;
    try {
      const http = await listenHttp({
        host,
        port: httpPort,
        credentials,
        trouble: () => this.#trouble,
        metrics: () => metrics.text(),
        status: () => ({
          version: packageVersion(),
          trouble: this.#trouble,
          uptimeSeconds: (performance.now() - this.#startedAt) / 1000,
          addresses: this.addresses,
          domains,
          store: data === undefined ? 'memory: a restart forgets everything' : 'LMDB, in its data folder',
          figures: [
            ['Subscriptions', counts().subscriptions],
            ['Publications', counts().publications],
            ['Requests answered', metrics.totals.requests],
            ['Messages dropped', metrics.totals.dropped],
            ['Errors', metrics.totals.errors],
          ],
        }),
      });
      this.#open.push(() => http.close());
      const [scheme, transport] =
        credentials === undefined ? (['http', 'ws'] as const) : (['https', 'wss'] as const);
      const webSocket = serveWs({
        local: { transport, host: http.host, port: http.port },
        ...events,
        refuse: auth === 'none' ? refuseForeignOrigin : undefined,
      });
      // Before HTTP, which waits for its connections to end.
      this.#open.push(() => webSocket.close());
      listeners.add(webSocket);
      http.onUpgrade = (request, socket, head) => webSocket.upgrade(request, socket, head);
      this.addresses.push(`sip:${transport}:${writtenHost(http.host)}:${http.port}`);
      this.addresses.push(`${scheme}://${writtenHost(http.host)}:${http.port}`);
      this.httpPort = http.port;
    } catch (error) {
      throw listenError('HTTP', 'http-port', host, httpPort, error);
    }
  }
}

/** The key of GRUUs: made once, and the same for ever. */
async function gruuKey(store: Store): Promise<Uint8Array> {
  const known = await store.read(GRUU_KEY);
  if (known !== undefined) return known.value;
  const made = random(32);
  await store.write(GRUU_KEY, made);
  return made;
}

const GRUU_KEY = 'key/gruu';

/** Where nobody has to prove who they are, another site's page in a user's browser must not speak in their name. */
function refuseForeignOrigin({ headers: { origin, host } }: IncomingMessage): WsRefusal | undefined {
  if (origin === undefined) return undefined;
  return URL.canParse(origin) && new URL(origin).host === host ? undefined : { status: 403 };
}

/** What others are told to reach us by: an address that stands for all of this machine's is none. */
function advertisedAddresses(addresses: readonly LocalAddress[]): readonly LocalAddress[] {
  return addresses.map((address) => ({ ...address, host: reachableAddress(address.host) }));
}
