// The messages that a presence server and its phones exchange, as bytes from a socket.
const crlf = (text) => text.replace(/^\n/, '').replaceAll('\n', '\r\n');

const pidf = `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
  xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="sip:alice@example.com">
  <tuple id="bs35r9"><status><basic>open</basic></status>
    <dm:deviceID>urn:device:0003ba4811e3</dm:deviceID>
    <contact priority="0.8">sip:alice@192.0.2.10:5060;transport=tcp</contact>
    <note xml:lang="en">At the desk</note><timestamp>2026-03-01T10:15:30Z</timestamp></tuple>
  <dm:person id="p1"><rpid:activities><rpid:on-the-phone/></rpid:activities></dm:person>
</presence>
`;

function message(head, body = '') {
  return Buffer.from(crlf(`${head}Content-Length: ${Buffer.byteLength(crlf(body))}\n\n`) + crlf(body));
}

/** @type {Record<string, Buffer>} */
export const messages = {
  PUBLISH: message(
    `
PUBLISH sip:alice@example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK652hsge;rport
Max-Forwards: 70
To: "Alice Liddell" <sip:alice@example.com>
From: "Alice Liddell" <sip:alice@example.com>;tag=1234wxyz
Call-ID: 81818181@pua.example.com
CSeq: 7 PUBLISH
Contact: <sip:alice@192.0.2.10:5060;transport=udp>
User-Agent: ExamplePhone/4.2 (build 1187)
Expires: 3600
Event: presence
SIP-If-Match: dx200xyz
Content-Type: application/pidf+xml
`,
    pidf,
  ),
  SUBSCRIBE: message(`
SUBSCRIBE sip:alice@example.com SIP/2.0
Via: SIP/2.0/TCP watcherhost.example.com;branch=z9hG4bKnashds7
Via: SIP/2.0/TCP 198.51.100.4:40212;branch=z9hG4bKk3j2;received=203.0.113.7;rport=40212
Max-Forwards: 68
Record-Route: <sip:edge.example.com;lr;transport=tcp>, <sip:core.example.com;lr>
To: <sip:alice@example.com>
From: "Bob" <sip:bob@example.org>;tag=12341234
Call-ID: 12345678@watcherhost.example.com
CSeq: 1 SUBSCRIBE
Contact: <sip:bob@watcherhost.example.com;transport=tcp>;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"
Accept: application/pidf+xml, application/pidf-diff+xml;q=0.8
Event: presence
Expires: 600
Supported: eventlist, path
Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, SUBSCRIBE, NOTIFY, REFER
`),
  NOTIFY: message(
    `
NOTIFY sip:bob@watcherhost.example.com;transport=tcp SIP/2.0
Via: SIP/2.0/TCP server.example.com:5060;branch=z9hG4bKna998sk
Max-Forwards: 70
Route: <sip:core.example.com;lr>, <sip:edge.example.com;lr;transport=tcp>
From: <sip:alice@example.com>;tag=ffd2
To: "Bob" <sip:bob@example.org>;tag=12341234
Call-ID: 12345678@watcherhost.example.com
CSeq: 8775 NOTIFY
Contact: <sip:server.example.com;transport=tcp>
Event: presence
Subscription-State: active;expires=599
Content-Type: application/pidf+xml
`,
    pidf,
  ),
  '200 OK': message(`
SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK652hsge;received=203.0.113.9;rport=5060
To: "Alice Liddell" <sip:alice@example.com>;tag=1a2b3c4d
From: "Alice Liddell" <sip:alice@example.com>;tag=1234wxyz
Call-ID: 81818181@pua.example.com
CSeq: 7 PUBLISH
SIP-ETag: kwj449x
Expires: 1800
Contact: <sip:server.example.com>
`),
  MESSAGE: message(
    `
MESSAGE sip:user2@domain.com SIP/2.0
v: SIP/2.0/TCP user1pc.domain.com;branch=z9hG4bK776sgdkse
Max-Forwards: 70
f: sip:user1@domain.com;tag=49583
t: sip:user2@domain.com
i: asd88asd77a@1.2.3.4
CSeq: 1 MESSAGE
m: <sip:user1@user1pc.domain.com>
c: text/plain; charset=utf-8
`,
    'Watson, come here. Voilà: it works.',
  ),
  INVITE: message(
    `
INVITE sip:bob@biloxi.com SIP/2.0
Via: SIP/2.0/UDP bigbox3.site3.atlanta.com;branch=z9hG4bK77ef4c2312983.1
Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8;received=192.0.2.1
Max-Forwards: 69
To: Bob <sip:bob@biloxi.com>
From: Alice <sip:alice@atlanta.com>;tag=1928301774
Call-ID: a84b4c76e66710@pc33.atlanta.com
CSeq: 314159 INVITE
Contact: <sip:alice@pc33.atlanta.com>
Content-Type: application/sdp
`,
    `v=0
o=alice 53655765 2353687637 IN IP4 pc33.atlanta.com
s=-
t=0 0
c=IN IP4 pc33.atlanta.com
m=audio 3456 RTP/AVP 0 1 3 99
a=rtpmap:0 PCMU/8000
`,
  ),
};

/** One message of about `bytes` bytes of headers, for the check that time grows with size and no faster. */
export function long(bytes) {
  const lines = [];
  for (let size = 0; size < bytes; size += 60) lines.push(`X-Extra-${lines.length}: ${'v'.repeat(44)}\n`);
  return message(
    messages.SUBSCRIBE.toString()
      .replaceAll('\r\n', '\n')
      .replace(/Content-Length:[\s\S]*/, '') + lines.join(''),
  );
}
