import { readGuid } from '../../bytes/guid.ts';
import type { NdrReader } from './ndr-reader.ts';
import { operationOf, type Returned, type RpcInterface, returned } from './operation.ts';

// [MS-LSAD] 3.1.4 Message Processing Events and Sequencing Rules: membership and account rights.

/** [MS-LSAD] 1.9 Standards Assignments. */
export const LSARPC: RpcInterface = {
  name: 'lsarpc',
  syntax: { uuid: '12345778-1234-abcd-ef00-0123456789ab', major: 0, minor: 0 },
  pipe: 'lsarpc',
};

/** ACCESS_MASK of a policy, [MS-LSAD] 2.2.1.1.2. */
export const POLICY_ACCESS = {
  POLICY_VIEW_LOCAL_INFORMATION: 0x0000_0001,
  POLICY_LOOKUP_NAMES: 0x0000_0800,
} as const;

/** [MS-ERREF] 2.3: what these methods answer beside success. */
const LSA_STATUS = {
  STATUS_ACCESS_DENIED: 0xc000_0022,
  /** Nobody has the right; an account without rights. */
  STATUS_OBJECT_NAME_NOT_FOUND: 0xc000_0034,
  /** The right has a name that the machine does not know. */
  STATUS_NO_SUCH_PRIVILEGE: 0xc000_0060,
  STATUS_MORE_ENTRIES: 0x0000_0105,
  STATUS_NO_MORE_ENTRIES: 0x8000_001a,
} as const;

/** POLICY_INFORMATION_CLASS, [MS-LSAD] 2.2.4.1. */
export const POLICY_CLASS = {
  primaryDomain: 3,
  accountDomain: 5,
  role: 6,
  dnsDomain: 12,
  dnsDomainInt: 13,
} as const;

/** 20 bytes. */
export type PolicyHandle = Uint8Array;

export type PolicyInformation =
  /** Classes 3 and 5: of the domain that the machine belongs to (a workgroup has no SID), or of its own accounts. */
  | { readonly kind: 'domain'; readonly name: string; readonly sid?: string }
  /** Class 6: 2 backup, 3 primary. */
  | { readonly kind: 'role'; readonly role: number }
  /** Classes 12 and 13. */
  | {
      readonly kind: 'dns-domain';
      readonly name: string;
      readonly dnsDomain: string;
      readonly dnsForest: string;
      /** Zeros in a workgroup. */
      readonly guid: string;
      readonly sid?: string;
    };

/** Accounts in one answer: more than any machine gives rights to, and what Samba's interface allows. */
const ACCOUNT_LIMIT = 8192;
/** [MS-LSAD] 2.2.5.3: Entries of a LSAPR_USER_RIGHT_SET is below 256. */
const RIGHT_LIMIT = 256;

const operation = operationOf(LSARPC);

/** LsarOpenPolicy2, [MS-LSAD] 3.1.4.4.1 (Opnum 44). `access`: POLICY_ACCESS. */
export const openPolicy = operation<{ readonly access: number }, Returned<PolicyHandle>>(
  'LsarOpenPolicy2',
  44,
  (w, { access }) =>
    w
      .pointer(false /* SystemName */)
      .u32(24 /* Length of LSAPR_OBJECT_ATTRIBUTES */)
      .pointer(false)
      .pointer(false)
      .u32(0 /* Attributes */)
      .pointer(false)
      .pointer(false)
      .u32(access),
  (r) => {
    const handle = r.handle();
    return returned(r.u32(), handle);
  },
);

/** LsarClose, [MS-LSAD] 3.1.4.9.4 (Opnum 0). */
export const closePolicy = operation<{ readonly policy: PolicyHandle }, Returned<undefined>>(
  'LsarClose',
  0,
  (w, { policy }) => w.handle(policy),
  (r) => {
    r.handle();
    return returned(r.u32(), undefined);
  },
);

/** LsarQueryInformationPolicy, [MS-LSAD] 3.1.4.4.4 (Opnum 7). `class`: POLICY_CLASS. */
export const queryPolicy = operation<
  { readonly policy: PolicyHandle; readonly class: number },
  Returned<PolicyInformation>
>(
  'LsarQueryInformationPolicy',
  7,
  (w, request) => w.handle(request.policy).u16(request.class),
  (r) => {
    const information = r.pointer() ? readInformation(r) : undefined;
    const status = r.u32();
    if (status !== 0) return { kind: 'error', status };
    return { kind: 'ok', value: information ?? r.fail('success without information') };
  },
);

