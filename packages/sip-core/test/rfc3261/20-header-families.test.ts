import { describe, expect, it } from 'vitest';
import * as sip from '../../src/index.ts';
import { params, parseUri } from '../../src/index.ts';
import { faultOf, requestWith } from '../support/text.ts';

const icon = 'http://wwww.example.com/alice/photo.jpg';

describe('references to be fetched (RFC 3261 §20.4, §20.9, §20.18)', () => {
  it('are URIs in brackets with parameters', () => {
    const message = requestWith(
      `Call-Info: <${icon}> ;purpose=icon,`,
      '  <http://www.example.com/alice/> ;purpose=info',
    );
    expect(message.getAll(sip.callInfo)).toEqual([
      { uri: parseUri(icon), params: params({ purpose: 'icon' }) },
      { uri: parseUri('http://www.example.com/alice/'), params: params({ purpose: 'info' }) },
    ]);
    expect(requestWith('Alert-Info: <http://a.com/moo.wav>').get(sip.alertInfo)?.params.size).toBe(0);
    expect(requestWith('Error-Info: <sip:not-in-service-recording@a.com>').get(sip.errorInfo)?.uri).toEqual(
      parseUri('sip:not-in-service-recording@a.com'),
    );
  });

  it.each(['http://a.com', 'x <http://a.com>', '<http://a.com', '<>', ''])('refuse %j', (text) => {
    expect(['value', 'uri']).toContain(faultOf(() => sip.callInfo.parse(text)).code);
  });
});

describe('provisional responses (RFC 3262 §7)', () => {
  it('are numbered by RSeq and acknowledged by RAck', () => {
    expect(sip.rseq.parse('988789')).toBe(988789);
    expect(sip.rack.parse('776656 1 INVITE')).toEqual({ response: 776656, sequence: 1, method: 'INVITE' });
    expect(sip.rack.serialize({ response: 1, sequence: 2, method: 'INVITE' })).toBe('1 2 INVITE');
  });

  it.each(['1 INVITE', '1 2', '1 2 ', '12INVITE', '1 2INVITE', '1 2 IN VITE', '4294967296 1 A'])(
    'a RAck is not %j',
    (text) => {
      expect(faultOf(() => sip.rack.parse(text)).code).toBe('value');
    },
  );
});

describe('privacy and identity (RFC 3323 §4.2, RFC 3325 §9)', () => {
  it('are a list of what to hide, and addresses', () => {
    expect(sip.privacy.parse('Header; session ;critical')).toEqual(['header', 'session', 'critical']);
    expect(sip.privacy.serialize(['id', 'critical'])).toBe('id;critical');
    const message = requestWith(
      'P-Asserted-Identity: "Cullen Jennings" <sip:fluffy@cisco.com>',
      'P-Asserted-Identity: tel:+14085264000',
      'P-Preferred-Identity: "A, B" <sip:a@b>, tel:+1',
    );
    expect(message.getAll(sip.pAssertedIdentity).map((value) => sip.serializeUri(value.uri))).toEqual([
      'sip:fluffy@cisco.com',
      'tel:+14085264000',
    ]);
    expect(message.getAll(sip.pPreferredIdentity).length).toBe(2);
  });

  it.each(['', ';', 'id;', 'id,user', 'id user'])('Privacy is not %j', (text) => {
    expect(faultOf(() => sip.privacy.parse(text)).code).toBe('value');
  });
});

describe('caller preferences (RFC 3841 §9, §10)', () => {
  it('are sets of feature parameters', () => {
    const message = requestWith(
      'a: *;audio;require, *;methods="BYE,INVITE";class="business"',
      'j: *;actor="msg-taker";video',
      'd: proxy, recurse, parallel',
    );
    expect(message.getAll(sip.acceptContact).map((each) => [...each])).toEqual([
      [
        ['audio', undefined],
        ['require', undefined],
      ],
      [
        ['methods', '"BYE,INVITE"'],
        ['class', '"business"'],
      ],
    ]);
    expect(message.get(sip.rejectContact)?.has('video')).toBe(true);
    expect(message.getAll(sip.requestDisposition)).toEqual(['proxy', 'recurse', 'parallel']);
  });

  it('name each parameter once (@req rfc3841:10:1)', () => {
    for (const name of ['require', 'explicit'])
      expect(faultOf(() => sip.acceptContact.parse(`*;${name};audio;${name}`)).code).toBe('duplicate');
  });

  it.each(['', 'sip:a@b', ';audio', '*audio'])('are not %j', (text) => {
    expect(faultOf(() => sip.acceptContact.parse(text)).code).toBe('value');
  });
});

