import type { Batched } from '../bytes/batched.ts';
import type { NamedUser } from '../model/cause.ts';
import type { UnknownWhy } from '../model/observation.ts';
import type {
  ListenerOwner,
  LogonTally,
  ResourcesState,
  SecureChannel,
  ServiceStatus,
  UserRights,
} from '../model/windows-facts.ts';

/**
 * An inquiry asks a Windows machine questions without knowing who answers: the hives of a disk that
 * was read by ranges, remote registry, `reg query` over SSH or one PowerShell script. It is a
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
export type Question = MeaningfulQuestion | LiveQuestion | PlaceQuestion;

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
  | { readonly kind: 'file-version'; readonly path: string }
  /** When the machine last took in its computer policy to the end. */
  | { readonly kind: 'policy-refresh' };

/** Asks for what only a running machine knows: whoever has no more than a disk answers `no-channel`. */
export type LiveQuestion =
  /** What the service control manager says of a service; absent: it knows none of that name. */
  | { readonly kind: 'service-status'; readonly name: string }
  /** Who listens on a TCP port; absent: nobody. */
  | { readonly kind: 'listener-owner'; readonly port: number }
  /**
   * How the machine's Netlogon sees its channel to a domain: what it remembers (`query`), or by asking a
   * controller now (`verify`), which takes up to 40 s and may make a broken machine look for another controller.
   */
  | { readonly kind: 'secure-channel'; readonly asked: SecureChannel['asked']; readonly domain: string }
  /** When Windows last started. */
  | { readonly kind: 'start-time' }
  /** The machine's clock beside ours. */
  | { readonly kind: 'clock' }
  /** Whom Windows Time follows just now. */
  | { readonly kind: 'time-source' }
  /** Memory, handles, sessions. */
  | { readonly kind: 'resources' };

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

/** That a file is there, and what else could be told of it. */
export interface FileInfo {
  /** Bytes. */
  readonly size?: number;
  /** ISO 8601, UTC. */
  readonly modifiedAt?: string;
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
  /** ISO 8601, UTC. */
  | { readonly kind: 'time'; readonly at: string }
  /** The machine's clock minus ours, half of the way there and back taken off. */
  | { readonly kind: 'clock'; readonly offsetSeconds: number }
  | { readonly kind: 'time-source'; readonly source: LiveTimeSource }
  | { readonly kind: 'service-status'; readonly status: ServiceStatus }
  | { readonly kind: 'listener-owner'; readonly owner: ListenerOwner }
  | { readonly kind: 'secure-channel'; readonly channel: SecureChannel }
  | { readonly kind: 'resources'; readonly resources: ResourcesState }
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

/** What Windows Time says of itself. */
export interface LiveTimeSource {
  /** `dc1.corp.example`; left out where it follows nobody. */
  readonly server?: string;
  /** That server's clock minus the machine's, as last measured. */
  readonly offsetSeconds?: number;
}
