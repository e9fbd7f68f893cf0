// Decisions per second over rule documents of one rule per contact, and what compiling them takes.
// node packages/common-policy/bench/decide.mjs, after a build.
import { compilePresenceRules, parse } from '../dist/index.js';

const rule = (index) => `<rule id="r${index}"><conditions><identity>
  <one id="sip:user${index}@example.com"/></identity></conditions>
  <actions><pr:sub-handling>${index % 2 ? 'allow' : 'polite-block'}</pr:sub-handling></actions>
  <transformations><pr:provide-persons><pr:all-persons/></pr:provide-persons>
    <pr:provide-activities>true</pr:provide-activities></transformations></rule>`;
const others = `<rule id="domain"><conditions><identity><many domain="example.org">
  <except id="sip:mallory@example.org"/></many></identity></conditions>
  <actions><pr:sub-handling>confirm</pr:sub-handling></actions></rule>
  <rule id="hours"><conditions><identity><many/></identity><sphere value="work"/><validity>
  <from>2026-01-01T00:00:00Z</from><until>2027-01-01T00:00:00Z</until></validity></conditions>
  <transformations><pr:provide-mood>true</pr:provide-mood></transformations></rule>`;

for (const count of [10, 1_000, 10_000]) {
  const xml = `<ruleset xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:pr="urn:ietf:params:xml:ns:pres-rules">${Array.from({ length: count }, (_, index) => rule(index)).join('')}${others}</ruleset>`;
  const ruleset = parse(xml, { limits: { bytes: 1e8, elements: 1e6, namespaces: 1e6 } });
  const began = performance.now();
  const decide = compilePresenceRules([ruleset]);
  const compiling = performance.now() - began;
  const requests = Array.from({ length: 1_000 }, (_, index) => ({
    identities: [`sip:user${index * 7}@example.${index % 3 === 0 ? 'org' : 'com'}`],
    isAuthenticated: true,
    now: 1_780_000_000_000,
    sphere: 'work',
  }));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round += 1) {
    const start = performance.now();
    for (let turn = 0; turn < 10; turn += 1) for (const request of requests) decide(request);
    best = Math.min(best, performance.now() - start);
  }
  const perSecond = Math.round(10_000 / (best / 1_000));
  console.log(`${count} rules: ${perSecond} decisions/s, compiled in ${compiling.toFixed(1)} ms`);
}