describe('referral (RFC 3515 §2.1, RFC 3891 §6.1)', () => {
  it('names a URI, and the dialog to be replaced', () => {
    const message = requestWith(
      'r: <sip:carol@cleveland.example.org?Replaces=1%40h%3Bto-tag%3D1>;method=INVITE',
      'Replaces: 98732@sip.example.com ;from-tag=r33th4x0r ;to-tag=ff87ff; early-only;x=y',
    );
    expect(message.get(sip.referTo)?.params).toEqual(params({ method: 'INVITE' }));
    expect(message.get(sip.replaces)).toEqual({
      callId: '98732@sip.example.com',
      fromTag: 'r33th4x0r',
      toTag: 'ff87ff',
      isEarlyOnly: true,
      params: params({ x: 'y' }),
    });
  });

  it.each(['1@h', '1@h;to-tag=1', '1@h;from-tag=1', ';to-tag=1;from-tag=2', '1 2;to-tag=1;from-tag=2'])(
    'does not replace %j',
    (text) => {
      expect(faultOf(() => sip.replaces.parse(text)).code).toBe('value');
    },
  );

  it('has each tag once', () => {
    expect(faultOf(() => sip.replaces.parse('1@h;to-tag=1;to-tag=1;from-tag=2')).code).toBe('duplicate');
  });
});

describe('session timers, flows and INFO (RFC 4028 §4, §5; RFC 5626 §10; RFC 6086 §7)', () => {
  it('are seconds, with who refreshes', () => {
    const message = requestWith('x: 4000;refresher=UAC;y', 'Min-SE: 3600;z=1', 'Flow-Timer: 120');
    expect(message.get(sip.sessionExpires)).toEqual({
      seconds: 4000,
      refresher: 'uac',
      params: params({ y: undefined }),
    });
    expect(message.get(sip.minSE)).toEqual({ seconds: 3600, params: params({ z: '1' }) });
    expect(message.get(sip.flowTimer)).toBe(120);
    expect(faultOf(() => sip.sessionExpires.parse('90;refresher=proxy')).code).toBe('value');
    expect(faultOf(() => sip.minSE.parse('')).code).toBe('value');
  });

  it('INFO packages may be none', () => {
    const names = (text: string) =>
      requestWith(`Recv-Info: ${text}`)
        .getAll(sip.recvInfo)
        .map((each) => each.token);
    expect(names('P, R')).toEqual(['P', 'R']);
    expect(names('')).toEqual([]);
    expect(requestWith('Recv-Info:').has(sip.recvInfo)).toBe(true);
    expect(sip.infoPackage.parse('foo;p=1')).toEqual({ token: 'foo', params: params({ p: '1' }) });
  });
});

describe('private header fields of 3GPP (RFC 7315 §5)', () => {
  it('are read as in its examples', () => {
    const message = requestWith(
      'P-Called-Party-ID: <sip:user1-business@example.com>',
      'P-Visited-Network-ID: other.net,"Visited network number 1"',
      'P-Access-Network-Info: 3GPP-UTRAN-TDD;utran-cell-id-3gpp="C359A3913B20E"',
      'P-Charging-Function-Addresses:',
      '  ccf=192.0.8.1; ecf=192.0.8.3,',
      '  ccf-2=192.0.8.2; ecf-2="x;y,z"',
      'P-Charging-Vector: icid-value=1234bc9876e;',
      '  icid-generated-at=192.0.6.8;orig-ioi=home1.net',
      'P-Associated-URI: <sip:a@b>, <tel:+1>;x',
    );
    expect(message.get(sip.pCalledPartyID)?.uri).toEqual(parseUri('sip:user1-business@example.com'));
    expect(message.getAll(sip.pVisitedNetworkID).map((each) => each.network)).toEqual([
      'other.net',
      'Visited network number 1',
    ]);
    expect(message.get(sip.pAccessNetworkInfo)?.token).toBe('3GPP-UTRAN-TDD');
    expect(message.getAll(sip.pChargingFunctionAddresses)).toEqual([
      params({ ccf: '192.0.8.1', ecf: '192.0.8.3' }),
      params({ 'ccf-2': '192.0.8.2', 'ecf-2': '"x;y,z"' }),
    ]);
    expect(message.get(sip.pChargingVector)?.get('icid-generated-at')).toBe('192.0.6.8');
    expect(message.getAll(sip.pAssociatedURI).length).toBe(2);
  });

  it('need what the grammar asks for', () => {
    expect(faultOf(() => sip.pChargingVector.parse('orig-ioi=home1.net')).code).toBe('value');
    expect(faultOf(() => sip.pChargingFunctionAddresses.parse(';ccf=1')).code).toBe('value');
    expect(faultOf(() => sip.pChargingFunctionAddresses.parse('ccf=1;')).code).toBe('value');
    expect(faultOf(() => sip.pVisitedNetworkID.parse(';x')).code).toBe('value');
    expect(faultOf(() => sip.pAssociatedURI.parse('sip:a@b')).code).toBe('value');
  });
});

describe('challenges and credentials (RFC 3261 §20.7, §20.44)', () => {
  it('have no parameter that would be read as a token68 when it is written again', () => {
    expect(faultOf(() => sip.authorization.parse('X a= =')).code).toBe('value');
    expect(sip.authorization.parse('X a==')).toMatchObject({ scheme: 'X', token68: 'a==' });
    expect(sip.authorization.parse('X a=b==').params).toEqual(params({ a: 'b==' }));
  });
});
