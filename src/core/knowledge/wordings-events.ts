import { type Wording, wordings } from './wording.ts';

const RCM = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager';
const CORE = 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS';
const AUDIT = 'Microsoft-Windows-Security-Auditing';
const KERBEROS = 'Microsoft-Windows-Security-Kerberos';
const KDC = 'Microsoft-Windows-Kerberos-Key-Distribution-Center';
const POLICY = 'Microsoft-Windows-GroupPolicy';
const NTLM = 'Microsoft-Windows-NTLM';

/** The bodies of events, without their headings: what is left when somebody pastes the description alone. */
export const EVENT_WORDINGS: readonly Wording[] = wordings('en', 'Event manifest of the provider', [
  [['event', AUDIT, 4625], 'An account failed to log on'],
  [['event', AUDIT, 4624], 'An account was successfully logged on'],
  [['event', AUDIT, 4740], 'A user account was locked out'],
  [['event', AUDIT, 4768], 'A Kerberos authentication ticket (TGT) was requested'],
  [['event', AUDIT, 4769], 'A Kerberos service ticket was requested'],
  [['event', AUDIT, 4771], 'Kerberos pre-authentication failed'],
  [['event', AUDIT, 4776], 'attempted to validate the credentials for an account'],
  [['event', AUDIT, 4777], 'The domain controller failed to validate the credentials for an account'],
  [['event', AUDIT, 4743], 'A computer account was deleted'],
  [['event', AUDIT, 4825], 'A user was denied the access to Remote Desktop'],
  [
    ['event', 'Schannel', 36870],
    'attempting to access the SSL server credential private key',
    'attempting to access the TLS server credential private key',
  ],
  [
    ['event', 'Schannel', 36871],
    'A fatal error occurred while creating a TLS server credential',
    'A fatal error occurred while creating an SSL server credential',
  ],
  [['event', 'Schannel', 36872], 'No suitable default server credential exists on this system'],
  [
    ['event', 'Schannel', 36874],
    'none of the cipher suites supported by the client application are supported by the server',
  ],
  [
    ['event', 'Schannel', 36881],
    'The certificate received from the remote server has either expired or is not yet valid',
  ],
  [
    ['event', 'Schannel', 36882],
    'The certificate received from the remote server was issued by an untrusted certificate authority',
  ],
  [['event', 'Schannel', 36887], 'A fatal alert was received from the remote endpoint'],
  [['event', 'Schannel', 36888], 'A fatal alert was generated and sent to the remote endpoint'],
  [['event', RCM, 1006], 'received large number of incomplete connections', 'The system may be under attack'],
  [['event', RCM, 1050], 'is configured with inconsistent authentication and encryption settings'],
  [
    ['event', RCM, 1053],
    'certificate used for Remote Desktop Session Host server authentication has expired',
  ],
  [
    ['event', RCM, 1055],
    'private key of the certificate that is configured for the listener cannot be accessed',
  ],
  [
    ['event', RCM, 1057],
    'has failed to create a new self signed certificate',
    'failed to create a new self-signed certificate to be used for',
  ],
  [
    ['event', RCM, 1058],
    'has failed to replace the expired self signed certificate',
    'failed to replace the expired self-signed certificate',
  ],
  [['event', RCM, 1067], "cannot register 'TERMSRV' Service Principal Name"],
  [
    ['event', RCM, 1128],
    'licensing grace period has expired and the service has not registered with a license server',
  ],
  [['event', RCM, 1130], 'does not have a Remote Desktop license server specified'],
  [['event', RCM, 1149], 'Remote Desktop Services: User authentication succeeded'],
  [['event', CORE, 139], 'The server security layer detected an error'],
  [['event', CORE, 140], 'failed because the user name or password is not correct'],
  [['event', 'TermDD', 56], 'The Terminal Server security layer detected an error in the protocol stream'],
  [
    ['event', 'TermDD', 50],
    'The RDP protocol component X.224 detected an error in the protocol stream',
    'The RDP protocol component "DATA ENCRYPTION" detected an error',
  ],
  [
    ['event', 'NETLOGON', 3210],
    'a Windows domain controller for domain',
    'This computer could not authenticate with',
  ],
  [['event', 'NETLOGON', 5719], 'was not able to set up a secure session with a domain controller'],
  [['event', 'NETLOGON', 5722], 'The name(s) of the account(s) referenced in the security database is'],
  [['event', 'NETLOGON', 5723], 'because the security database does not contain a trust account'],
  [['event', 'LsaSrv', 40960], 'The Security System detected an authentication error for the server'],
  [
    ['event', 'LsaSrv', 40961],
    'The Security System could not establish a secured connection with the server',
  ],
  [['event', KERBEROS, 4], 'The Kerberos client received a KRB_AP_ERR_MODIFIED error from the server'],
  [
    ['event', KDC, 11],
    'The KDC encountered duplicate names while processing a Kerberos authentication request',
  ],
  [['event', KDC, 14], 'did not have a suitable key for generating a Kerberos ticket'],
  [['event', POLICY, 1129], 'because of lack of network connectivity to a domain controller'],
  [['event', POLICY, 1054], 'Windows could not obtain the name of a domain controller'],
  [
    ['event', NTLM, 4001],
    'NTLM client blocked: Outgoing NTLM authentication traffic to remote servers that is blocked',
  ],
  [['event', NTLM, 4002], 'NTLM server blocked: Incoming NTLM traffic to servers that is blocked'],
  [['event', NTLM, 4003], 'NTLM server blocked in the domain'],
]);
