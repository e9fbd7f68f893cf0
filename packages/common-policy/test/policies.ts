import {
  type AccessRequest,
  type CompileOptions,
  compile,
  compilePresenceRules,
  type Decision,
  type PresencePermissions,
  parse,
} from '../src/index.ts';

/** A rule document whose default namespace is that of RFC 4745, with the prefixes `pr`, `ocp` and `x`. */
export function ruleset(rules: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<ruleset xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:pr="urn:ietf:params:xml:ns:pres-rules"
  xmlns:ocp="urn:oma:xml:xdm:common-policy" xmlns:x="urn:example:x">${rules}</ruleset>`;
}

/** A rule that allows everything under conditions given as XML. */
export function allowing(conditions: string, id = 'r'): string {
  return `<rule id="${id}"><conditions>${conditions}</conditions>
    <actions><pr:sub-handling>allow</pr:sub-handling></actions></rule>`;
}

/** A rule with an identity condition. */
export function allowingIdentity(parts: string): string {
  return ruleset(allowing(`<identity>${parts}</identity>`));
}

/** An authenticated request of watchers with these URIs. */
export function from(...identities: string[]): AccessRequest {
  return { identities, isAuthenticated: true };
}

export const UNAUTHENTICATED: AccessRequest = { identities: [], isAuthenticated: false };

export function decide(
  documents: string | readonly string[],
  request: AccessRequest,
  options?: CompileOptions,
): Decision<PresencePermissions> {
  const all = typeof documents === 'string' ? [documents] : documents;
  return compilePresenceRules(
    all.map((document) => parse(document)),
    options,
  )(request);
}

/** Whether a rule of the document that allows lets the request in. */
export function isAllowed(document: string, request: AccessRequest, options?: CompileOptions): boolean {
  return decide(document, request, options).permissions.subHandling === 'allow';
}

/** Whether the examples of RFC 4745, whose rules grant nothing, match a request: each is made to grant. */
export function matches(document: string, request: AccessRequest, id?: string): boolean {
  const read = parse(document);
  const rules = read.rules.filter((rule) => id === undefined || rule.id === id);
  const granting = rules.map(({ conditions }, index) => ({
    id: `r${index}`,
    conditions,
    actions: { extra: parse(ruleset(allowing('<sphere value="x"/>'))).rules[0]?.actions?.extra ?? [] },
  }));
  return compilePresenceRules([{ rules: granting }])(request).permissions.subHandling === 'allow';
}

export { compile };
