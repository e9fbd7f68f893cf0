import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as sip from '../../src/index.ts';
import {
  createRequest,
  type HeaderType,
  type NameAddr,
  type Params,
  parseMessage,
  parseUri,
  SipError,
  set,
} from '../../src/index.ts';

const runs = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);

const token = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,12}$/);
const lowerToken = token.map((text) => text.toLowerCase());
const host = fc.constantFrom('example.com', '192.0.2.1', '[2001:db8::1]', 'a');
const words = fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/);
const quoted = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(hasNoControls).map(sip.quote);
const params = (...taken: readonly string[]): fc.Arbitrary<Params> =>
  fc
    .array(fc.tuple(lowerToken, fc.option(fc.oneof(token, host, quoted), { nil: undefined })), {
      maxLength: 4,
    })
    .map((entries) => new Map(entries.filter(([name]) => !taken.includes(name))));
const someParams = params().filter((values) => values.size > 0);
const uri = fc
  .constantFrom(
    'sip:alice@example.com',
    'sips:a%20b:pw@[2001:db8::1]:5061;transport=tcp;lr',
    'sip:h?Subject=a%2Cb&Route=x',
    'sip:a,b;c@h;x=y',
    'tel:+12125551234',
    'http://example.com/a?b=c',
  )
  .map(parseUri);
const displayName = fc.option(fc.string({ unit: 'grapheme', maxLength: 12 }).filter(hasNoControls), {
  nil: undefined,
});
const address: fc.Arbitrary<NameAddr> = fc.record({ displayName, uri, params: params() });
const seconds = fc.integer({ min: 0, max: 4_294_967_295 });
const sequence = fc.integer({ min: 0, max: 0x7fff_ffff });
const callId = fc.stringMatching(/^[!-+\--:<-~]{1,20}$/);
const tokenAndParams = fc.record({ token, params: params() });
const mediaType = fc.record({
  type: fc.tuple(lowerToken, lowerToken).map((pair) => pair.join('/')),
  params: params(),
});
const reference = fc.record({ uri, params: params() });
const authentication = fc.oneof(
  fc.record({
    scheme: token,
    params: fc
      .array(fc.tuple(lowerToken, fc.oneof(token, quoted)), { minLength: 1, maxLength: 4 })
      .map((pairs) => new Map(pairs)),
  }),
  fc.record({
    scheme: token,
    params: fc.constant(sip.noParams),
    token68: fc.stringMatching(/^[\w\-.~+/]{4,20}={0,2}$/),
  }),
);
const authParams = fc
  .array(fc.tuple(lowerToken, fc.oneof(token, quoted)), { minLength: 1, maxLength: 4 })
  .map((pairs) => new Map(pairs));

/** Any value of each header type, by the name it is exported under. */
const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  accept: mediaType,
  acceptContact: params(),
  acceptEncoding: tokenAndParams,
  acceptLanguage: tokenAndParams,
  alertInfo: reference,
  allow: token,
  allowEvents: token,
  authenticationInfo: authParams,
  authorization: authentication,
  callId,
  callInfo: reference,
  contact: fc.oneof(address, fc.constant('*')),
  contentDisposition: tokenAndParams,
  contentEncoding: token,
  contentLanguage: token,
  contentLength: fc.integer({ min: 0, max: 0x7fff_ffff }),
  contentType: mediaType,
  cseq: fc.record({ sequence, method: token }),
  date: fc.integer({ min: 0, max: 4_102_444_800 }).map((time) => time * 1000),
  errorInfo: reference,
  event: fc.record({ package: token, params: params() }),
  expires: seconds,
  flowTimer: seconds,
  from: address,
  infoPackage: tokenAndParams,
  inReplyTo: callId,
  maxForwards: fc.integer({ min: 0, max: 255 }),
  mimeVersion: token,
  minExpires: seconds,
  minSE: fc.record({ seconds, params: params() }),
  organization: words,
  pAccessNetworkInfo: tokenAndParams,
  pAssertedIdentity: address,
  pAssociatedURI: address,
  path: address,
  pCalledPartyID: address,
  pChargingFunctionAddresses: someParams,
  pChargingVector: fc
    .tuple(fc.oneof(token, quoted), params('icid-value'))
    .map(([icid, others]) => new Map([['icid-value', icid], ...others])),
  pPreferredIdentity: address,
  priority: token,
  privacy: fc.array(lowerToken, { minLength: 1, maxLength: 4 }),
  proxyAuthenticate: authentication,
  proxyAuthenticationInfo: authParams,
  proxyAuthorization: authentication,
  proxyRequire: token,
  pVisitedNetworkID: fc.record({
    network: fc.oneof(token, fc.string({ unit: 'grapheme', maxLength: 12 }).filter(hasNoControls)),
    params: params(),
  }),
  rack: fc.record({ response: seconds, sequence, method: token }),
  reason: fc.record({ protocol: token, params: params() }),
  recordRoute: address,
  recvInfo: tokenAndParams,
  referTo: address,
  rejectContact: params(),
  replaces: fc.record({
    callId,
    toTag: token,
    fromTag: token,
    isEarlyOnly: fc.boolean(),
    params: params('to-tag', 'from-tag', 'early-only'),
  }),
  replyTo: address,
  requestDisposition: token,
  require: token,
  retryAfter: fc.record({
    seconds,
    comment: fc.option(fc.stringMatching(/^[A-Za-z ]{0,12}$/), { nil: undefined }),
    params: params(),
  }),
  route: address,
  rseq: seconds,
  server: words,
  serviceRoute: address,
  sessionExpires: fc.record({
    seconds,
    refresher: fc.constantFrom('uac', 'uas', undefined),
    params: params('refresher'),
  }),
  sipETag: token,
  sipIfMatch: token,
  subject: words,
  subscriptionState: fc.record({
    state: lowerToken,
    reason: fc.option(lowerToken, { nil: undefined }),
    expires: fc.option(seconds, { nil: undefined }),
    retryAfter: fc.option(seconds, { nil: undefined }),
    params: params('reason', 'expires', 'retry-after'),
  }),
  supported: token,
  timestamp: fc.record({
    timestamp: fc.stringMatching(/^\d{1,9}(\.\d{0,6})?$/),
    delay: fc.option(fc.stringMatching(/^\d{1,4}(\.\d{0,6})?$/), { nil: undefined }),
  }),
  to: address,
  unsupported: token,
  userAgent: words,
  via: fc.record({
    protocol: fc.constant('SIP'),
    version: fc.constant('2.0'),
    transport: token,
    host,
    port: fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }),
    params: params(),
  }),
  warning: fc.record({
    code: fc.integer({ min: 300, max: 399 }),
    agent: host,
    text: fc.string({ unit: 'grapheme', maxLength: 12 }).filter(hasNoControls),
  }),
  wwwAuthenticate: authentication,
};

