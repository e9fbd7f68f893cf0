import { describe, expect, test } from 'vitest';
import { loadTraces } from '../src/load.ts';
import { runTrace } from '../src/runner.ts';
import { virtualNetwork } from '../src/virtual.ts';

const traces = loadTraces();

test('every trace has a title, names its sections in its file name and expects something', () => {
  for (const trace of traces) {
    expect(trace.file).toMatch(/^traces\/rfc\d{4}\/[\w.]+-[\w-]+\.trace$/);
    expect(trace.title).not.toBe(trace.file);
    expect(trace.steps.some((step) => step.type === 'expect')).toBe(true);
    for (const id of trace.requirements) expect(id).toMatch(/^rfc\d{4}:[A-Z\d][\d.]*:\d+$/);
  }
});

describe.each(['udp', 'tcp'] as const)('on virtual time over %s', (transport) => {
  test.each(
    traces
      .filter(({ transports }) => transports.includes(transport))
      .map((trace) => [trace.file, trace] as const),
  )('%s', async (_, trace) => {
    await runTrace(trace, virtualNetwork(), transport);
  });
});
