/** The timers of RFC 3261 appendix A and RFC 6026 §8.11; `100` is what sends 100 (Trying) for a slow TU. */
export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M' | '100';

export type TransactionState =
  | 'calling'
  | 'trying'
  | 'proceeding'
  | 'accepted'
  | 'completed'
  | 'confirmed'
  | 'terminated';

/** What can happen to a transaction: from the network, from the transaction user ('send ...', 'cancel'), from time. */
export type TransactionInput =
  | '1xx'
  | '2xx'
  | '300-699'
  | 'request'
  | 'ack'
  | 'send 1xx'
  | 'send 2xx'
  | 'send 300-699'
  | 'cancel'
  | 'transport error'
  | `timer ${TimerName}`;

/**
 * What a transition does, in order.
 *
 * - `transmit`: pass the last message sent to the transport (once more)
 * - `deliver`: pass what was received to the transaction user
 * - `acknowledge`: make the ACK of a non-2xx final response (§17.1.1.3), once, and transmit it
 * - `send 100`, `send CANCEL`: make that message and transmit it
 * - `inform timeout`, `inform transport`: tell the transaction user that it failed
 * - `start X`: start timer X with its first value; X with the value zero fires at once
 * - `double X`: start it again with twice its last value (at most T2 for E and G); `hold X`: with T2
 * - `stop X`
 */
export type TransactionAction =
  | 'transmit'
  | 'deliver'
  | 'acknowledge'
  | 'send 100'
  | 'send CANCEL'
  | 'inform timeout'
  | 'inform transport'
  | `start ${TimerName}`
  | `double ${'A' | 'E' | 'G'}`
  | `hold E`
  | `stop ${TimerName}`;

export interface Transition {
  /** The next state; the same one when left out. */
  readonly to?: TransactionState;
  readonly do: readonly TransactionAction[];
}

/** One of the four machines: a state x input that is not listed changes nothing and does nothing. */
export interface TransactionTable {
  readonly name: string;
  readonly rfc: string;
  readonly start: Transition & { readonly to: TransactionState };
  readonly states: { readonly [S in TransactionState]?: { readonly [I in TransactionInput]?: Transition } };
}

const inviteAccepted: Transition = { to: 'accepted', do: ['stop A', 'stop B', 'deliver', 'start M'] };
const inviteRefused: Transition = {
  to: 'completed',
  do: ['stop A', 'stop B', 'acknowledge', 'deliver', 'start D'],
};

/** RFC 3261 §17.1.1 figure 5, as RFC 6026 §8.4 replaces it; CANCEL after §9.1. */
export const inviteClient: TransactionTable = {
  name: 'INVITE client',
  rfc: 'RFC 3261 §17.1.1, RFC 6026 §7.2',
  start: { to: 'calling', do: ['transmit', 'start A', 'start B'] },
  states: {
    calling: {
      'timer A': { do: ['transmit', 'double A'] },
      'timer B': { to: 'terminated', do: ['inform timeout'] },
      'transport error': { to: 'terminated', do: ['inform transport'] },
      '1xx': { to: 'proceeding', do: ['stop A', 'stop B', 'deliver'] },
      '2xx': inviteAccepted,
      '300-699': inviteRefused,
    },
    proceeding: {
      '1xx': { do: ['deliver'] },
      '2xx': inviteAccepted,
      '300-699': inviteRefused,
      // §9.1: without a final response 64*T1 after the CANCEL, the INVITE is considered cancelled.
      cancel: { do: ['send CANCEL', 'start B'] },
      'timer B': { to: 'terminated', do: ['inform timeout'] },
    },
    accepted: {
      '2xx': { do: ['deliver'] },
      'timer M': { to: 'terminated', do: [] },
    },
    completed: {
      '300-699': { do: ['acknowledge'] },
      'timer D': { to: 'terminated', do: [] },
      'transport error': { to: 'terminated', do: ['inform transport'] },
    },
  },
};

const answered: Transition = { to: 'completed', do: ['stop E', 'stop F', 'deliver', 'start K'] };

