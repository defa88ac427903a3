import type { Batched } from '../bytes/batched.ts';
import type { NamedUser } from '../model/cause.ts';
import type { UnknownWhy } from '../model/observation.ts';
import type { LogonTally, UserRights } from '../model/windows-facts.ts';

/**
 * An inquiry asks a Windows machine questions without knowing who answers: the hives of a disk that
 * was read by ranges, later remote registry, `reg query` over SSH or one PowerShell script. It is a
 * generator that yields a batch of questions and is continued with one answer a question, in order.
 */
export type Inquiry<T, Asked extends Question = Question> = Batched<Asked, Answer, T>;

/** Hives by what they are called below HKEY_LOCAL_MACHINE. */
export type HiveName = 'SYSTEM' | 'SOFTWARE' | 'SECURITY' | 'SAM';

/**
 * Registry paths are below the hive, with backslashes, without a leading one. In SYSTEM a path that
 * begins with `CurrentControlSet` is meant for the control set in use: whoever answers resolves it
 * (offline there is no such key, SYSTEM\Select\Current names the number).
 */
export type Question = MeaningfulQuestion | PlaceQuestion;

/**
 * Asks for what is meant, not for where it stands: a disk keeps it in SECURITY, a running machine tells it
 * over another interface. `throughRegistry` turns these into questions for places.
 */
export type MeaningfulQuestion =
  /** Whether the machine belongs to a domain, and to which. */
  | { readonly kind: 'membership' }
  /** The machine's own SID: that of its accounts. */
  | { readonly kind: 'machine-sid' }
  /** Who holds the rights to sign in, and who is denied them. */
  | { readonly kind: 'account-rights' }
  /** When the machine account's password last changed on the machine. */
  | { readonly kind: 'machine-password' }
  /** The version in a file's version resource. */
  | { readonly kind: 'file-version'; readonly path: string };

/** Asks for what stands at a place: in the registry, in a file, in a log. */
export type PlaceQuestion =
  | { readonly kind: 'value'; readonly hive: HiveName; readonly key: string; readonly name: string }
  /** Every value of a key. */
  | { readonly kind: 'values'; readonly hive: HiveName; readonly key: string }
  /** The names of a key's subkeys. */
  | { readonly kind: 'subkeys'; readonly hive: HiveName; readonly key: string }
  /** Size, times and security of a file, by its path on the system drive: `\Windows\System32\TSpkg.dll`. */
  | {
      readonly kind: 'file';
      readonly path: string;
      /** `false`: its security is not needed, which saves the places where NTFS keeps it. */
      readonly security?: false;
    }
  /** A file's first bytes, `limit` at the most. */
  | { readonly kind: 'content'; readonly path: string; readonly limit: number }
  /** The names in a folder. */
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 'events';
      /** `System`, `Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational`. */
      readonly channel: string;
      readonly select: readonly EventSelector[];
      /** Nothing older than this, in milliseconds before the newest record of the channel. */
      readonly withinMillis: number;
      /** The newest so many. */
      readonly limit: number;
    }
  /** Sign-ins that worked and that failed, counted: there may be more of them than anybody can carry. */
  | {
      readonly kind: 'logons';
      /** `Security`. */
      readonly channel: string;
      /** Nothing older than this, in milliseconds before the newest record of the channel. */
      readonly withinMillis: number;
      /** The newest so many sign-ins, and no more than so many bytes of the log. */
      readonly limit: number;
      readonly bytes: number;
      /** Whose rows are to be kept whatever is left out. */
      readonly account?: NamedUser;
    };

export interface EventSelector {
  readonly provider: string;
  readonly ids: readonly number[];
}

/** A registry value, decoded by its type. */
export interface RegistryValue {
  readonly name: string;
  /** REG_* by number: 1 SZ, 2 EXPAND_SZ, 3 BINARY, 4 DWORD, 7 MULTI_SZ, 11 QWORD. */
  readonly type: number;
  readonly data: number | bigint | string | readonly string[] | Uint8Array;
}

export interface FileInfo {
  /** Bytes. */
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly modifiedAt: string;
  /** Self-relative SECURITY_DESCRIPTOR ([MS-DTYP] 2.4.6), where it could be read. */
  readonly security?: Uint8Array;
}

export interface EventRecord {
  readonly channel: string;
  readonly provider: string;
  /** Without qualifiers. */
  readonly id: number;
  readonly recordId: number;
  /** ISO 8601, UTC: TimeCreated. */
  readonly at: string;
  readonly level?: number;
  readonly computer?: string;
  /** By name; positional ones are `param1`, `param2`, …; binary data is hexadecimal, as `binary`. */
  readonly fields: Readonly<Record<string, string>>;
}

/** `at`: where exactly, for the provenance: `SYSTEM\ControlSet001\Control\Lsa`, `System.evtx`. */
export type Answer =
  | { readonly state: 'present'; readonly at: string; readonly value: AnswerValue }
  | { readonly state: 'absent'; readonly at: string }
  | { readonly state: 'unknown'; readonly at: string; readonly why: UnknownWhy; readonly detail?: string };

export type AnswerValue =
  | { readonly kind: 'value'; readonly value: RegistryValue }
  /** `incomplete`: why some values may be missing. */
  | { readonly kind: 'values'; readonly values: readonly RegistryValue[]; readonly incomplete?: string }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'file'; readonly file: FileInfo }
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  | { readonly kind: 'logons'; readonly tally: LogonTally }
  | { readonly kind: 'membership'; readonly membership: Membership }
  | { readonly kind: 'sid'; readonly sid: string }
  | { readonly kind: 'account-rights'; readonly rights: UserRights }
  /** ISO 8601, UTC. */
  | { readonly kind: 'machine-password'; readonly changedAt: string }
  /** `10.0.20348.2402` */
  | { readonly kind: 'version'; readonly version: string }
  | {
      readonly kind: 'events';
      /** Newest first. */
      readonly events: readonly EventRecord[];
      /** ISO 8601, UTC: the oldest and the newest record of the channel, matching or not. A log that rolled over proves nothing about the time before. */
      readonly oldest?: string;
      readonly newest?: string;
    };

/** Which domain a machine belongs to; without `sid` it is in none. */
export interface Membership {
  readonly sid?: string;
  /** By its DNS name. */
  readonly domain?: string;
  readonly netbiosDomain?: string;
}
