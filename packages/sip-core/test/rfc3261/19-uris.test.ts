import { describe, expect, it } from 'vitest';
import { canonicalAor, parseUri, serializeUri, uriEquals } from '../../src/index.ts';
import { faultOf } from '../support/text.ts';

describe('SIP and SIPS URIs (§19.1.1, §19.1.3)', () => {
  it.each([
    'sip:alice@atlanta.com',
    'sip:alice:secretword@atlanta.com;transport=tcp',
    'sips:alice@atlanta.com?subject=project%20x&priority=urgent',
    'sip:+1-212-555-1212:1234@gateway.com;user=phone',
    'sips:1212@gateway.com',
    'sip:alice@192.0.2.4',
    'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
    'sip:alice;day=tuesday@atlanta.com',
    'sip:alice@[2001:db8::9:1]:5060;transport=tcp;lr',
    'sip:[::1]',
    'sip:[::ffff:192.0.2.1]',
    'sip:a:@b',
    'sip:b?h=',
    'tel:+358-555-1234567;postd=pp22',
    'pres:someone@example.com',
    'urn:service:sos',
  ])('are written as they were read: %s', (uri) => {
    expect(serializeUri(parseUri(uri))).toBe(uri);
  });

  it('fall into their parts', () => {
    const uri = parseUri('SIP:alice;x=1?:p,w@AtLanTa.com:5070;Transport=TCP;lr;x=%41?Subject=a%20b&to=');
    expect(uri).toEqual({
      type: 'sip',
      scheme: 'sip',
      user: 'alice;x=1?',
      password: 'p,w',
      host: 'AtLanTa.com',
      port: 5070,
      params: new Map([
        ['transport', 'TCP'],
        ['lr', undefined],
        ['x', '%41'],
      ]),
      headers: [
        ['Subject', 'a%20b'],
        ['to', ''],
      ],
    });
    expect(parseUri('TEL:+1')).toEqual({ type: 'other', scheme: 'tel', rest: '+1' });
  });

  it.each([
    ['an empty user before "@" (@req rfc3261:19.1.1:2)', 'sip:@atlanta.com'],
    ['no host', 'sip:'],
    ['no host after the user', 'sip:alice@'],
    ['a space (@req rfc3261:19.1.2:2)', 'sip:ali ce@atlanta.com'],
    ['a control character', 'sip:ali\u0000ce@atlanta.com'],
    ['"@" unescaped in the user', 'sip:j@s0n@atlanta.com'],
    ['half an escape', 'sip:ali%4@atlanta.com'],
    ['an escape that is none', 'sip:ali%zz@atlanta.com'],
    ['an escape in the host (@req rfc3261:19.1.2:6)', 'sip:alice@%61tlanta.com'],
    ['a port that is too large', 'sip:alice@atlanta.com:65536'],
    ['a colon without a port', 'sip:alice@atlanta.com:'],
    ['a port with letters', 'sip:alice@atlanta.com:50a'],
    ['a parameter without a name', 'sip:alice@atlanta.com;=x'],
    ['a parameter without a value after "="', 'sip:alice@atlanta.com;x='],
    ['an empty parameter', 'sip:alice@atlanta.com;;lr'],
    ['a header without "="', 'sip:alice@atlanta.com?subject'],
    ['a header without a name', 'sip:alice@atlanta.com?=x'],
    ['an empty header', 'sip:alice@atlanta.com?a=b&'],
    ['an IPv6 address without brackets', 'sip:2001:db8::1'],
    ['brackets that do not end', 'sip:[2001:db8::1'],
    ['too many groups', 'sip:[1:2:3:4:5:6:7:8:9]'],
    ['too few groups', 'sip:[1:2:3]'],
    ['two runs of zeros', 'sip:[1::2::3]'],
    ['a group that is too long', 'sip:[12345::]'],
    ['characters beyond ASCII', 'sip:älice@atlanta.com'],
    ['no scheme', 'alice@atlanta.com'],
    ['a scheme that does not begin with a letter', '1sip:alice@atlanta.com'],
    ['nothing', ''],
    ['nothing after another scheme', 'tel:'],
    ['a space in another scheme', 'tel:+1 2'],
  ])('are refused with %s', (_, uri) => {
    expect(faultOf(() => parseUri(uri)).code).toBe('uri');
  });

  it('are refused with a parameter that is there twice (@req rfc3261:19.1.1:7)', () => {
    expect(faultOf(() => parseUri('sip:a@b;x=1;X=2')).code).toBe('duplicate');
  });

  it('may be long, in time that is linear', () => {
    const long = `sip:${'a'.repeat(100_000)}@${'b'.repeat(100_000)}`;
    expect(serializeUri(parseUri(long))).toBe(long);
  });
});

describe('comparison (§19.1.4)', () => {
  it.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=off'],
    ['tel:+1', 'tel:+1'],
  ])('%s is %s', (a, b) => {
    expect(uriEquals(a, b)).toBe(true);
    expect(uriEquals(b, a)).toBe(true);
  });

  it.each([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:alice@atlanta.com', 'sips:alice@atlanta.com'],
    ['sip:alice@atlanta.com', 'sip:alice:pw@atlanta.com'],
    ['sip:alice@atlanta.com', 'sip:atlanta.com'],
    ['sip:a%2Cb@atlanta.com', 'sip:a,b@atlanta.com'],
    ['sip:a@b;maddr=192.0.2.1', 'sip:a@b'],
    ['sip:a@b;user=ip', 'sip:a@b'],
    ['sip:a@b;ttl=1', 'sip:a@b'],
    ['sip:a@b;method=INVITE', 'sip:a@b'],
    ['sip:a@b;method=INVITE', 'sip:a@b;method=invite'],
    ['sip:a@b?x=1', 'sip:a@b?x=2 '.trim()],
    ['sip:a@b?x=1', 'sip:a@b?x=1&x=1'],
    ['tel:+1', 'tel:+2'],
    ['tel:+1', 'sip:a@b'],
  ])('%s is not %s (@req rfc3261:19.1.4:1)', (a, b) => {
    expect(uriEquals(a, b)).toBe(false);
    expect(uriEquals(b, a)).toBe(false);
  });
});

describe('addresses-of-record (§10.3 step 5)', () => {
  it.each([
    ['sip:alice@AtLanTa.com;transport=tcp;user=phone?subject=x', 'sip:alice@atlanta.com'],
    ['sip:%61lice@atlanta.com:5060', 'sip:alice@atlanta.com'],
    ['sips:alice@atlanta.com:5061', 'sips:alice@atlanta.com'],
    ['sip:alice@atlanta.com:5061', 'sip:alice@atlanta.com:5061'],
    ['SIP:Alice@[2001:DB8::1]', 'sip:Alice@[2001:db8::1]'],
    ['sip:j%40s0n@x', 'sip:j%40s0n@x'],
    ['sip:a%2fb@x', 'sip:a%2Fb@x'],
    ['sip:X.com', 'sip:x.com'],
    ['pres:Someone@Example.COM?x=y', 'pres:Someone@example.com'],
    ['im:%61@Example.COM', 'im:a@example.com'],
    ['tel:+1-201-555-0123', 'tel:+1-201-555-0123'],
  ])('%s is %s', (uri, aor) => {
    expect(canonicalAor(uri)).toBe(aor);
    expect(canonicalAor(aor)).toBe(aor);
  });
});
