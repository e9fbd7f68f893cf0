import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type HttpListener, type HttpSources, listenHttp } from '../../src/http/http-server.ts';
import { Metrics } from '../../src/metrics.ts';

let listener: HttpListener | undefined;
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

async function serve(sources: Partial<HttpSources> = {}): Promise<string> {
  listener = await listenHttp({
    host: '127.0.0.1',
    port: 0,
    trouble: () => undefined,
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'up 1\n' }),
    status: () => ({
      version: '1.2.3',
      trouble: undefined,
      uptimeSeconds: 7200,
      addresses: ['sip:udp:127.0.0.1:5060', '<script>alert(1)</script>'],
      domains: ['a&b"c\'d.example'],
      store: 'memory',
      figures: [['Subscriptions', 12_345]],
    }),
    ...sources,
  });
  return `http://127.0.0.1:${listener.port}`;
}

/** Sends bytes as they are and gives what came back until the server closed. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(listener?.port ?? 0, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('http', () => {
  test('/health is 200 while the server works and 503 with the reason when it does not', async () => {
    const base = await serve();
    const healthy = await fetch(`${base}/health?x=1`);
    expect([healthy.status, await healthy.json()]).toEqual([200, { status: 'ok' }]);
    await listener?.close();
    const failing = await fetch(`${await serve({ trouble: () => 'disk full' })}/health`);
    expect([failing.status, await failing.json()]).toEqual([503, { status: 'failing', reason: 'disk full' }]);
  });

  test('/ is a page without foreign parts, with everything escaped', async () => {
    const response = await fetch(await serve());
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page).toContain('version 1.2.3, for 2 hours');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('a&amp;b&quot;c&#39;d.example');
    expect(page).toContain('12,345');
    expect(page).not.toMatch(/<script|<link|<img|src=|https?:/);
  });

  test('/metrics is what the registry says', async () => {
    const response = await fetch(`${await serve()}/metrics`);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toBe('up 1\n');
  });

  test('other paths are 404, other methods 405 with Allow, HEAD has no body', async () => {
    const base = await serve();
    for (const path of ['/nothing', '/health/', '//', '/..%2f', '/healthy']) {
      expect((await fetch(base + path)).status, path).toBe(404);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${base}/health`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
    const head = await fetch(`${base}/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1000);
  });

  test('a failure is a 500 and the server goes on', async () => {
    const base = await serve({ metrics: () => Promise.reject(new Error('no metrics')) });
    expect((await fetch(`${base}/metrics`)).status).toBe(500);
    expect((await fetch(`${base}/health`)).status).toBe(200);
  });

  test('large headers, bodies and nonsense are turned away', async () => {
    await serve();
    const large = `x: ${'y'.repeat(9000)}\r\n`;
    expect(await raw(`GET / HTTP/1.1\r\nhost: x\r\n${large}\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    expect(await raw('\u0000\u0001garbage\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    const body = await raw('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5000000000\r\n\r\nabc');
    expect(body).toMatch(/^HTTP\/1.1 405 /);
    expect(body.toLowerCase()).toContain('connection: close');
  });

  test('a port in use is an error', async () => {
    await serve();
    const first = listener;
    await expect(listenHttp({ ...notUsed, host: '127.0.0.1', port: first?.port ?? 0 })).rejects.toMatchObject(
      { code: 'EADDRINUSE' },
    );
  });
});

const notUsed: HttpSources = {
  trouble: () => undefined,
  metrics: () => Promise.reject(new Error('not used')),
  status: () => {
    throw new Error('not used');
  },
};

describe('metrics', () => {
  test('count what happened, with a bounded number of label values', async () => {
    const metrics = new Metrics(() => ({ subscriptions: 3, publications: 2, dialogs: 1, held: 0 }));
    metrics.answered('PUBLISH', 200);
    metrics.answered('PUBLISH', 200);
    metrics.answered('SUBSCRIBE', 489);
    metrics.sent('NOTIFY', 'timeout');
    metrics.stored(0.002);
    metrics.failed('agent');
    for (let n = 0; n < 1000; n++) metrics.dropped(`reason ${n}`);
    const { text } = await metrics.text();
    expect(text).toContain('simple_sip_requests_total{method="PUBLISH",status="200"} 2');
    expect(text).toContain('simple_sip_requests_total{method="SUBSCRIBE",status="489"} 1');
    expect(text).toContain('simple_sip_requests_sent_total{method="NOTIFY",outcome="timeout"} 1');
    expect(text).toContain('simple_sip_dropped_total{reason="reason 0"} 1');
    expect(text).toContain('simple_sip_dropped_total{reason="other"} 936');
    expect(text).toContain('simple_subscriptions 3');
    expect(text).toContain('simple_store_write_seconds_count 1');
    expect(text).toContain('simple_errors_total{where="agent"} 1');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect((await metrics.text()).text).toContain(
      'simple_sip_requests_total{method="PUBLISH",status="200"} 2',
    );
    expect(metrics.totals).toEqual({ requests: 3, dropped: 1000, errors: 1 });
    metrics.close();
  });
});
