import type { CodeRow } from './row.ts';

const SPEC = { source: '[MS-ERREF] 2.3.1 NTSTATUS Values', sure: 'verified' } as const;

const EVENT_4625 = 'Security event 4625 on the target: Status, SubStatus, LogonType, IpAddress';

/** NTSTATUS values about the user, the password or the user's rights. */
export const NTSTATUS_ACCOUNT: readonly CodeRow[] = [
  {
    code: 0xc0000062,
    name: 'STATUS_INVALID_ACCOUNT_NAME',
    meaning: 'The user name is not written in a form that Windows accepts.',
    causes: ['name-form-wrong'],
    look: ['Type the name as MACHINE\\user, DOMAIN\\user or user@domain'],
    ...SPEC,
  },
  {
    code: 0xc0000064,
    name: 'STATUS_NO_SUCH_USER',
    meaning:
      'The machine or domain that was asked has no such account. Either the user name is misspelt, or its machine or domain part is wrong.',
    causes: ['credentials-wrong', 'name-form-wrong'],
    look: [
      EVENT_4625,
      'On Azure virtual machines the administrator account has the name chosen when the machine was created',
    ],
    ...SPEC,
  },
  {
    code: 0xc000006a,
    name: 'STATUS_WRONG_PASSWORD',
    meaning:
      'The account exists, but the password is wrong. For a machine account it means that the machine and the domain hold different machine passwords.',
    causes: ['credentials-wrong', 'saved-credential-stale', 'machine-password-mismatch'],
    look: [EVENT_4625, 'cmdkey /list on the client for an old saved password'],
    ...SPEC,
  },
  {
    code: 0xc000006b,
    name: 'STATUS_ILL_FORMED_PASSWORD',
    meaning:
      'The new password contains something that is not allowed. This code comes from a password change.',
    causes: ['password-expired'],
    look: ['Change the password at another machine'],
    ...SPEC,
  },
  {
    code: 0xc000006c,
    name: 'STATUS_PASSWORD_RESTRICTION',
    meaning: 'The new password breaks the password rules. This code comes from a password change.',
    causes: ['password-expired'],
    look: ['Length, history and complexity rules of the domain or the machine'],
    ...SPEC,
  },
  {
    code: 0xc000006d,
    name: 'STATUS_LOGON_FAILURE',
    meaning:
      'The user name or password is wrong. Something checked the sign-in and refused it, so an unreachable domain controller is unlikely.',
    causes: ['credentials-wrong', 'name-form-wrong', 'saved-credential-stale', 'ntlm-restricted'],
    look: [`${EVENT_4625}; SubStatus distinguishes a wrong password from an unknown user`],
    ...SPEC,
  },
  {
    code: 0xc000006e,
    name: 'STATUS_ACCOUNT_RESTRICTION',
    meaning:
      'The password is right, but a restriction on the account forbids this sign-in, such as a blank password, Protected Users or an authentication silo.',
    causes: ['account-restricted', 'ntlm-blocked'],
    look: [EVENT_4625, 'Connect with the full DNS name, so that Kerberos can be used'],
    ...SPEC,
  },
  {
    code: 0xc000006f,
    name: 'STATUS_INVALID_LOGON_HOURS',
    meaning: 'The account may not sign in at this time of day.',
    causes: ['account-restricted'],
    look: ['Logon hours of the account; the clock and time zone of the machine that checks them'],
    ...SPEC,
  },
  {
    code: 0xc0000070,
    name: 'STATUS_INVALID_WORKSTATION',
    meaning: 'The account may sign in only from certain workstations, and this client is not one of them.',
    causes: ['account-restricted'],
    look: ['"Log On To" of the account; under NLA the client machine must be in the list'],
    ...SPEC,
  },
  {
    code: 0xc0000071,
    name: 'STATUS_PASSWORD_EXPIRED',
    meaning:
      'The password has expired. Under NLA it cannot be changed while signing in, so even the right password fails.',
    causes: ['password-expired'],
    look: ['Change the password at another machine, or have an administrator reset it'],
    ...SPEC,
  },
  {
    code: 0xc0000072,
    name: 'STATUS_ACCOUNT_DISABLED',
    meaning: 'The account is disabled. For a machine account that is the computer object in the domain.',
    causes: ['account-disabled', 'computer-account-disabled'],
    look: ['net user NAME on the target, or the object in the directory'],
    ...SPEC,
  },
  {
    code: 0xc0000073,
    name: 'STATUS_NONE_MAPPED',
    meaning:
      'Windows could not resolve a name to a security identifier, often because no domain controller answered.',
    causes: ['domain-controller-unreachable', 'name-form-wrong'],
    look: ['nltest /dsgetdc:DOMAIN /force on the target'],
    ...SPEC,
  },
  {
    code: 0xc0000155,
    name: 'STATUS_LOGON_NOT_GRANTED',
    meaning: 'The policy of the target does not grant this type of logon.',
    causes: ['user-right-missing'],
    look: ['User rights of the target: secedit /export /areas USER_RIGHTS'],
    ...SPEC,
  },
  {
    code: 0xc000015b,
    name: 'STATUS_LOGON_TYPE_NOT_GRANTED',
    meaning:
      'The password is right, but the user has no right to this type of logon. NLA needs the right to log on over the network as well as the one for Remote Desktop.',
    causes: ['user-right-missing'],
    look: [
      `${EVENT_4625}: type 3 is the NLA stage, type 10 the session`,
      'Deny rights for "Local account" (S-1-5-113, S-1-5-114)',
    ],
    ...SPEC,
  },
  {
    code: 0xc0000193,
    name: 'STATUS_ACCOUNT_EXPIRED',
    meaning: "The account's expiry date has passed.",
    causes: ['account-expired'],
    look: ['Expiry date of the account'],
    ...SPEC,
  },
  {
    code: 0xc0000198,
    name: 'STATUS_NOLOGON_INTERDOMAIN_TRUST_ACCOUNT',
    meaning: 'The user name is that of a trust account between domains, which nobody can sign in with.',
    causes: ['name-form-wrong'],
    look: ['Use a user account'],
    ...SPEC,
  },
  {
    code: 0xc0000199,
    name: 'STATUS_NOLOGON_WORKSTATION_TRUST_ACCOUNT',
    meaning: 'The user name is that of a computer account, which nobody can sign in with.',
    causes: ['name-form-wrong'],
    look: ['Use a user account; a name that ends in $ belongs to a computer'],
    ...SPEC,
  },
  {
    code: 0xc000019a,
    name: 'STATUS_NOLOGON_SERVER_TRUST_ACCOUNT',
    meaning: 'The user name is that of a domain controller account, which nobody can sign in with.',
    causes: ['name-form-wrong'],
    look: ['Use a user account'],
    ...SPEC,
  },
  {
    code: 0xc0000224,
    name: 'STATUS_PASSWORD_MUST_CHANGE',
    meaning:
      'The user must change the password before the first sign-in. Under NLA that is not possible while signing in, so even the right password fails.',
    causes: ['password-expired'],
    look: ['Clear "must change password at next logon", or change the password at another machine'],
    ...SPEC,
  },
  {
    code: 0xc0000234,
    name: 'STATUS_ACCOUNT_LOCKED_OUT',
    meaning: 'Too many failed attempts have locked the account.',
    causes: ['account-locked', 'connection-flood', 'saved-credential-stale'],
    look: ['Security events 4740 and 4625: which account is tried, and from which address'],
    ...SPEC,
  },
  {
    code: 0xc0000250,
    name: 'STATUS_INSUFFICIENT_LOGON_INFO',
    meaning: 'The client did not send enough information to sign the user in.',
    causes: ['credentials-wrong', 'delegation-policy-restricted'],
    look: ['Type the credentials instead of using saved ones'],
    ...SPEC,
  },
  {
    code: 0xc00002fa,
    name: 'STATUS_SMARTCARD_LOGON_REQUIRED',
    meaning: 'The account may sign in only with a smart card, but a password was used.',
    causes: ['smart-card-required'],
    look: ['"Smart card is required" on the account, and the policy of the target'],
    ...SPEC,
  },
  {
    code: 0xc0000321,
    name: 'STATUS_SMARTCARD_SUBSYSTEM_FAILURE',
    meaning: 'The smart card could not be used because the reader, its driver or the redirection failed.',
    causes: ['smart-card-required'],
    look: ['certutil -scinfo on the client'],
    ...SPEC,
  },
  {
    code: 0xc0000380,
    name: 'STATUS_SMARTCARD_WRONG_PIN',
    meaning: 'The PIN of the smart card is wrong.',
    causes: ['credentials-wrong'],
    look: ['How many attempts are left before the card is blocked'],
    ...SPEC,
  },
  {
    code: 0xc0000381,
    name: 'STATUS_SMARTCARD_CARD_BLOCKED',
    meaning: 'The smart card is blocked because the wrong PIN was entered too often.',
    causes: ['smart-card-required'],
    look: ['Unblock the card with its PUK, or ask its issuer to'],
    ...SPEC,
  },
  {
    code: 0xc0000413,
    name: 'STATUS_AUTHENTICATION_FIREWALL_FAILED',
    meaning:
      'The user comes over a trust with selective authentication and is not allowed to authenticate to this computer.',
    causes: ['selective-authentication-denied'],
    look: ['"Allowed to authenticate" on the computer object, for a group of the user'],
    ...SPEC,
  },
];
