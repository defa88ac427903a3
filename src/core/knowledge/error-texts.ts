import type { ErrorText } from './error-text-row.ts';
import { CLIENT_TEXTS } from './error-texts-client.ts';
import { LINUX_TEXTS } from './error-texts-linux.ts';
import { SECURITY_TEXTS } from './error-texts-security.ts';

export type { ErrorText } from './error-text-row.ts';

const ARTICLE = 'Microsoft: Cannot connect to an Azure VM by RDP, authentication errors';
const SPECIFIC = 'Microsoft: Troubleshoot specific RDP error messages to a Windows VM in Azure';
const ENTRA = 'Microsoft: Sign in to a Windows VM in Azure with Microsoft Entra ID';

const AUTHENTICATION_ERROR = 'An authentication error has occurred';

// Whole messages stand beside their parts, so that any piece of them is found too.
const MESSAGE_2 =
  'The remote computer that you are trying to connect to requires Network Level Authentication (NLA), but your Windows domain controller cannot be contacted to perform NLA. If you are an administrator on the remote computer, you can disable NLA by using the options on the Remote tab of the System Properties dialog box.';
const MESSAGE_3 =
  "This computer can't connect to the remote computer. Try connecting again, if the problem continues, contact the owner of the remote computer or your network administrator.";

/**
 * The fragments in German, French, Spanish, Portuguese and Japanese are those of Microsoft's own
 * translations of the article; the dialog of a client may word it otherwise.
 */
