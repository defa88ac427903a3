// Volumes and $MFTs that Windows and mkntfs wrote, with what the Sleuth Kit read from them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { tryDecode } from '../../../../src/core/bytes/decode-error.ts';
import { type Attribute, AttributeType } from '../../../../src/core/formats/ntfs/attribute.ts';
import { openFile } from '../../../../src/core/formats/ntfs/file.ts';
import { decodeFileRecord } from '../../../../src/core/formats/ntfs/file-record.ts';
import { findFiles, listDirectory } from '../../../../src/core/formats/ntfs/find-files.ts';
import { decodeFileName } from '../../../../src/core/formats/ntfs/metadata.ts';
import { openVolume } from '../../../../src/core/formats/ntfs/open-volume.ts';
import {
  readSecurityDescriptor,
  type SecurityDescriptor,
} from '../../../../src/core/formats/ntfs/security.ts';
import { readPartitions } from '../../../../src/core/formats/partition/partitions.ts';
import { bottom, type ReadResult, readAt, slice } from '../../../../src/core/formats/walker.ts';
import { readRealData, truthOf } from '../../../shared-data.ts';
import { type Driven, drive } from '../drive.ts';

interface Truth {
  readonly fls: readonly string[];
  readonly files: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>;
}

/** A fixed VHD is its disk and a footer; the footer does not disturb an MBR. */
for (const name of ['disk/ntfs.raw.xz', 'disk/ntfs-fixed.vhd.xz']) {
  test(`${name}: every name and every file as the Sleuth Kit reads them`, (t) => {
    const bytes = readRealData(t, name);
    if (bytes === undefined) return;
    const truth = truthOf('disk', name) as Truth;
    const disk = bottom(bytes.length);
    const { partitions } = drive(readPartitions(disk), bytes).value;
    const [partition] = partitions;
    const medium = partition === undefined ? disk : slice(disk, partition.offset, partition.size);
    const opened = drive(openVolume(medium), bytes);
    assert.ok(opened.value.ok);
    assert.deepEqual(opened.value.anomalies, []);
    assert.equal(opened.rounds, 2);
    const { volume } = opened.value;
    assert.equal(volume.version, '3.1');

    const names = new Set<string>();
    const walk = (path: string) => {
      const listed = drive(listDirectory(volume, path), bytes).value;
      assert.ok(listed.kind === 'found', inspect(listed));
      for (const entry of listed.entries) {
        if (entry.reference.record < 16) continue;
        names.add(entry.path.slice(1).replaceAll('\\', '/'));
        if (entry.isDirectory) walk(entry.path);
      }
    };
    walk('');
    assert.deepEqual([...names].sort(), truth.fls.map((line) => line.split('\t')[1] ?? '').sort());

    const paths = Object.keys(truth.files);
    const { lookups } = drive(
      findFiles(
        volume,
        paths.map((path) => path.toUpperCase()),
      ),
      bytes,
    ).value;
    for (const [index, path] of paths.entries()) {
      const lookup = lookups[index];
      assert.ok(lookup?.kind === 'found', inspect(lookup));
      const [found] = lookup.files;
      assert.ok(found !== undefined);
      assert.equal(found.size, truth.files[path]?.size);
      const file = openFile(volume, found.file);
      assert.ok(file.ok);
      const read: Driven<ReadResult> = drive(readAt(file.medium, 0, found.size), bytes);
      assert.ok(read.value.ok);
      assert.equal(
        createHash('sha256').update(read.value.bytes).digest('hex'),
        truth.files[path]?.sha256,
        path,
      );
      const descriptor: SecurityDescriptor = drive(readSecurityDescriptor(volume, found.file), bytes).value;
      assert.ok(descriptor.ok, inspect(descriptor));
      // Revision 1, self-relative.
      assert.equal(descriptor.bytes[0], 1);
      assert.equal((descriptor.bytes[3] ?? 0) & 0x80, 0x80);
    }
  });
}

test('the dirty flag and label of a volume that Windows formatted', (t) => {
  const bytes = readRealData(t, 'disk/ntfs-fixed.vhd.xz');
  if (bytes === undefined) return;
  const { value } = drive(openVolume(slice(bottom(bytes.length), 128 * 512, 6016 * 512)), bytes);
  assert.ok(value.ok);
  assert.deepEqual([value.volume.label, value.volume.isDirty], ['TestVolume', false]);
});

/** Every record in use of a bare $MFT. */
function recordsOf(bytes: Uint8Array) {
  const records = [];
  for (let at = 0; at + 1024 <= bytes.length; at += 1024) {
    const decoded = tryDecode(() => decodeFileRecord(bytes.subarray(at, at + 1024), 1024));
    if (decoded.ok) records.push({ number: at / 1024, ...decoded.value });
    else assert.match(decoded.error.message, /signature FILE/, `record ${at / 1024}`);
  }
  return records;
}

const namesOf = (attributes: readonly Attribute[]) =>
  attributes.flatMap((one) =>
    one.type === AttributeType.FileName && one.form === 'resident' ? [decodeFileName(one.value).name] : [],
  );

const dataOf = (attributes: readonly Attribute[]) =>
  attributes.flatMap((one) => (one.type === AttributeType.Data && one.form === 'non-resident' ? [one] : []));

for (const [name, check] of [
  [
    'compressed_sparse',
    (records: ReturnType<typeof recordsOf>) => {
      const data = records.flatMap(({ attributes }) => dataOf(attributes));
      assert.ok(data.some(({ flags, unitShift }) => flags === 1 && unitShift === 4));
      assert.ok(
        data.some(({ flags, runs }) => flags === 0x8000 && runs.some(({ lcn }) => lcn === undefined)),
      );
    },
  ],
  [
    'mapping_pairs_1',
    (records: ReturnType<typeof recordsOf>) => {
      const data = records.flatMap(({ attributes }) => dataOf(attributes));
      assert.ok(data.some(({ runs }) => runs.length > 1));
    },
  ],
  [
    'unicode',
    (records: ReturnType<typeof recordsOf>) => {
      const names = records.flatMap(({ attributes }) => namesOf(attributes));
      assert.ok(
        names.some((text) => /[^\0-\x7f]/.test(text)),
        names.join(),
      );
    },
  ],
] as const) {
  test(`every record of ${name}.mft`, (t) => {
    const bytes = readRealData(t, `disk/dfirntfs_${name}.mft.xz`);
    if (bytes === undefined) return;
    const records = recordsOf(bytes);
    assert.ok(records.length > 16);
    for (const record of records) assert.deepEqual(record.problems, [], `record ${record.number}`);
    assert.ok(namesOf(records[0]?.attributes ?? []).includes('$MFT'));
    check(records);
  });
}
