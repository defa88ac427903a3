import type { Medium } from '../walker.ts';
import type { Geometry } from './boot-sector.ts';
import type { RecordSource } from './record-source.ts';
import type { UpcaseTable } from './upcase.ts';

/** An NTFS volume that was opened. Records and pages of $UpCase that were read stay in it. */
export interface Volume {
  readonly medium: Medium;
  readonly geometry: Geometry;
  readonly label?: string;
  /** `3.1` from Windows XP on. */
  readonly version?: string;
  /** Set while Windows has the volume mounted, and after a crash; absent where it could not be read. */
  readonly isDirty?: boolean;
  readonly records: RecordSource;
  readonly upcase: UpcaseTable;
}

/** Records with a fixed number. */
export const RecordNumber = { Mft: 0, Volume: 3, Root: 5, Secure: 9, UpCase: 10 } as const;
