import type { Instant, Timed } from '@sip-simple/sip-core';
import type { Publication, PublicationRules } from './event-package.ts';
import type { PublishablePackage } from './publish-request.ts';
import { decodeRecord, encodeRecord, numberField, stringField } from './record.ts';

/** One publication: its body as it came, under the entity-tag now in force, and its own entry in the timer wheel. */
export class StoredPublication implements Timed {
  /** Its name in the store, the same for all its entity-tags: `pub/<token>`. */
  readonly key: string;
  readonly resource: PublishedResource;
  entityTag = '';
  mediaType = '';
  charset: string | undefined = undefined;
  body: Uint8Array = new Uint8Array(0);
  receivedAt: Instant = 0;
  expiresAt: Instant = 0;

  tick = 0;
  slot = -1;
  previous: Timed | undefined;
  next: Timed | undefined;

  constructor(key: string, resource: PublishedResource) {
    this.key = key;
    this.resource = resource;
  }

  /** What has to be stored for the publication to be there after a restart. */
  toRecord(): Uint8Array {
    const { resource, entityTag, mediaType, charset, receivedAt, expiresAt } = this;
    const event = resource.package.package.name;
    const name = resource.name;
    const fields = { v: 1, event, resource: name, entityTag, mediaType, charset, receivedAt, expiresAt };
    return encodeRecord(fields, this.body);
  }
}

/** The publications of one resource for one event package, oldest first. */
export interface PublishedResource {
  readonly package: PublishablePackage;
  readonly name: string;
  readonly publications: StoredPublication[];
}

/** A stored publication as read back. */
export interface PublicationRecord {
  readonly event: string;
  readonly resource: string;
  readonly entityTag: string;
  readonly mediaType: string;
  readonly charset: string | undefined;
  readonly receivedAt: Instant;
  readonly expiresAt: Instant;
  readonly body: Uint8Array;
}

/**
 * Reads what `StoredPublication.toRecord` wrote.
 * @throws EventsError `record`
 */
export function readPublicationRecord(bytes: Uint8Array): PublicationRecord {
  const record = decodeRecord(bytes);
  const { charset } = record.fields;
  return {
    event: stringField(record, 'event'),
    resource: stringField(record, 'resource'),
    entityTag: stringField(record, 'entityTag'),
    mediaType: stringField(record, 'mediaType'),
    charset: typeof charset === 'string' ? charset : undefined,
    receivedAt: numberField(record, 'receivedAt'),
    expiresAt: numberField(record, 'expiresAt'),
    body: record.body,
  };
}

/** All publications, by resource and event package. */
export class PublicationTable {
  /** By event package, then by resource. */
  readonly #resources: Map<string, Map<string, PublishedResource>> = new Map();
  readonly #byKey: Map<string, StoredPublication> = new Map();

  get size(): number {
    return this.#byKey.size;
  }

  byKey(key: string): StoredPublication | undefined {
    return this.#byKey.get(key);
  }

  resource(event: string, name: string): PublishedResource | undefined {
    return this.#resources.get(event)?.get(name);
  }

  add(key: string, publishable: PublishablePackage, name: string): StoredPublication {
    const event = publishable.package.name;
    const ofPackage = this.#resources.get(event) ?? new Map<string, PublishedResource>();
    this.#resources.set(event, ofPackage);
    const resource = ofPackage.get(name) ?? { package: publishable, name, publications: [] };
    ofPackage.set(name, resource);
    const publication = new StoredPublication(key, resource);
    resource.publications.push(publication);
    this.#byKey.set(key, publication);
    return publication;
  }

  remove(publication: StoredPublication): void {
    const { resource } = publication;
    const index = resource.publications.indexOf(publication);
    if (index >= 0) resource.publications.splice(index, 1);
    this.#byKey.delete(publication.key);
    if (resource.publications.length === 0) {
      this.#resources.get(resource.package.package.name)?.delete(resource.name);
    }
  }
}

/**
 * Publications as an event package composes them. Documents are read again when they are asked for: keeping the
 * parsed form of every publication would cost many times its bytes.
 * @param read a document that was just read, which saves reading it again
 */
export function asPublications(
  resource: PublishedResource,
  read?: { readonly publication: StoredPublication; readonly document: unknown },
): readonly Publication[] {
  const { rules } = resource.package;
  return resource.publications.map((publication) =>
    publication === read?.publication
      ? withDocument(publication, read.document)
      : new LazyPublication(publication, rules),
  );
}

function withDocument(publication: StoredPublication, document: unknown): Publication {
  const { key: id, entityTag, mediaType, body, receivedAt, expiresAt } = publication;
  return { id, entityTag, mediaType, body, document, receivedAt, expiresAt };
}

class LazyPublication implements Publication {
  readonly id: string;
  readonly entityTag: string;
  readonly mediaType: string;
  readonly body: Uint8Array;
  readonly receivedAt: Instant;
  readonly expiresAt: Instant;
  readonly #charset: string | undefined;
  readonly #rules: PublicationRules;
  #document: unknown = undefined;

  constructor(publication: StoredPublication, rules: PublicationRules) {
    this.id = publication.key;
    this.entityTag = publication.entityTag;
    this.mediaType = publication.mediaType;
    this.body = publication.body;
    this.receivedAt = publication.receivedAt;
    this.expiresAt = publication.expiresAt;
    this.#charset = publication.charset;
    this.#rules = rules;
  }

  get document(): unknown {
    this.#document ??= this.#rules.read(this.body, this.mediaType, this.#charset);
    return this.#document;
  }
}
