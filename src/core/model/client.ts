import type { TlsVersion } from './tls.ts';

/**
 * How sure a part of a row is. *documented*: its maker says so. *captured*: it was read in a hello of
 * that system. *practice*: people say so, or it was taken over from a relative. *unsettled*: nobody knows.
 */
export type Sureness = 'documented' | 'captured' | 'practice' | 'unsettled';

/** INVARIANT: what is not sure ends in a remark at most, never in a verdict that somebody is stopped. */
export function isSure(sureness: Sureness): boolean {
  return sureness === 'documented' || sureness === 'captured';
}

/** What a Remote Desktop client offers. One row of `knowledge/clients.ts`. */
export interface ClientProfile {
  /** What `--client` takes: `windows-10`. */
  readonly id: string;
  readonly title: string;
  /** Still serviced by its vendor: such clients count when the client is not known. */
  readonly supported: boolean;
  readonly tlsVersions: readonly TlsVersion[];
  /** Versions that it may offer as well; that is not settled. One in neither list it does not have. */
  readonly unsettledVersions: readonly TlsVersion[];
  /** Suites by IANA number, in the order in which the client offers them. */
  readonly tlsSuites: readonly number[];
  /** Suites that it may offer as well. */
  readonly unsettledSuites: readonly number[];
  /** Named groups by IANA number. */
  readonly tlsGroups: readonly number[];
  /** SignatureScheme numbers, in its order; empty where its versions know no such list (up to TLS 1.1). */
  readonly tlsSignatures: readonly number[];
  /** Speaks CredSSP, so can do Network Level Authentication. */
  readonly nla: boolean;
  /** encryptionMethods it offers for standard RDP security, as the bit mask of TS_UD_CS_SEC. */
  readonly encryptionMethods: number;
  /** Refuses servers without the CVE-2018-0886 update by default. */
  readonly credsspHardened: boolean;
  readonly sure: ClientSureness;
  /** Where the row comes from. */
  readonly source: string;
}

/** How sure each part of the row is. `versions` speaks of those listed in `tlsVersions`. */
export interface ClientSureness {
  readonly versions: Sureness;
  readonly suites: Sureness;
  readonly groups: Sureness;
  readonly signatures: Sureness;
  readonly encryptionMethods: Sureness;
  readonly credsspHardened: Sureness;
}
