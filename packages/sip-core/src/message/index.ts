export { checkRequest, checkResponse } from './check.ts';
export { createRequest, createResponse, type RequestInit, type ResponseInit } from './create.ts';
export { append, body, type HeaderEdit, prepend, remove, removeFirst, requestUri, set } from './edit.ts';
export { defaultMessageLimits, type MessageLimits } from './limits.ts';
export type { MessageParts, SipMessage, SipRequest, SipResponse } from './message.ts';
export { type ParseOptions, parseMessage } from './parse.ts';