/** RFC 3261 §17.1.2 figure 6. */
export const nonInviteClient: TransactionTable = {
  name: 'non-INVITE client',
  rfc: 'RFC 3261 §17.1.2',
  start: { to: 'trying', do: ['transmit', 'start E', 'start F'] },
  states: {
    trying: {
      'timer E': { do: ['transmit', 'double E'] },
      'timer F': { to: 'terminated', do: ['inform timeout'] },
      'transport error': { to: 'terminated', do: ['inform transport'] },
      '1xx': { to: 'proceeding', do: ['deliver'] },
      '2xx': answered,
      '300-699': answered,
    },
    proceeding: {
      'timer E': { do: ['transmit', 'hold E'] },
      'timer F': { to: 'terminated', do: ['inform timeout'] },
      'transport error': { to: 'terminated', do: ['inform transport'] },
      '1xx': { do: ['deliver'] },
      '2xx': answered,
      '300-699': answered,
    },
    completed: {
      'timer K': { to: 'terminated', do: [] },
    },
  },
};

/** RFC 3261 §17.2.1 figure 7, as RFC 6026 §8.6 replaces it. */
export const inviteServer: TransactionTable = {
  name: 'INVITE server',
  rfc: 'RFC 3261 §17.2.1, RFC 6026 §7.1',
  start: { to: 'proceeding', do: ['deliver', 'start 100'] },
  states: {
    proceeding: {
      request: { do: ['transmit'] },
      'timer 100': { do: ['send 100'] },
      'send 1xx': { do: ['stop 100', 'transmit'] },
      'send 2xx': { to: 'accepted', do: ['stop 100', 'transmit', 'start L'] },
      'send 300-699': { to: 'completed', do: ['stop 100', 'transmit', 'start G', 'start H'] },
      'transport error': { do: ['inform transport'] },
    },
    accepted: {
      request: { do: [] },
      ack: { do: ['deliver'] },
      'send 2xx': { do: ['transmit'] },
      'timer L': { to: 'terminated', do: [] },
      'transport error': { do: ['inform transport'] },
    },
    completed: {
      request: { do: ['transmit'] },
      ack: { to: 'confirmed', do: ['stop G', 'stop H', 'start I'] },
      'timer G': { do: ['transmit', 'double G'] },
      'timer H': { to: 'terminated', do: ['inform timeout'] },
      'transport error': { do: ['inform transport'] },
    },
    confirmed: {
      'timer I': { to: 'terminated', do: [] },
    },
  },
};

const finallyAnswered: Transition = { to: 'completed', do: ['stop 100', 'stop F', 'transmit', 'start J'] };

/**
 * RFC 3261 §17.2.2 figure 8 with RFC 4320 §4: a slow TU is covered by one 100, and what is not answered when
 * the client's timer F has fired (64*T1) is not answered at all. After RFC 6026 §8.8 transport errors change
 * no state.
 */
export const nonInviteServer: TransactionTable = {
  name: 'non-INVITE server',
  rfc: 'RFC 3261 §17.2.2, RFC 4320 §4, RFC 6026 §8.8',
  start: { to: 'trying', do: ['deliver', 'start 100', 'start F'] },
  states: {
    trying: {
      'timer 100': { to: 'proceeding', do: ['send 100'] },
      'send 1xx': { to: 'proceeding', do: ['stop 100', 'transmit'] },
      'send 2xx': finallyAnswered,
      'send 300-699': finallyAnswered,
      'timer F': { to: 'terminated', do: [] },
    },
    proceeding: {
      request: { do: ['transmit'] },
      'send 1xx': { do: ['transmit'] },
      'send 2xx': finallyAnswered,
      'send 300-699': finallyAnswered,
      'timer F': { to: 'terminated', do: [] },
      'transport error': { do: ['inform transport'] },
    },
    completed: {
      request: { do: ['transmit'] },
      'timer J': { to: 'terminated', do: [] },
      'transport error': { do: ['inform transport'] },
    },
  },
};
