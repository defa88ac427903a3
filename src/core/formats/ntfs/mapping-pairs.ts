import { Reader } from '../../bytes/reader.ts';

/** Consecutive clusters of a stream. `lcn` is where they lie; without it they are a hole, read as zeros. */
export interface Run {
  /** The first cluster's place in the stream. */
  readonly vcn: number;
  readonly clusters: number;
  readonly lcn?: number;
}

/** Eight bytes hold every length and every delta that there can be. */
const FIELD_SIZE_MAX = 8;

/**
 * Decodes the mapping pairs ("data runs") of a non-resident attribute.
 * @param bytes from the first pair to the end of the attribute record
 * @param lowestVcn the first cluster that they map
 * @param clusters how many clusters the attribute says they map; pairs past these are invalid
 * Source: "New Technologies File System (NTFS)" of libfsntfs, "Data runs".
 */
export function decodeMappingPairs(bytes: Uint8Array, lowestVcn: number, clusters: number): readonly Run[] {
  const reader = new Reader(bytes, 'mapping pairs');
  const runs: Run[] = [];
  let vcn = lowestVcn;
  let lcn = 0;
  // A terminator is missing where the pairs fill the record to its end.
  while (reader.remaining > 0) {
    const sizes = reader.u8();
    if (sizes === 0) break;
    const lengthSize = sizes & 15;
    const deltaSize = sizes >> 4;
    if (!(lengthSize > 0 && lengthSize <= FIELD_SIZE_MAX && deltaSize <= FIELD_SIZE_MAX)) {
      reader.fail(`a pair of ${lengthSize} and ${deltaSize} bytes`);
    }
    const length = readSigned(reader, lengthSize);
    if (!(length > 0 && vcn - lowestVcn + length <= clusters)) {
      reader.fail(`a run of ${length} clusters at ${vcn}, of ${clusters} from ${lowestVcn}`);
    }
    const previous = runs.at(-1);
    if (deltaSize === 0) {
      runs.push({ vcn, clusters: length });
    } else {
      lcn += readSigned(reader, deltaSize);
      if (!(Number.isSafeInteger(lcn) && lcn >= -1)) reader.fail(`a run that starts at cluster ${lcn}`);
      // NTFS 1.2 wrote holes as cluster -1.
      if (lcn === -1) runs.push({ vcn, clusters: length });
      else if (previous?.lcn !== undefined && previous.lcn + previous.clusters === lcn) {
        runs[runs.length - 1] = { ...previous, clusters: previous.clusters + length };
      } else runs.push({ vcn, clusters: length, lcn });
    }
    vcn += length;
  }
  return runs;
}

function readSigned(reader: Reader, size: number): number {
  let value = 0n;
  for (let at = 0; at < size; at += 1) value |= BigInt(reader.u8()) << BigInt(at * 8);
  return Number(BigInt.asIntN(size * 8, value));
}
