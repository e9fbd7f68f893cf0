export { Tokens } from '../token.ts';
export { Endpoint } from './endpoint.ts';
export type { EndpointAction, EndpointInput, FailureReason } from './io.ts';
export { defaultEndpointLimits, type EndpointLimits, type EndpointOptions } from './options.ts';
export { type LocalAddress, type Peer, type TransportName, writtenHost } from './peer.ts';
