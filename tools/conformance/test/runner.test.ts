import { describe, expect, test } from 'vitest';
import { type Network, runTrace, type Socket } from '../src/runner.ts';
import { parseTrace } from '../src/trace.ts';

/** A network whose other side answers each message with what `answer` says. */
function scripted(answer: (message: string, local: string) => readonly string[]): Network {
  let sockets = 0;
  return {
    mode: 'virtual',
    domain: 'example.com',
    run: '',
    async open(): Promise<Socket> {
      const inbox: Uint8Array[] = [];
      const local = `192.0.2.${++sockets}:5060`;
      return {
        local,
        send: (bytes) => {
          const text = new TextDecoder('latin1').decode(bytes);
          inbox.push(...answer(text, local).map((line) => new TextEncoder().encode(line)));
        },
        receive: async () => inbox.shift(),
        drain: () => inbox.splice(0),
      };
    },
    advance: async () => {},
    close: async () => {},
  };
}

const OK = 'SIP/2.0 200 OK\r\nSIP-ETag: a1\r\nExpires: 3600\r\nl: 0\r\n\r\n';

async function run(text: string, ...answers: readonly string[]): Promise<string[]> {
  const sent: string[] = [];
  const queue = [...answers];
  const network = scripted((message) => {
    sent.push(message);
    return queue.splice(0, 1);
  });
  await runTrace(parseTrace(text, 'x.trace'), network, 'udp');
  return sent;
}

describe('what a trace sends', () => {
  test('a request is completed with the headers that the block leaves out, and Content-Length counts bytes', async () => {
    const [sent] = await run('> alice\n  PUBLISH sip:a@{domain} SIP/2.0\n  Event: presence\n\n  é\n');
    expect(sent?.split('\r\n')).toEqual([
      'PUBLISH sip:a@example.com SIP/2.0',
      'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKv-alice-2;rport',
      'Max-Forwards: 70',
      'From: <sip:alice@example.com>;tag=v-alice-1',
      'To: <sip:a@example.com>',
      'Call-ID: v-alice-3',
      'CSeq: 1 PUBLISH',
      'Event: presence',
      'Content-Length: 2',
      '',
      '\u00c3\u00a9',
    ]);
  });

  test('a header that is written or refused is not filled in', async () => {
    const [sent] = await run('> a\n  OPTIONS sip:b SIP/2.0\n  call-id: mine\n  !Via\n  !Content-Length\n');
    expect(sent).toContain('\r\ncall-id: mine\r\n');
    expect(sent).not.toMatch(/Via:|Call-ID:|Content-Length:/);
  });

  test('raw lines go out as they are, with bytes from escapes', async () => {
    const [sent] = await run('> a raw\n  \\x00\\xffjunk\n  \\\n');
    expect(sent).toBe('\u0000\u00ffjunk\r\n\r\n');
  });

  test('cut sends the first bytes only, again sends the same bytes, repeat makes long values', async () => {
    const sent = await run(
      '> a cut 9\n  OPTIONS sip:{repeat 3 xy} SIP/2.0\n> a again\n> a raw\n  {repeat 3 xy}\n',
    );
    expect(sent).toEqual(['OPTIONS s', 'OPTIONS s', 'xyxyxy\r\n']);
  });

  test('a response copies Via, From, To, Call-ID and CSeq of the oldest request that waits', async () => {
    const notify = 'NOTIFY sip:a SIP/2.0\r\nVia: V\r\nf: F\r\nTo: T\r\ni: C\r\nCSeq: 1 NOTIFY\r\n\r\n';
    const text = '> a\n  OPTIONS sip:b SIP/2.0\n< a\n  NOTIFY\n> a\n  SIP/2.0 200 OK\n';
    const sent = await run(text, notify);
    expect(sent[1]).toBe(
      'SIP/2.0 200 OK\r\nVia: V\r\nFrom: F\r\nTo: T\r\nCall-ID: C\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n',
    );
  });

  test('in-dialog takes Call-ID, From and To from the 2xx to SUBSCRIBE, and {target} its Contact', async () => {
    const ok =
      'SIP/2.0 200 OK\r\nFrom: F;tag=1\r\nTo: T;tag=2\r\nCall-ID: C\r\nCSeq: 1 SUBSCRIBE\r\nContact: <sip:pa@h>\r\n\r\n';
    const text =
      '> a\n  SUBSCRIBE sip:b SIP/2.0\n< a\n  200\n> a in-dialog\n  SUBSCRIBE {target} SIP/2.0\n  Expires: 0\n';
    const [, refresh = ''] = await run(text, ok);
    expect(refresh).toMatch(/^SUBSCRIBE sip:pa@h SIP\/2.0\r\n/);
    expect(refresh).toContain(
      'From: F;tag=1\r\nTo: T;tag=2\r\nCall-ID: C\r\nCSeq: 2 SUBSCRIBE\r\nContact: <sip:a@',
    );
  });
});

const SEND = '> a\n  OPTIONS sip:b SIP/2.0\n';

