export { Endpoint, type EndpointLimits, type EndpointOptions } from './endpoint.ts';
export type { EndpointAction, EndpointInput, FailureReason } from './io.ts';
export type { LocalAddress, Peer, TransportName } from './peer.ts';
