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

test('every expectation of every trace is reached: with another first line, the trace fails there', async () => {
  for (const trace of traces) {
    for (const step of trace.steps) {
      if (step.type !== 'expect' || step.again) continue;
      const wrong = { ...step, patterns: [{ line: step.line, text: '699 Wrong' }] };
      const steps = trace.steps.map((each) => (each === step ? wrong : each));
      const [transport = 'udp'] = trace.transports;
      const place = `${trace.file}:${step.line}: `;
      await expect(runTrace({ ...trace, steps }, virtualNetwork(), transport)).rejects.toThrow(place);
    }
  }
});
