import { closeSync, fdatasync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Stored } from './medium.ts';
import type { Revision } from './store.ts';

// A journal is a sequence of groups, a group what was written between two turns of the event loop:
//   magic u32 | length of the records u32 | CRC-32 of the records u32 | records
// and a record
//   kind u8 | key length u16 | value length u32 | revision f64 | expiresAt f64 | key | value
const MAGIC = 0x534a4c31;
const GROUP_HEADER = 12;
const RECORD_HEADER = 23;
const WRITTEN = 1;
const REMOVED = 2;
const KEPT_BUFFER = 1024 * 1024;

/** One change as a journal keeps it; `stored` is absent for a removal. */
export interface JournalRecord {
  readonly key: string;
  readonly revision: Revision;
  readonly stored: Stored | undefined;
}

/**
 * An append-only file of changes. Appending gathers records in memory, {@link Journal.flush} hands them to
 * the operating system in one write (they outlive the process from then on), {@link Journal.sync} has them
 * put on the disk.
 */
export class Journal {
  readonly path: string;
  readonly #file: number;
  #buffer: Buffer = Buffer.allocUnsafe(64 * 1024);
  #end = GROUP_HEADER;
  #size = 0;

  /** Creates the file; it must not exist. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'ax', 0o600);
  }

  /** Bytes handed to the operating system so far. */
  get size(): number {
    return this.#size;
  }

  append(key: string, revision: Revision, stored: Stored | undefined): void {
    const value = stored?.value;
    const valueLength = value?.length ?? 0;
    const at = this.#room(RECORD_HEADER + key.length * 3 + valueLength);
    const buffer = this.#buffer;
    const keyLength = buffer.write(key, at + RECORD_HEADER);
    buffer[at] = value ? WRITTEN : REMOVED;
    buffer.writeUInt16LE(keyLength, at + 1);
    buffer.writeUInt32LE(valueLength, at + 3);
    buffer.writeDoubleLE(revision, at + 7);
    buffer.writeDoubleLE(stored?.expiresAt ?? Number.POSITIVE_INFINITY, at + 15);
    this.#end = at + RECORD_HEADER + keyLength;
    if (value) {
      buffer.set(value, this.#end);
      this.#end += valueLength;
    }
  }

  /** Hands what was appended to the operating system. Throws what the file system throws. */
  flush(): void {
    if (this.#end === GROUP_HEADER) return;
    const group = this.#buffer.subarray(0, this.#end);
    group.writeUInt32LE(MAGIC, 0);
    group.writeUInt32LE(this.#end - GROUP_HEADER, 4);
    group.writeUInt32LE(crc32(group.subarray(GROUP_HEADER)), 8);
    for (let written = 0; written < group.length; ) written += writeSync(this.#file, group, written);
    this.#size += group.length;
    this.#end = GROUP_HEADER;
    if (this.#buffer.length > KEPT_BUFFER) this.#buffer = Buffer.allocUnsafe(64 * 1024);
  }

  /** Fulfilled when everything flushed before is on the disk. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#file, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Where the next record begins, with room for `bytes` from there. */
  #room(bytes: number): number {
    if (this.#end + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#end + bytes));
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    return this.#end;
  }
}

/**
 * Reads back the groups of a journal. A group that was cut off or damaged, as a power cut may leave the
 * last ones, ends the reading: `lostBytes` says how much follows the last good one.
 */
export function readJournal(
  path: string,
  visit: (record: JournalRecord) => void,
): { readonly lostBytes: number } {
  const file = readFileSync(path);
  let at = 0;
  while (at + GROUP_HEADER <= file.length) {
    const length = file.readUInt32LE(at + 4);
    const start = at + GROUP_HEADER;
    const records = file.subarray(start, start + length);
    if (file.readUInt32LE(at) !== MAGIC || records.length < length) break;
    if (crc32(records) !== file.readUInt32LE(at + 8)) break;
    readGroup(records, visit);
    at = start + length;
  }
  return { lostBytes: file.length - at };
}

function readGroup(records: Buffer, visit: (record: JournalRecord) => void): void {
  for (let at = 0; at < records.length; ) {
    const keyStart = at + RECORD_HEADER;
    const valueStart = keyStart + records.readUInt16LE(at + 1);
    const valueEnd = valueStart + records.readUInt32LE(at + 3);
    const revision = records.readDoubleLE(at + 7);
    const expiresAt = records.readDoubleLE(at + 15);
    visit({
      key: records.toString('utf8', keyStart, valueStart),
      revision,
      stored:
        records[at] === REMOVED
          ? undefined
          : {
              value: new Uint8Array(records.subarray(valueStart, valueEnd)),
              revision,
              expiresAt: expiresAt === Number.POSITIVE_INFINITY ? undefined : expiresAt,
            },
    });
    at = valueEnd;
  }
}
