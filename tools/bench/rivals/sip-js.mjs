// SIP.js exports its parser below its core entry.
export { Parser } from 'sip.js/lib/core/messages/parser.js';