const types = Object.entries(sip).flatMap(([name, value]): [string, HeaderType<unknown>][] =>
  isHeaderType(value) ? [[name, value]] : [],
);

function isHeaderType(value: unknown): value is HeaderType<unknown> {
  return typeof value === 'object' && value !== null && 'serialize' in value && 'list' in value;
}

function hasNoControls(text: string): boolean {
  return !/[\u0000-\u001f\u007f]/.test(text) && text.trim() === text;
}

describe('every header type (§25.1)', () => {
  it('has values to be tried here', () => {
    expect(Object.keys(values).sort()).toEqual(types.map(([name]) => name).sort());
  });

  it('is in the table of the README, which has no others', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| ((?:`[\w-]+`(?:, )?)+) \| ((?:`\w+`(?:, )?)+) \| RFC /gm)];
    const listed = rows.flatMap(([, fields = '', exports = '']) => {
      const names = exports.split(', ');
      return fields.split(', ').map((field, index) => `${field} ${names[index]}`.replaceAll('`', ''));
    });
    expect(listed.sort()).toEqual(types.map(([name, type]) => `${type.name} ${name}`).sort());
  });

  it.each(types)('%s is read as it was written, one value or several', (name, type) => {
    const value = values[name] ?? fc.constant(undefined);
    const several = type.list ? fc.array(value, { minLength: 1, maxLength: 3 }) : value.map((one) => [one]);
    fc.assert(
      fc.property(several, (all) => {
        for (const one of all) expect(plain(type.parse(type.serialize(one)))).toEqual(plain(one));
        // Content-Length follows the body: its value is no one's to set.
        if (type === sip.contentLength) return;
        const request = createRequest({ method: 'OPTIONS', uri: 'sip:a@b', headers: [set(type, ...all)] });
        const received = parseMessage(request.toBytes());
        expect(plain(received.getAll(type))).toEqual(plain(all));
        expect(plain(received.get(type))).toEqual(plain(all[0]));
        const joined = parseMessage(
          new TextEncoder().encode(
            `OPTIONS sip:a@b SIP/2.0\r\n${type.name}: ${all.map((one) => type.serialize(one)).join(',')}\r\n\r\n`,
          ),
        );
        expect(plain(joined.getAll(type))).toEqual(plain(all));
      }),
      { numRuns: runs },
    );
  });

  it.each(types)('%s is a value or a SipError, whatever is changed in it', (name, type) => {
    const change = fc.tuple(
      fc.nat(60),
      fc.constantFrom('', '"', '<', '>', ',', ';', '=', '%', '\\', ' ', '*', '[', '@', 'é', '\0', '9'),
    );
    fc.assert(
      fc.property(
        values[name] ?? fc.constant(undefined),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (value, changes) => {
          let text = type.serialize(value);
          for (const [at, by] of changes) text = text.slice(0, at) + by + text.slice(at + 1);
          let read: unknown;
          try {
            read = type.parse(text);
          } catch (error) {
            if (!(error instanceof SipError)) throw error;
            expect(error.rfc).toMatch(/^RFC \d+ §/);
            return;
          }
          expect(plain(type.parse(type.serialize(read)))).toEqual(plain(read));
        },
      ),
      { numRuns: runs },
    );
  });
});

/** Without members that are undefined, which mean the same as none. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, plain(member)]),
  );
}
