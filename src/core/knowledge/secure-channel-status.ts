import type { Sure } from './row.ts';

/**
 * What a status of the secure channel says of the machine's place in its domain.
 * *password*: a controller answered and did not take the machine's password. *no-secret*: the machine holds
 * none. *no-account*: the controller has no account for the machine that could be used. *disabled*: it has
 * one that it calls disabled, which may be said of one just deleted too. *no-controller*: none was found or none answered. *netlogon*: the service does not
 * run. *trust*: trust failed, and not said how. *clock*: the clocks differ too much.
 */
export type ChannelState =
  | 'password'
  | 'no-secret'
  | 'no-account'
  | 'disabled'
  | 'no-controller'
  | 'netlogon'
  | 'trust'
  | 'clock';

/** What Netlogon reports of a channel, and what that means there: a code of the same number means something else elsewhere. */
export interface ChannelStatusRow {
  /** Win32 error, as [MS-NRPC] and nltest give it. */
  readonly code: number;
  readonly name: string;
  /** The NTSTATUS that becomes it (RtlNtStatusToDosError), for whoever passes that on. */
  readonly ntStatus?: number;
  readonly state: ChannelState;
  /** Where the code comes from and what it was seen to mean for a channel. */
  readonly source: string;
  readonly sure: Sure;
}

const ERREF = '[MS-ERREF] 2.2 and 2.3.1';
const BROKEN =
  'Microsoft: Broken trust relationship between a domain-joined device and its domain (secure channel issues)';
const MEASURED = 'seen of a Samba 4.17 controller with such an account';

/** netlog2_pdc_connection_status and netlog2_tc_connection_status ([MS-NRPC] 2.2.1.7.3). Zero is well. */
const CHANNEL_STATUSES: readonly ChannelStatusRow[] = [
  {
    code: 5,
    name: 'ERROR_ACCESS_DENIED',
    ntStatus: 0xc0000022,
    state: 'password',
    source: `${BROKEN}: I_NetServerAuthenticate 0xc0000022, the password is bad; ${MEASURED}, rolled back to an older password`,
    sure: 'verified',
  },
  {
    code: 86,
    name: 'ERROR_INVALID_PASSWORD',
    ntStatus: 0xc000006a,
    state: 'password',
    source: `${ERREF}: STATUS_WRONG_PASSWORD`,
    sure: 'practice',
  },
  {
    code: 1326,
    name: 'ERROR_LOGON_FAILURE',
    ntStatus: 0xc000006d,
    state: 'password',
    source: `${ERREF}: STATUS_LOGON_FAILURE`,
    sure: 'practice',
  },
  {
    code: 1786,
    name: 'ERROR_NO_TRUST_LSA_SECRET',
    ntStatus: 0xc000018a,
    state: 'no-secret',
    source: `${ERREF}: the workstation does not have a trust secret`,
    sure: 'verified',
  },
  {
    code: 1787,
    name: 'ERROR_NO_TRUST_SAM_ACCOUNT',
    ntStatus: 0xc000018b,
    state: 'no-account',
    source: `${ERREF}: no computer account for this workstation; ${MEASURED}, deleted`,
    sure: 'verified',
  },
  {
    code: 1331,
    name: 'ERROR_ACCOUNT_DISABLED',
    ntStatus: 0xc0000072,
    state: 'disabled',
    source: `${ERREF}; ${MEASURED}, disabled, and for a while after it was deleted`,
    sure: 'verified',
  },
  {
    code: 1788,
    name: 'ERROR_TRUSTED_DOMAIN_FAILURE',
    ntStatus: 0xc000018c,
    state: 'trust',
    source: ERREF,
    sure: 'verified',
  },
  {
    code: 1789,
    name: 'ERROR_TRUSTED_RELATIONSHIP_FAILURE',
    ntStatus: 0xc000018d,
    state: 'trust',
    source: `${ERREF}: the trust between this workstation and the primary domain failed`,
    sure: 'verified',
  },
  {
    code: 1790,
    name: 'ERROR_TRUST_FAILURE',
    ntStatus: 0xc0000190,
    state: 'trust',
    source: ERREF,
    sure: 'verified',
  },
  {
    code: 1311,
    name: 'ERROR_NO_LOGON_SERVERS',
    ntStatus: 0xc000005e,
    state: 'no-controller',
    source: `${ERREF}; seen of a Samba 4.17 machine whose controller was cut off`,
    sure: 'verified',
  },
  {
    code: 1355,
    name: 'ERROR_NO_SUCH_DOMAIN',
    ntStatus: 0xc00000df,
    state: 'no-controller',
    source: `${ERREF}: the domain does not exist or could not be contacted`,
    sure: 'verified',
  },
  {
    code: 1908,
    name: 'ERROR_DOMAIN_CONTROLLER_NOT_FOUND',
    ntStatus: 0xc0000233,
    state: 'no-controller',
    source: ERREF,
    sure: 'verified',
  },
  {
    code: 2453,
    name: 'NERR_DCNotFound',
    state: 'no-controller',
    source: '[MS-ERREF] 2.2: the domain controller for this domain was not found',
    sure: 'verified',
  },
  {
    code: 53,
    name: 'ERROR_BAD_NETPATH',
    ntStatus: 0xc00000be,
    state: 'no-controller',
    source: ERREF,
    sure: 'practice',
  },
  {
    code: 121,
    name: 'ERROR_SEM_TIMEOUT',
    ntStatus: 0xc00000b5,
    state: 'no-controller',
    source: `${ERREF}: STATUS_IO_TIMEOUT`,
    sure: 'practice',
  },
  {
    code: 1722,
    name: 'RPC_S_SERVER_UNAVAILABLE',
    ntStatus: 0xc0020017,
    state: 'no-controller',
    source: ERREF,
    sure: 'practice',
  },
  {
    code: 1792,
    name: 'ERROR_NETLOGON_NOT_STARTED',
    ntStatus: 0xc0000192,
    state: 'netlogon',
    source: ERREF,
    sure: 'verified',
  },
  {
    code: 1398,
    name: 'ERROR_TIME_SKEW',
    ntStatus: 0xc0000133,
    state: 'clock',
    source: `${ERREF}: STATUS_TIME_DIFFERENCE_AT_DC`,
    sure: 'verified',
  },
];

const BY_STATUS: ReadonlyMap<number, ChannelStatusRow> = new Map(
  CHANNEL_STATUSES.flatMap((row) => [
    [row.code, row] as const,
    ...(row.ntStatus === undefined ? [] : [[row.ntStatus, row] as const]),
  ]),
);

/** The row of a status of a channel, unsigned, whether it was passed on as Win32 error or as NTSTATUS; `undefined` for one we do not know. */
export function findChannelStatus(status: number): ChannelStatusRow | undefined {
  return BY_STATUS.get(status);
}
