import { Reader } from '../../bytes/reader.ts';
import { decodeUtf16le } from '../../bytes/utf16.ts';
import { decodeMappingPairs, type Run } from './mapping-pairs.ts';

/**
 * An attribute record (ATTRIBUTE_RECORD_HEADER).
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "MFT attribute".
 */
export type Attribute = {
  /** One of `AttributeType`, or a number that is not known here. */
  readonly type: number;
  readonly name: string;
  readonly flags: number;
  readonly id: number;
} & (
  | { readonly form: 'resident'; readonly value: Uint8Array }
  | {
      readonly form: 'non-resident';
      readonly lowestVcn: number;
      readonly highestVcn: number;
      readonly runs: readonly Run[];
      /** Log2 of the clusters of a compression unit; 0 when there are none. */
      readonly unitShift: number;
      /** Bytes; they hold in the record with `lowestVcn` 0 only. */
      readonly size: number;
      readonly initialisedSize: number;
    }
);

/** Attribute type codes, named as the specification names them. */
export const AttributeType = {
  StandardInformation: 0x10,
  AttributeList: 0x20,
  FileName: 0x30,
  SecurityDescriptor: 0x50,
  VolumeName: 0x60,
  VolumeInformation: 0x70,
  Data: 0x80,
  IndexRoot: 0x90,
  IndexAllocation: 0xa0,
  Bitmap: 0xb0,
  ReparsePoint: 0xc0,
} as const;

export const AttributeFlag = { CompressionMask: 0x00ff, Encrypted: 0x4000, Sparse: 0x8000 } as const;

/** Decodes one attribute record. `bytes`: the whole record, from its type to its end. */
export function decodeAttribute(bytes: Uint8Array): Attribute {
  const reader = new Reader(bytes, 'attribute record');
  const type = reader.u32le();
  reader.skip(4); // RecordLength, which the caller went by
  const formCode = reader.u8();
  const nameLength = reader.u8();
  const nameAt = reader.u16le();
  const flags = reader.u16le();
  const id = reader.u16le();
  const named = new Reader(bytes, 'attribute name');
  if (nameLength > 0) named.seek(nameAt);
  const name = decodeUtf16le(named.bytes(nameLength * 2));

  if (formCode === 0) {
    const length = reader.u32le();
    const valueAt = reader.u16le();
    reader.seek(valueAt);
    return { type, name, flags, id, form: 'resident', value: reader.bytes(length) };
  }
  const lowestVcn = reader.u64leNumber();
  // -1 for no clusters at all, which is one less than the first.
  const highest = BigInt.asIntN(64, reader.u64le());
  const pairsAt = reader.u16le();
  const unitShift = reader.u16le();
  reader.skip(4 + 8); // Reserved, AllocatedLength
  const size = reader.u64leNumber();
  const initialisedSize = reader.u64leNumber();
  const highestVcn = Number(highest);
  const clusters = highestVcn - lowestVcn + 1;
  if (!(Number.isSafeInteger(highestVcn) && clusters >= 0)) {
    reader.fail(`clusters from ${lowestVcn} to ${highest}`);
  }
  reader.seek(pairsAt);
  const runs = decodeMappingPairs(reader.rest(), lowestVcn, clusters);
  return {
    type,
    name,
    flags,
    id,
    form: 'non-resident',
    lowestVcn,
    highestVcn,
    runs,
    unitShift,
    size,
    initialisedSize,
  };
}
