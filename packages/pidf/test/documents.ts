import { bytesOf } from '@sip-simple/testkit';

/** A presence document with this content, as bytes. */
export function document(content: string, attributes = 'entity="sip:alice@example.com"'): Uint8Array {
  return bytesOf(
    `<?xml version="1.0" encoding="UTF-8"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:p="urn:ietf:params:xml:ns:pidf"` +
      ` xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:x="urn:example:x" ${attributes}>${content}</presence>`,
  );
}

/** A tuple with this after its status. */
export function tuple(content: string, status = '<basic>open</basic>', id = 't1'): string {
  return `<tuple id="${id}"><status>${status}</status>${content}</tuple>`;
}
