import { type Wording, wordings } from './wording.ts';

/** The English messages of Windows behind the codes; those that a text of its own has stand there. */
export const CODE_WORDINGS: readonly Wording[] = [
  ...wordings('en', '[MS-ERREF] 2.2 Win32 Error Codes, messages', [
    [['win32', 1311], 'no logon servers available to service the logon request'],
    [['win32', 1312], 'A specified logon session does not exist. It may already have been terminated'],
    [['win32', 1314], 'A required privilege is not held by the client'],
    [['win32', 1317], 'The specified account does not exist', 'The specified user does not exist'],
    [
      ['win32', 1329],
      'This user isn’t allowed to sign in to this computer',
      'not allowed to log on from this workstation',
    ],
    [['win32', 1355], 'The specified domain either does not exist or could not be contacted'],
    [['win32', 1396], 'Logon Failure: The target account name is incorrect'],
    [
      ['win32', 1397],
      'Mutual Authentication failed. The server’s password is out of date at the domain controller',
    ],
    [['win32', 1398], 'There is a time and/or date difference between the client and server'],
    [['win32', 1722], 'The RPC server is unavailable'],
    [['win32', 1753], 'There are no more endpoints available from the endpoint mapper'],
    [['win32', 1786], 'The workstation does not have a trust secret'],
    [['win32', 1788], 'The trust relationship between the primary domain and the trusted domain failed'],
    [['win32', 1792], 'An attempt was made to logon, but the network logon service was not started'],
    [['win32', 1908], 'Could not find the domain controller for this domain'],
    [['win32', 1935], 'The machine you are logging onto is protected by an authentication firewall'],
    [['win32', 1053], 'The service did not respond to the start or control request in a timely fashion'],
    [
      ['win32', 1058],
      'The service cannot be started, either because it is disabled or because it has no enabled devices',
    ],
    [['win32', 1068], 'The dependency service or group failed to start'],
    [['win32', 1069], 'The service did not start due to a logon failure'],
    [
      ['win32', 1079],
      'The account specified for this service is different from the account specified for other services',
    ],
    [['win32', 53], 'The network path was not found'],
    [['win32', 1265], 'The system cannot contact a domain controller to service the authentication request'],
  ]),
  ...wordings('en', '[MS-ERREF] 2.3.1 NTSTATUS Values, messages', [
    [
      ['ntstatus', 0xc000018a],
      'The logon request failed because the workstation does not have a trust account',
    ],
    [
      ['ntstatus', 0xc0000133],
      'The time at the Primary Domain Controller is different from the time at the Backup Domain Controller',
    ],
    [
      ['ntstatus', 0xc0000418],
      'The authentication failed because NTLM was blocked',
      'NTLM authentication has been blocked',
    ],
    [['ntstatus', 0xc00002fa], 'A smartcard is required to logon', 'You must use a smart card to sign in'],
    [['ntstatus', 0xc0000413], 'Authentication firewall: the computer you are signing in to is protected'],
  ]),
  ...wordings('en', '[MS-ERREF] 2.1.1 HRESULT Values, messages', [
    [['security-status', 0x80090305], 'The requested security package does not exist'],
    [['security-status', 0x8009030e], 'No credentials are available in the security package'],
    [['security-status', 0x80090311], 'No authority could be contacted for authentication'],
    [['security-status', 0x80090324], 'The clocks on the client and server machines are skewed'],
    [['security-status', 0x80090325], 'The certificate chain was issued by an authority that is not trusted'],
    [['security-status', 0x80090326], 'The message received was unexpected or badly formatted'],
    [['security-status', 0x80090328], 'The received certificate has expired'],
    [
      ['security-status', 0x80090331],
      'The client and server cannot communicate, because they do not possess a common algorithm',
    ],
    [['security-status', 0x80090342], 'The encryption type requested is not supported by the KDC'],
    [['security-status', 0x80090346], 'Client’s supplied SSPI channel bindings were incorrect'],
    [
      ['security-status', 0x8009035f],
      'the policy for delegating credentials allows only NTLM',
      'The current policy allows delegation of credentials only with NTLM',
    ],
    [['security-status', 0x8009000d], 'Key does not exist.'],
    [['security-status', 0x8009000f], 'Object already exists'],
    [['security-status', 0x80090016], 'Keyset does not exist'],
    [['security-status', 0x80092004], 'Cannot find object or property'],
    [
      ['security-status', 0x80092013],
      'The revocation function was unable to check revocation because the revocation server was offline',
    ],
    [['security-status', 0x800b0101], 'A required certificate is not within its validity period'],
    [
      ['security-status', 0x800b0109],
      'A certificate chain processed, but terminated in a root certificate which is not trusted',
    ],
    [['security-status', 0x800b010f], 'The certificate’s CN name does not match the passed value'],
  ]),
  ...wordings('en', 'Message table of msobjs.dll, Windows', [
    [['failure-reason', 2306], 'The NetLogon component is not active'],
    [['failure-reason', 2307], 'Failure Reason: Account locked out'],
    [['failure-reason', 2309], 'The specified account’s password has expired'],
    [['failure-reason', 2310], 'Account currently disabled'],
    [['failure-reason', 2312], 'User not allowed to logon at this computer'],
    [['failure-reason', 2313], 'Unknown user name or bad password'],
  ]),
];