describe('what a trace expects', () => {
  test.each([
    ['status', '200', OK],
    ['status and reason', '200 OK', OK],
    ['status range', '{200..299} *', OK],
    ['anything', '*', OK],
    ['header', '200\n  sip-etag: a1', OK],
    ['wildcard', '200\n  SIP-ETag: a*', OK],
    ['capture used again', '200\n  SIP-ETag: {tag}\n  SIP-ETag: {tag}', OK],
    ['range', '200\n  Expires: {3590..3600}', OK],
    ['open range', '200\n  Expires: {1..}', OK],
    ['absence', '200\n  !Record-Route', OK],
    ['empty body', '200\n  body empty', OK],
    ['one of a list', '200\n  Accept: b', OK.replace('Expires: 3600', 'Accept: a, b')],
    ['spacing around separators', '200\n  X: a;b=c', OK.replace('Expires: 3600', 'X: a ; b = c')],
    [
      'body without regard to space between tags',
      '200\n  body is <a><b/></a>',
      `${OK.replace('0\r\n\r\n', '16\r\n\r\n')}<a>\r\n  <b/>\r\n</a>`.replace('l: 16', 'l: 17'),
    ],
  ])('%s', async (_, pattern, answer) => {
    await expect(run(`${SEND}< a\n  ${pattern}\n`, answer)).resolves.toBeDefined();
  });

  test.each([
    ['another status', '404', OK, 'SIP/2.0 200 OK'],
    ['another reason', '200 Fine', OK, 'SIP/2.0 200 OK'],
    ['a request instead of a response', 'NOTIFY', OK, 'SIP/2.0 200 OK'],
    ['another value', '200\n  SIP-ETag: b', OK, 'SIP-ETag: a1'],
    ['a prefix only', '200\n  SIP-ETag: a', OK, 'SIP-ETag: a1'],
    ['no such header', '200\n  Allow-Events: presence', OK, 'no Allow-Events'],
    ['a header that must be absent', '200\n  !SIP-ETag', OK, 'SIP-ETag: a1'],
    ['out of range', '200\n  Expires: {1..10}', OK, 'Expires: 3600'],
    ['a capture with another value', '200\n  SIP-ETag: {t}\n  Expires: {t}', OK, 'Expires: 3600'],
    ['a body that lacks it', '200\n  body contains <a/>', OK, 'no body'],
    [
      'a Content-Length that lies',
      '200',
      OK.replace('l: 0', 'l: 3'),
      'Content-Length: 3 before a body of 0 bytes',
    ],
    ['a status out of range', '{400..499} *', OK, 'SIP/2.0 200 OK'],
    ['nothing', '200', '', 'nothing came'],
  ])('fails on %s, and shows it with its place', async (_, pattern, answer, shown) => {
    const answers = answer === '' ? [] : [answer];
    const failure = await run(`${SEND}< a\n  ${pattern}\n`, ...answers).then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(failure).toContain(shown);
    const bad = pattern.split('\n').at(-1)?.trim() ?? '';
    expect(failure).toMatch(/^x\.trace:[3456]: /);
    if (!shown.startsWith('Content-Length')) expect(failure).toContain(bad);
  });

  test('fails on a message that no line expects, at the end and during silence', async () => {
    await expect(run(SEND, OK)).rejects.toThrow(/end of the trace[\s\S]*SIP-ETag: a1/);
    await expect(run(`${SEND}nothing 1s\n`, OK)).rejects.toThrow(/x\.trace:3: [\s\S]*nothing for 1 s/);
    await expect(run(`${SEND}nothing b 1s\n< a\n  200\n`, OK)).resolves.toBeDefined();
  });

  test('a retransmission is passed over, and required by again', async () => {
    const twice = `${SEND}> a again\n< a\n  200\n`;
    await expect(run(`${twice}< a again\n`, OK, OK)).resolves.toBeDefined();
    await expect(run(`${twice}< a again\n`, OK)).rejects.toThrow('nothing came');
    await expect(run(`${twice}< a again\n`, OK, OK.replace('a1', 'a2'))).rejects.toThrow('another message');
    await expect(
      run(`${twice}> a again\n< a\n  404\n`, OK, OK, OK.replace('200 OK', '404 No')),
    ).resolves.toBeDefined();
  });

  test('a name without a value is a failure of the trace, with its place', async () => {
    await expect(run('> a\n  OPTIONS {nobody} SIP/2.0\n')).rejects.toThrow(
      /x\.trace:1: [\s\S]*\{nobody\} has no value/,
    );
  });
});

describe('the trace format', () => {
  test('reads title, requirements, transports and documents', () => {
    const trace = parseTrace(
      '# Title\n# more\n@req a b\n@req c\ntransports tcp\ndocument d\n  <a>\n\n    b\n\nwait 2m\n',
      'x.trace',
    );
    expect(trace).toMatchObject({
      title: 'Title',
      requirements: ['a', 'b', 'c'],
      transports: ['tcp'],
      virtualOnly: 'waits 120 s',
      steps: [
        { type: 'document', name: 'd', text: '<a>\n\n  b' },
        { type: 'wait', milliseconds: 120_000 },
      ],
    });
  });

  test('a long silence is for virtual time only, a short one is not', () => {
    expect(parseTrace('nothing 119s\n', 'x').virtualOnly).toBe('waits 119 s');
    expect(parseTrace('nothing 1s\nnothing 3s\nwait 2s\n', 'x').virtualOnly).toBeUndefined();
  });

  test.each([
    'PUBLISH sip:a SIP/2.0',
    'wait',
    'wait 3',
    '> ',
    '> a',
    '> a loudly\n  X',
    '> a again\n  X',
    '> a cut x\n  X',
    '< a',
    'virtual-only',
    'transports sctp',
    'host dance',
  ])('refuses %j with file and line', (text) => {
    expect(() => parseTrace(`# t\n${text}\n`, 'x.trace')).toThrow(/^x\.trace:2: /);
  });
});
