import type { CodeRow } from './row.ts';

const RFC = { source: 'RFC 4120 7.5.9', sure: 'verified' } as const;
const PKINIT = { source: 'RFC 4556 3.1.3', sure: 'verified' } as const;

/** Kerberos error codes, as in Security events 4768, 4769 and 4771 and in Kerberos event 3. */
export const KERBEROS_ERRORS: readonly CodeRow[] = [
  {
    code: 0x6,
    name: 'KDC_ERR_C_PRINCIPAL_UNKNOWN',
    meaning: 'The domain controller does not know the user, or the machine if the name ends in $.',
    causes: ['name-form-wrong', 'computer-account-missing'],
    look: ['Spelling and domain of the name', 'Replication between the domain controllers'],
    ...RFC,
  },
  {
    code: 0x7,
    name: 'KDC_ERR_S_PRINCIPAL_UNKNOWN',
    meaning:
      'The domain controller does not know the service: neither TERMSRV/<name> nor HOST/<name> is registered.',
    causes: ['spn-missing', 'target-name-wrong'],
    look: ['setspn -Q TERMSRV/NAME'],
    ...RFC,
  },
  {
    code: 0x8,
    name: 'KDC_ERR_PRINCIPAL_NOT_UNIQUE',
    meaning: 'The service name is registered to more than one account.',
    causes: ['spn-missing'],
    look: ['setspn -X lists duplicate names'],
    ...RFC,
  },
  {
    code: 0x9,
    name: 'KDC_ERR_NULL_KEY',
    meaning: 'The account has no key because it has no password.',
    causes: ['account-restricted', 'machine-password-mismatch'],
    look: ['Set a password for the account'],
    ...RFC,
  },
  {
    code: 0xb,
    name: 'KDC_ERR_NEVER_VALID',
    meaning: 'The requested ticket would end before it begins: a clock is wrong.',
    causes: ['clock-skew'],
    look: ['w32tm /query /status on the client and the domain controller'],
    ...RFC,
  },
  {
    code: 0xc,
    name: 'KDC_ERR_POLICY',
    meaning:
      'A domain policy forbids the sign-in: logon hours, permitted workstations, an authentication silo or selective authentication.',
    causes: ['account-restricted', 'selective-authentication-denied'],
    look: ['Restrictions of the account'],
    ...RFC,
  },
  {
    code: 0xd,
    name: 'KDC_ERR_BADOPTION',
    meaning: 'The domain controller cannot grant the request, often because delegation is not allowed.',
    causes: ['delegation-policy-restricted'],
    look: ['Delegation settings of the account and the computer'],
    ...RFC,
  },
  {
    code: 0xe,
    name: 'KDC_ERR_ETYPE_NOSUPP',
    aliases: ['KDC_ERR_ETYPE_NOTSUPP'],
    meaning: 'The client, the account and the domain controller share no encryption type.',
    causes: ['kerberos-encryption-mismatch'],
    look: [
      'msDS-SupportedEncryptionTypes of the account',
      'An account has no AES key if its password was set before the domain supported AES: change the password',
    ],
    ...RFC,
  },
  {
    code: 0xf,
    name: 'KDC_ERR_SUMTYPE_NOSUPP',
    aliases: ['KDC_ERR_SUMTYPE_NOTSUPP'],
    meaning: 'The domain controller does not support this type of checksum.',
    causes: ['kerberos-encryption-mismatch'],
    look: ['Are the client and the domain controller up to date?'],
    ...RFC,
  },
  {
    code: 0x10,
    name: 'KDC_ERR_PADATA_TYPE_NOSUPP',
    aliases: ['KDC_ERR_PADATA_TYPE_NOTSUPP'],
    meaning:
      'The domain controller does not support this kind of pre-authentication; for smart cards it lacks a suitable certificate.',
    causes: ['kerberos-certificate-invalid'],
    look: ['System event 29 of the Key Distribution Center on the domain controller'],
    ...RFC,
  },
  {
    code: 0x12,
    name: 'KDC_ERR_CLIENT_REVOKED',
    meaning: 'The account is disabled, expired, locked or outside its logon hours.',
    causes: ['account-locked', 'account-disabled', 'account-expired', 'computer-account-disabled'],
    look: ['State of the account in the directory'],
    ...RFC,
  },
  {
    code: 0x17,
    name: 'KDC_ERR_KEY_EXPIRED',
    meaning: 'The password has expired or must be changed.',
    causes: ['password-expired'],
    look: ['Change the password at another machine'],
    ...RFC,
  },
  {
    code: 0x18,
    name: 'KDC_ERR_PREAUTH_FAILED',
    meaning:
      'The password is wrong. If the name ends in $, the machine and the domain hold different machine passwords.',
    causes: ['credentials-wrong', 'machine-password-mismatch', 'saved-credential-stale'],
    look: ['Security event 4771 on the domain controller: which account, from which address'],
    ...RFC,
  },
  {
    code: 0x19,
    name: 'KDC_ERR_PREAUTH_REQUIRED',
    meaning:
      'A normal first answer: the domain controller requests pre-authentication. This is not an error.',
    causes: [],
    look: ['The answer that follows it'],
    ...RFC,
  },
  {
    code: 0x1b,
    name: 'KDC_ERR_MUST_USE_USER2USER',
    meaning: 'The service name is registered to a user account, so user-to-user authentication is required.',
    causes: ['spn-missing'],
    look: ['setspn -Q TERMSRV/NAME: the name should be registered to the computer'],
    ...RFC,
  },
  {
    code: 0x1d,
    name: 'KDC_ERR_SVC_UNAVAILABLE',
    meaning: 'The domain controller was temporarily unable to answer.',
    causes: ['domain-controller-unhealthy'],
    look: ['dcdiag /q on the domain controller'],
    ...RFC,
  },
  {
    code: 0x1f,
    name: 'KRB_AP_ERR_BAD_INTEGRITY',
    meaning: 'A ticket could not be decrypted: the keys do not match.',
    causes: ['machine-password-mismatch', 'spn-missing'],
    look: ['nltest /sc_verify:DOMAIN on the target'],
    ...RFC,
  },
  {
    code: 0x20,
    name: 'KRB_AP_ERR_TKT_EXPIRED',
    meaning:
      'The ticket has expired. An occasional one is normal; if it happens all the time, a clock is wrong.',
    causes: ['clock-skew'],
    look: ['klist purge, then try again'],
    ...RFC,
  },
  {
    code: 0x21,
    name: 'KRB_AP_ERR_TKT_NYV',
    meaning: 'The ticket is not valid yet: a clock is wrong.',
    causes: ['clock-skew'],
    look: ['w32tm /query /status on the client, the target and the domain controller'],
    ...RFC,
  },
  {
    code: 0x22,
    name: 'KRB_AP_ERR_REPEAT',
    meaning: 'The same request arrived twice and was treated as a replay.',
    causes: ['clock-skew'],
    look: ['A network device that duplicates packets'],
    ...RFC,
  },
  {
    code: 0x25,
    name: 'KRB_AP_ERR_SKEW',
    meaning:
      'The clocks are too far apart: more than five minutes by default. NTLM, by IP address, may still work.',
    causes: ['clock-skew'],
    look: ['w32tm /stripchart /computer:DC /samples:3 /dataonly'],
    ...RFC,
  },
  {
    code: 0x29,
    name: 'KRB_AP_ERR_MODIFIED',
    meaning:
      'The target could not decrypt the ticket: the service name is registered to another account, or the machine and the domain hold different machine passwords.',
    causes: ['spn-missing', 'machine-password-mismatch', 'target-name-wrong'],
    look: ['setspn -X lists duplicate names', 'nltest /sc_verify:DOMAIN on the target', 'Stale DNS records'],
    ...RFC,
  },
  {
    code: 0x2d,
    name: 'KRB_AP_ERR_NOKEY',
    meaning: 'The target has no key for the service.',
    causes: ['machine-password-mismatch'],
    look: ['nltest /sc_verify:DOMAIN on the target'],
    ...RFC,
  },
  {
    code: 0x34,
    name: 'KRB_ERR_RESPONSE_TOO_BIG',
    meaning:
      'The answer does not fit into UDP, so the client repeats the request over TCP. This is an error only if TCP port 88 is blocked.',
    causes: ['domain-controller-unreachable'],
    look: ['Can TCP port 88 of the domain controller be reached?'],
    ...RFC,
  },
  {
    code: 0x3c,
    name: 'KRB_ERR_GENERIC',
    meaning: 'The request failed; only the extended data says why.',
    causes: [],
    look: ['Kerberos event 3, field ExtendedError (needs LogLevel = 1)'],
    ...RFC,
  },
  {
    code: 0x3e,
    name: 'KDC_ERR_CLIENT_NOT_TRUSTED',
    aliases: ['KDC_ERROR_CLIENT_NOT_TRUSTED'],
    meaning: "The domain controller does not trust the user's certificate.",
    causes: ['kerberos-certificate-invalid'],
    look: ['NTAuth store of the domain controllers; revocation lists'],
    ...PKINIT,
  },
  {
    code: 0x3f,
    name: 'KDC_ERROR_KDC_NOT_TRUSTED',
    aliases: ['KDC_ERR_KDC_NOT_TRUSTED'],
    meaning: "The client does not trust the domain controller's certificate.",
    causes: ['kerberos-certificate-invalid'],
    look: ['Certificates of the domain controllers; root certificates of the client'],
    ...RFC,
  },
  {
    code: 0x40,
    name: 'KDC_ERR_INVALID_SIG',
    aliases: ['KDC_ERROR_INVALID_SIG'],
    meaning: 'The signature of a smart card sign-in is not valid.',
    causes: ['kerberos-certificate-invalid'],
    look: ['certutil -scinfo on the client'],
    ...PKINIT,
  },
  {
    code: 0x44,
    name: 'KDC_ERR_WRONG_REALM',
    meaning: 'The request went to the wrong domain.',
    causes: ['name-form-wrong', 'domain-trust-broken'],
    look: ['The domain part of the user name'],
    ...RFC,
  },
];

const byCode = new Map(KERBEROS_ERRORS.map((row) => [row.code, row]));

/** The row of a Kerberos error code, or undefined. */
export function findKerberosError(code: number): CodeRow | undefined {
  return byCode.get(code);
}
