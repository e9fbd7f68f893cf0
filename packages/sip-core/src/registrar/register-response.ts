import { date, flowTimer, path } from '../headers/index.ts';
import type { Instant } from '../machine.ts';
import { createResponse, type HeaderEdit, type SipRequest, type SipResponse, set } from '../message/index.ts';
import { quote } from '../params.ts';
import type { Binding } from './binding.ts';
import type { RegisterRequest } from './register-request.ts';

/** What a 200 is made of. */
export interface Acceptance {
  readonly request: SipRequest;
  readonly register: RegisterRequest;
  /** All that are in force now. */
  readonly bindings: readonly Binding[];
  /** The GRUUs of a binding; left out where the user agent does not know them. */
  readonly gruusOf:
    | ((binding: Binding) => readonly [publicGruu: string, temporaryGruu: string] | undefined)
    | undefined;
  readonly flowTimerSeconds: number | undefined;
  readonly toTag: string;
  readonly now: Instant;
}

/**
 * Makes the 200 to a REGISTER: all current bindings, each with the seconds left to it.
 *
 * @see RFC 3261 §10.3 step 8, RFC 3327 §5.3, RFC 5626 §6, RFC 5627 §5.2
 */
export function acceptance(init: Acceptance): SipResponse {
  const { request, register, bindings, gruusOf, toTag, now } = init;
  const lines = bindings.map((binding) => {
    const left = Math.max(1, Math.ceil((binding.expiresAt - now) / 1000));
    const gruus = gruusOf?.(binding);
    const line = `${binding.contact};expires=${left}`;
    return gruus === undefined ? line : `${line};pub-gruu=${quote(gruus[0])};temp-gruu=${quote(gruus[1])}`;
  });
  const headers: HeaderEdit[] = [set('Supported', 'path, outbound')];
  if (usesOutbound(register)) {
    headers.push(set('Require', 'outbound'));
    const { flowTimerSeconds } = init;
    if (flowTimerSeconds !== undefined) headers.push(set(flowTimer, flowTimerSeconds));
  }
  if (lines.length > 0) headers.push(set('Contact', ...lines));
  if (register.path.length > 0) headers.push(set('Path', ...request.raw(path.name)));
  headers.push(set(date, now));
  return createResponse(request, 200, { toTag, headers });
}

/** Whether outbound rules were applied, and the user agent asked to be told. */
function usesOutbound({ contacts, supportsOutbound }: RegisterRequest): boolean {
  return supportsOutbound && contacts !== '*' && contacts.some((contact) => contact.regId > 0);
}