const FIRST_TEXTS: readonly ErrorText[] = [
  {
    id: 'S1',
    name: 'lsa-cannot-be-contacted',
    title: 'The Local Security Authority cannot be contacted',
    article: 1,
    fragments: [
      'An authentication error has occurred. The Local Security Authority cannot be contacted.',
      'The Local Security Authority cannot be contacted',
      'Local Security Authority cannot be contacted',
      'Die lokale Sicherheitsautorität (LSA) ist nicht erreichbar',
      'L’autorité de sécurité locale ne peut pas être contactée',
      'No se puede conectar con la autoridad de seguridad local',
      'A Autoridade de Segurança Local não pode ser contatada',
      'ローカル セキュリティ機関にアクセスできません',
    ],
    shared: [AUTHENTICATION_ERROR],
    meaning:
      'The sign-in before the session failed, and the client does not say why. Most often the target cannot check a domain user: it finds no controller, its secure channel is broken, or its machine password no longer matches. An expired password or a wrong domain in the user name shows the same text.',
    causes: [
      'domain-controller-unreachable',
      'secure-channel-broken',
      'machine-password-mismatch',
      'domain-controller-unhealthy',
      'name-form-wrong',
      'password-expired',
      'lsa-packages-damaged',
      'ntlm-blocked',
      'clock-skew',
      'tls-no-common-version',
      'account-restricted',
      // The article's cause 4: named, and last, since the value does not do what the article says.
      'domain-credentials-disabled',
    ],
    look: [
      'Can a local account of the target sign in? Then the domain side is at fault',
      'DisableDomainCreds is not worth changing: it does not stop a sign-in, whatever the article says',
    ],
    source: `${ARTICLE}; ${SPECIFIC}; KB2493594`,
    sure: 'verified',
  },
  {
    id: 'S2',
    name: 'nla-domain-controller-not-contacted',
    title: 'NLA is required, but the domain controller cannot be contacted',
    article: 2,
    fragments: [
      MESSAGE_2,
      'your Windows domain controller cannot be contacted to perform NLA',
      'The remote computer that you are trying to connect to requires Network Level Authentication (NLA)',
      'The remote computer that you are trying to connect to require Network Level Authentication (NLA)',
      'you can disable NLA by using the options on the Remote tab of the System Properties dialog box',
      'Windows-Domänencontroller kann nicht kontaktiert werden, um NLA',
      'Windows-Domänencontroller kann jedoch nicht kontaktiert werden, um NLA',
      'votre contrôleur de domaine Windows ne peut pas être contacté pour effectuer',
      'no se puede contactar con el controlador de dominio de Windows para realizar NLA',
      'o controlador de domínio do Windows não pode ser contatado para executar',
      'Windows ドメイン コントローラーに接続して NLA を実行することはできません',
    ],
    meaning:
      'The target wants to check the user before the session and gets no answer from its domain. It is the target, not the client, that cannot reach a controller or is not accepted by one. Turning NLA off helps a domain user only if a cached sign-in exists.',
    causes: [
      'domain-controller-unreachable',
      'secure-channel-broken',
      'machine-password-mismatch',
      'domain-controller-unhealthy',
      'dns-misconfigured',
      'clock-skew',
      'netlogon-service-disabled',
      'computer-account-missing',
    ],
    look: [
      'nltest /sc_verify:DOMAIN and nltest /dsgetdc:DOMAIN /force on the target',
      'A local account of the target may still sign in, unless policy denies local accounts',
    ],
    source: ARTICLE,
    sure: 'verified',
  },
  {
    id: 'S3',
    name: 'generic-connection-error',
    title: "This computer can't connect to the remote computer",
    article: 3,
    fragments: [
      MESSAGE_3,
      "This computer can't connect to the remote computer",
      'This computer cannot connect to the remote computer',
      'Try connecting again, if the problem continues, contact the owner of the remote computer or your network administrator',
      'Try connecting again. If the problem continues, contact the owner of the remote computer',
      'Dieser Computer kann keine Verbindung mit dem Remotecomputer herstellen',
      'Cet ordinateur ne peut pas se connecter à l’ordinateur distant',
      'Este equipo no se puede conectar al equipo remoto',
      'Este computador não pode se conectar ao computador remoto',
      'このコンピューターはリモート コンピューターに接続できません',
    ],
    meaning:
      'This is the general text: the connection broke during negotiation or encryption. Look at TLS, the certificate and its key, FIPS and the encryption level first, then at rights and attacks. Switching off TLS 1.0 and 1.1 is normal hardening and not a reason by itself.',
    causes: [
      'tls-server-disabled',
      'certificate-key-unreadable',
      'certificate-missing',
      'fips-only',
      'encryption-level-too-high',
      'tls-no-common-version',
      'tls-no-common-suite',
      'certificate-expired',
      'listener-inconsistent',
      'user-right-missing',
      'channel-bindings-mismatch',
      'connection-broker-failing',
      'connection-flood',
      'listener-closes-connection',
      'rdstls-required',
      'entra-sign-in-required',
    ],
    look: [
      'Schannel events 36870, 36871 and 36874, listener events 1057 and 1058 on the target',
      'The encryption level has no effect under TLS: do not lower it unless the look from outside says that it matters',
    ],
    source: ARTICLE,
    sure: 'verified',
  },
  {
    id: 'S4',
    name: 'internal-error',
    title: 'An internal error has occurred',
    fragments: ['An internal error has occurred', 'Configuring remote session'],
    meaning:
      'The connection broke in a way for which the client has no message: an attack on the port, a key that cannot be read, TLS switched off, a damaged certificate, or another program on the port.',
    causes: [
      'connection-flood',
      'certificate-key-unreadable',
      'tls-server-disabled',
      'certificate-expired',
      'certificate-missing',
      'other-service-on-port',
    ],
    look: ['Listener event 1006, or RdpCoreTS 131 and 140 in large numbers, points to an attack'],
    source: 'Microsoft: An internal error occurs when you try to connect to an Azure VM',
    sure: 'verified',
  },
  {
    id: 'S5',
    name: 'function-not-supported',
    title: 'The function requested is not supported (CredSSP)',
    fragments: [
      'The function requested is not supported',
      'This could be due to CredSSP encryption oracle remediation',
      'CredSSP encryption oracle remediation',
    ],
    shared: [AUTHENTICATION_ERROR],
    meaning:
      'If the text mentions CredSSP, the update of 2018 is on one side only. If it does not, NTLM may also be refused, or the account must use Kerberos and an IP address was used.',
    causes: ['credssp-outdated', 'credssp-policy', 'ntlm-blocked', 'account-restricted'],
    look: ['Connect with the full DNS name', 'Version of TSpkg.dll and AllowEncryptionOracle on both sides'],
    source: 'Microsoft: Unable to RDP to Virtual Machine: CredSSP Encryption Oracle Remediation',
    sure: 'verified',
  },
  {
    id: 'S6',
    name: 'credentials-did-not-work',
    title: 'Your credentials did not work',
    fragments: [
      'Your credentials did not work',
      'The logon attempt failed',
      'The user name or password is incorrect',
      'The credentials that were used to connect to',
    ],
    meaning:
      'The target, or whoever checked the user for it, refused the credentials. The name may belong to another machine or domain; an old password may be saved; NTLM levels or Entra rules may forbid the sign-in.',
    causes: [
      'credentials-wrong',
      'name-form-wrong',
      'saved-credential-stale',
      'account-locked',
      'account-disabled',
      'ntlm-restricted',
      'entra-sign-in-refused',
      'policy-override',
    ],
    look: ['Security event 4625 on the target: SubStatus', 'cmdkey /list on the client'],
    source: SPECIFIC,
    sure: 'verified',
  },
  {
    id: 'S7',
    name: 'logon-type-restricted',
    title: 'The type of logon is restricted',
    fragments: [
      'The system administrator has restricted the type of logon',
      'restricted the type of logon (network or interactive)',
      'has restricted the types of logon',
    ],
    meaning:
      'The password is right, but the user has no right to this type of logon. NLA also needs the right to log on over the network.',
    causes: ['user-right-missing'],
    look: ['The network and Remote Desktop logon rights on the target, and the matching deny rights'],
    source: 'Microsoft: User cannot authenticate or must authenticate twice',
    sure: 'verified',
  },
  {
    id: 'S8',
    name: 'not-authorised-for-remote-logon',
    title: 'The account is not authorised for remote login',
    fragments: [
      'the user account is not authorized for remote login',
      'not authorized for remote login',
      'you need the right to sign in through Remote Desktop Services',
      'you must be granted the Allow log on through',
    ],
    meaning:
      'The user is in neither Remote Desktop Users nor Administrators on the target, or a deny right applies.',
    causes: ['user-right-missing'],
    look: ['Remote Desktop Users and SeRemoteInteractiveLogonRight on the target'],
    source: 'Microsoft: Access denied and user not authorized, Remote Desktop Services',
    sure: 'verified',
  },
  {
    id: 'S9',
    name: 'workstation-trust-failed',
    title: 'The trust between this workstation and the primary domain failed',
    fragments: [
      'The trust relationship between this workstation and the primary domain failed',
      'trust relationship between this workstation and the primary domain',
      'The security database on the server does not have a computer account for this workstation trust relationship',
    ],
    meaning:
      'Machine and domain no longer trust each other: the machine password or the computer account is wrong.',
    causes: [
      'secure-channel-broken',
      'machine-password-mismatch',
      'computer-account-missing',
      'computer-account-disabled',
    ],
    look: ['nltest /sc_verify:DOMAIN on the target', 'Was the machine restored from a snapshot or backup?'],
    source: 'Microsoft: Troubleshoot the secure channel and trust relationship',
    sure: 'verified',
  },
  {
    id: 'S10',
    name: 'no-logon-servers',
    title: 'There are no logon servers available',
    fragments: [
      'There are currently no logon servers available to service the logon request',
      'no logon servers available',
      'We can’t sign you in with this credential because your domain isn’t available',
      "your domain isn't available",
    ],
    meaning: 'The target could not reach a domain controller.',
    causes: ['domain-controller-unreachable', 'dns-misconfigured', 'cached-logon-unavailable'],
    look: ['nltest /dsgetdc:DOMAIN /force on the target'],
    source: '[MS-ERREF] 2.2 ERROR_NO_LOGON_SERVERS',
    sure: 'verified',
  },
  {
    id: 'S11',
    name: 'license-servers-missing',
    title: 'There are no Remote Desktop License Servers available',
    fragments: [
      'there are no Remote Desktop License Servers available to provide a license',
      'no Remote Desktop License Servers',
      'there are no Remote Desktop client access licenses available for this computer',
      'The Remote Desktop Session Host server does not have a Remote Desktop license server specified',
    ],
    meaning: 'The session host finds no license. The sign-in itself is not at fault; mstsc /admin gets in.',
    causes: ['license-server-missing'],
    look: ['Connect with mstsc /admin, then run the licensing diagnoser'],
    source: SPECIFIC,
    sure: 'verified',
  },
  {
    id: 'S12',
    name: 'one-of-these-reasons',
    title: "Remote Desktop can't connect for one of these reasons",
    fragments: [
      "Remote Desktop can't connect to the remote computer for one of these reasons",
      'Remote access to the server is not enabled',
      'The remote computer is turned off',
      'The remote computer is not available on the network',
    ],
    meaning:
      'No connection was opened: the port is closed or filtered, the machine is off, or its name is wrong.',
    causes: [
      'port-unreachable',
      'rdp-disabled',
      'firewall-blocks',
      'rdp-service-disabled',
      'machine-not-ready',
      'port-changed',
      'target-name-wrong',
    ],
    look: ['Is the machine running, and does its screen show a sign-in?'],
    source: SPECIFIC,
    sure: 'verified',
  },
  {
    id: 'S13',
    name: 'account-locked',
    title: 'The account is locked',
    fragments: [
      'The user account has been locked',
      'The referenced account is currently locked out',
      'As a security precaution, the user account has been locked',
      'has been locked because there were too many logon attempts',
      'This user account is locked',
    ],
    meaning: 'Too many failed attempts have locked the account, often an old saved password or an attack.',
    causes: ['account-locked', 'connection-flood', 'saved-credential-stale'],
    look: ['Who locks the account: Security events 4740 and 4625'],
    source: '[MS-ERREF] 2.3.1',
    sure: 'practice',
  },
  {
    id: 'S14',
    name: 'entra-device-not-allowed',
    title: 'Your account is configured to prevent you from using this device',
    fragments: ['Your account is configured to prevent you from using this device'],
    meaning: 'The user lacks the Azure role for signing in to this virtual machine.',
    causes: ['entra-sign-in-refused'],
    look: ['The role Virtual Machine User Login or Virtual Machine Administrator Login on the machine'],
    source: ENTRA,
    sure: 'verified',
  },
  {
    id: 'S15',
    name: 'entra-sign-in-method',
    title: "The sign-in method you're trying to use isn't allowed",
    fragments: ["The sign-in method you're trying to use isn't allowed"],
    meaning: 'Conditional Access requires something that this way of signing in cannot provide.',
    causes: ['entra-sign-in-refused'],
    look: ['Conditional Access policies for Azure Windows VM Sign-In'],
    source: ENTRA,
    sure: 'verified',
  },
  {
    id: 'S16',
    name: 'entra-device-not-found',
    title: 'AADSTS293004: the target device was not found',
    fragments: [
      'AADSTS293004',
      'The target-device identifier in the request was not found',
      'target-device identifier',
    ],
    meaning: 'Entra knows the machine by a different name from the one used to connect.',
    causes: ['entra-sign-in-refused', 'target-name-wrong'],
    look: [
      'Try the short name instead of the full name, or the other way round; see the hostname in dsregcmd /status',
    ],
    source: ENTRA,
    sure: 'verified',
  },
  {
    id: 'S17',
    name: 'not-the-machine-specified',
    title: 'The computer reached is not the one you specified',
    fragments: [
      'the remote computer that was reached is not the one you specified',
      'The connection cannot be completed because the remote computer that was reached',
    ],
    meaning:
      'The machine that answered is not the one that was named: stale DNS, a hosts file, or a wrong service name in the directory.',
    causes: ['target-name-wrong', 'spn-missing', 'machine-password-mismatch'],
    look: ["Compare nslookup NAME with the machine's address", 'setspn -X'],
    source: 'Microsoft KB2493594',
    sure: 'verified',
  },
  {
    id: 'S18',
    name: 'machine-id-mismatch',
    title: 'A partial mismatch in the machine ID',
    fragments: ['partial mismatch in the machine ID', 'mismatch in the machine ID'],
    meaning:
      'Client and target were cloned from one installation without Sysprep; current Windows blocks sign-ins between them.',
    causes: ['duplicate-machine-identity'],
    look: ['System event LsaSrv 6167', 'Connect from a machine that is not a clone'],
    source: 'Microsoft KB5065426 and its note on duplicate SIDs',
    sure: 'verified',
  },
  {
    id: 'S19',
    name: 'data-encryption-error',
    title: 'A security or encryption error ended the connection',
    fragments: [
      'Because of a security error, the client could not connect to the remote computer',
      'Because of a security error',
      'Because of an error in data encryption, this session will end',
      'error in data encryption',
    ],
    meaning:
      'Client and server did not agree on the encryption of standard RDP security, or encrypted data was damaged.',
    causes: ['encryption-level-too-high', 'fips-only', 'certificate-missing', 'listener-inconsistent'],
    look: ['SecurityLayer, MinEncryptionLevel and FIPS mode of the target'],
    source: 'practice',
    sure: 'practice',
  },
];

/** Every text that is known, those of Windows' own client first. */
export const ERROR_TEXTS: readonly ErrorText[] = [
  ...FIRST_TEXTS,
  ...CLIENT_TEXTS,
  ...SECURITY_TEXTS,
  ...LINUX_TEXTS,
];
