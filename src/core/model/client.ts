import type { TlsVersion } from './facts.ts';

/** What a Remote Desktop client offers. One row of `knowledge/clients.ts`. */
export interface ClientProfile {
  /** What `--client` takes: `windows-10`. */
  readonly id: string;
  readonly title: string;
  /** Still serviced by its vendor: such clients count when the client is not known. */
  readonly supported: boolean;
  readonly tlsVersions: readonly TlsVersion[];
  /** Suites by IANA number, in the order in which the client offers them. */
  readonly tlsSuites: readonly number[];
  /** Named groups by IANA number. */
  readonly tlsGroups: readonly number[];
  /** Speaks CredSSP, so can do Network Level Authentication. */
  readonly nla: boolean;
  /** encryptionMethods it offers for standard RDP security, as the bit mask of TS_UD_CS_SEC. */
  readonly encryptionMethods: number;
  /** Refuses servers without the CVE-2018-0886 update by default. */
  readonly credsspHardened: boolean;
  /** Where the row comes from, and how sure it is. */
  readonly source: string;
}