function readInformation(r: NdrReader): PolicyInformation {
  const level = r.u16();
  // A union is aligned as its largest arm, whichever is sent: the role, too, begins at a multiple of four.
  r.align(4);
  if (level === POLICY_CLASS.role) return { kind: 'role', role: r.u16() };
  switch (level) {
    case POLICY_CLASS.primaryDomain:
    case POLICY_CLASS.accountDomain: {
      const header = r.unicodeHeader();
      const hasSid = r.pointer();
      const name = r.unicodeBuffer(header);
      return { kind: 'domain', name, ...(hasSid && { sid: r.sid() }) };
    }
    case POLICY_CLASS.dnsDomain:
    case POLICY_CLASS.dnsDomainInt: {
      const headers = [r.unicodeHeader(), r.unicodeHeader(), r.unicodeHeader()];
      const guid = r.read(readGuid);
      const hasSid = r.pointer();
      const [name = '', dnsDomain = '', dnsForest = ''] = headers.map((header) => r.unicodeBuffer(header));
      return { kind: 'dns-domain', name, dnsDomain, dnsForest, guid, ...(hasSid && { sid: r.sid() }) };
    }
    default:
      return r.fail(`information of class ${level}, which was not asked for`);
  }
}

/**
 * LsarEnumerateAccounts, [MS-LSAD] 3.1.4.5.2 (Opnum 11): SIDs that have any right. STATUS_NO_MORE_ENTRIES
 * ends it. `preferredBytes`: Samba takes it for a count and faults above 8192.
 */
export const enumerateAccounts = operation<
  { readonly policy: PolicyHandle; readonly resume: number; readonly preferredBytes: number },
  Returned<{ readonly sids: readonly string[]; readonly resume: number; readonly more: boolean }>
>(
  'LsarEnumerateAccounts',
  11,
  (w, { policy, resume, preferredBytes }) => w.handle(policy).u32(resume).u32(preferredBytes),
  (r) => {
    const resume = r.u32();
    const sids = readAccounts(r);
    const status = r.u32();
    const more = status === LSA_STATUS.STATUS_MORE_ENTRIES;
    return returned(more ? 0 : status, { sids, resume, more });
  },
);

/** LsarEnumerateAccountsWithUserRight, [MS-LSAD] 3.1.4.5.9 (Opnum 35): SIDs that have this right, `SeRemoteInteractiveLogonRight`. */
export const enumerateAccountsWithUserRight = operation<
  { readonly policy: PolicyHandle; readonly right: string },
  Returned<readonly string[]>
>(
  'LsarEnumerateAccountsWithUserRight',
  35,
  (w, { policy, right }) => w.handle(policy).pointer().unicodeString(right),
  (r) => {
    const sids = readAccounts(r);
    const status = r.u32();
    // Nobody has it: an answer, not a failure.
    return returned(status === LSA_STATUS.STATUS_NO_MORE_ENTRIES ? 0 : status, sids);
  },
);

/** LsarEnumerateAccountRights, [MS-LSAD] 3.1.4.5.10 (Opnum 36): names of the rights of one SID, given as bytes. */
export const enumerateAccountRights = operation<
  { readonly policy: PolicyHandle; readonly sid: Uint8Array },
  Returned<readonly string[]>
>(
  'LsarEnumerateAccountRights',
  36,
  (w, { policy, sid }) => w.handle(policy).sid(sid),
  (r) => {
    const count = r.u32();
    const rights = r.pointer() ? readRights(r, count) : [];
    return returned(r.u32(), rights);
  },
);

/** LSAPR_ACCOUNT_ENUM_BUFFER, [MS-LSAD] 2.2.5.2. */
function readAccounts(r: NdrReader): readonly string[] {
  const announced = r.u32();
  if (!r.pointer()) return [];
  const count = r.count(4 /* a pointer */);
  if (!(count === announced)) r.fail(`${count} accounts where ${announced} are announced`);
  if (!(count <= ACCOUNT_LIMIT)) r.fail(`more than ${ACCOUNT_LIMIT} accounts`);
  const present = Array.from({ length: count }, () => r.pointer());
  return present.flatMap((there) => (there ? [r.sid()] : []));
}

/** LSAPR_USER_RIGHT_SET, [MS-LSAD] 2.2.5.3. */
function readRights(r: NdrReader, announced: number): readonly string[] {
  const count = r.count(8 /* an RPC_UNICODE_STRING */);
  if (!(count === announced)) r.fail(`${count} rights where ${announced} are announced`);
  if (!(count <= RIGHT_LIMIT)) r.fail(`more than ${RIGHT_LIMIT} rights`);
  const headers = Array.from({ length: count }, () => r.unicodeHeader());
  return headers.map((header) => r.unicodeBuffer(header));
}
