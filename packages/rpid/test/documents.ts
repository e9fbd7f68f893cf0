import { type Device, type Person, parse, type Tuple, validate } from '@sip-simple/pidf';
import { bytesOf } from '@sip-simple/testkit';
import { parse as parseXml } from '@sip-simple/xml';
import { advice, elements, type RulesOptions, rules } from '../src/index.ts';

/** A presence document with this content, as bytes. */
export function document(content: string): Uint8Array {
  return bytesOf(
    '<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"' +
      ' xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" xmlns:ts="urn:ietf:params:xml:ns:pidf:timed-status"' +
      ' xmlns:c="urn:ietf:params:xml:ns:pidf:cipid" xmlns:caps="urn:ietf:params:xml:ns:pidf:caps"' +
      ' xmlns:lt="urn:ietf:params:xml:ns:location-type" xmlns:x="urn:example:x" entity="sip:alice@example.com">' +
      `${content}</presence>`,
  );
}

export function person(content: string): string {
  return `<dm:person id="p1">${content}</dm:person>`;
}

export function device(content: string): string {
  return `<dm:device id="d1">${content}<dm:deviceID>urn:x:1</dm:deviceID></dm:device>`;
}

/** A tuple with this between its status and what follows. */
export function tuple(content: string, status = '<basic>open</basic>', end = ''): string {
  return `<tuple id="t1"><status>${status}</status>${content}${end}</tuple>`;
}

export function personOf(content: string): Person {
  return only(parse(document(person(content))).persons);
}

export function deviceOf(content: string): Device {
  return only(parse(document(device(content))).devices);
}

export function tupleOf(content: string, end = ''): Tuple {
  return only(parse(document(tuple(content, undefined, end))).tuples);
}

/** What is wrong with a document by all the standards here, as `path rule`. */
export function wrong(content: string, options?: RulesOptions): readonly string[] {
  const found = validate(document(content), { elements, check: (tree) => rules(tree, options) });
  return found.map(({ path, rule }) => `${path} ${rule}`);
}

/** What could be better in it. */
export function advised(content: string): readonly string[] {
  return advice(parseXml(document(content))).map(({ path, rule }) => `${path} ${rule}`);
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('one was expected');
  return item;
}
