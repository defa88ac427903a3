import type { Stage } from '../model/stage.ts';

/** Where one can stand to prove a cause. */
export type Vantage = 'outside' | 'disk' | 'inside' | 'domain';

/** Every cause that the knowledge tables name, whether or not this version can judge it. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  /** One sentence: the failing state and why it stops a sign-in. */
  readonly sentence: string;
  readonly stage: Stage;
  /** Vantages that can prove it alone; one that only hints is left out. */
  readonly vantages: readonly Vantage[];
  /** Its number in Microsoft's article, where it has one. */
  readonly article?: string;
}

// INVARIANT: an id is a noun for the failing state and is never used again for another one.
const CATALOGUE = [
  // reach
  {
    id: 'port-unreachable',
    title: 'Nothing answers on the Remote Desktop port',
    sentence:
      'No TCP connection opens, so the network, a firewall, the service or the machine itself is in the way.',
    stage: 'reach',
    vantages: ['outside'],
  },
  {
    id: 'firewall-blocks',
    title: 'A firewall on the machine or in front of it drops Remote Desktop',
    sentence: 'The rules that admit Remote Desktop are off or overruled, so packets to the port are dropped.',
    stage: 'reach',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'port-changed',
    title: 'The listener uses a different port from the one tried',
    sentence: "The listener's PortNumber differs from the port that clients and firewall rules expect.",
    stage: 'reach',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'rdp-disabled',
    title: 'Remote Desktop is switched off',
    sentence:
      'The setting fDenyTSConnections, its policy or the listener itself is set to refuse connections.',
    stage: 'reach',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'rdp-service-disabled',
    title: 'The Remote Desktop service does not run',
    sentence: 'TermService or a service it needs is disabled, uses the wrong account or fails to start.',
    stage: 'reach',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'other-service-on-port',
    title: 'Another program answers on the Remote Desktop port',
    sentence: 'What accepts the connection does not speak RDP, so no client gets past the first packet.',
    stage: 'reach',
    vantages: ['outside', 'inside'],
  },
  {
    id: 'target-name-wrong',
    title: 'The name leads to no machine or to the wrong one',
    sentence: 'DNS or a hosts file on the client resolves the name to nothing or to the wrong address.',
    stage: 'reach',
    vantages: ['outside'],
  },
  {
    id: 'machine-not-ready',
    title: 'Windows is still starting, or no longer running',
    sentence: 'The machine is starting, updating, shutting down or hanging, so its services do not answer.',
    stage: 'reach',
    vantages: ['inside'],
  },
  {
    id: 'connection-flood',
    title: 'The listener is busy with an attack',
    sentence:
      'So many half-open or failing connections arrive that genuine ones are refused or left waiting.',
    stage: 'reach',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'resources-exhausted',
    title: 'The machine has run out of memory or handles',
    sentence: 'The server cannot allocate the memory or handles that a new session needs.',
    stage: 'session',
    vantages: ['inside'],
  },
  // negotiate
  {
    id: 'listener-closes-connection',
    title: 'The listener hangs up before it negotiates',
    sentence:
      'The service accepts the connection and closes it without an answer, because it cannot set up its security.',
    stage: 'negotiate',
    vantages: ['outside'],
  },
  {
    id: 'listener-silent',
    title: 'The port accepts the connection and says nothing',
    sentence:
      'TCP connects, but the first Remote Desktop packet gets no answer: the service hangs, or nothing is behind whatever accepted the connection.',
    stage: 'negotiate',
    vantages: ['outside'],
  },
  {
    id: 'listener-inconsistent',
    title: "The listener's security settings contradict each other",
    sentence:
      'For example, NLA is required while the security layer allows neither TLS nor CredSSP to carry it.',
    stage: 'negotiate',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'nla-required-by-server',
    title: 'The server requires NLA and the client cannot do it',
    sentence: 'Network Level Authentication is required; a client without CredSSP is turned away at once.',
    stage: 'negotiate',
    vantages: ['outside'],
  },
  {
    id: 'nla-not-offered',
    title: 'The client insists on NLA, which the server does not offer',
    sentence:
      'A client in Restricted Admin mode, or one set to use only NLA, gives up when the listener offers only TLS or standard RDP security.',
    stage: 'negotiate',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'rdstls-required',
    title: 'The listener accepts only clients sent by a connection broker',
    sentence:
      'It accepts only RDSTLS, which needs credentials from a broker, so it refuses direct connections.',
    stage: 'negotiate',
    vantages: ['outside'],
  },
  {
    id: 'entra-sign-in-required',
    title: 'The listener accepts only sign-ins through Entra ID',
    sentence:
      'It accepts only RDSAAD, which a client offers only when it is set to sign in through Entra ID.',
    stage: 'negotiate',
    vantages: ['outside'],
  },
  {
    id: 'policy-override',
    title: "A policy overrides the listener's own setting",
    sentence:
      "Group Policy or MDM sets the value that takes effect, so changing the listener's own key does nothing.",
    stage: 'negotiate',
    vantages: ['disk', 'inside', 'domain'],
  },
  {
    id: 'encryption-level-too-high',
    title: 'The encryption level is higher than the client supports',
    sentence:
      'Standard RDP security is in use, and its minimum level requires a method that the client does not offer; under TLS the level has no effect.',
    stage: 'negotiate',
    vantages: ['outside'],
    article: '2',
  },
  {
    id: 'fips-only',
    title: 'Only FIPS 140 algorithms are accepted',
    sentence:
      'Machine-wide FIPS mode or encryption level 4 leaves nothing that this client can use; with AES over TLS it is harmless.',
    stage: 'negotiate',
    vantages: ['outside', 'disk', 'inside'],
    article: '5',
  },
  // tls
  {
    id: 'tls-server-disabled',
    title: 'Every TLS version is off at the server',
    sentence:
      'Schannel has no protocol switched on for servers, so every handshake fails and NLA cannot start.',
    stage: 'tls',
    vantages: ['outside', 'disk', 'inside'],
    article: '3',
  },
  {
    id: 'tls-no-common-version',
    title: 'Client and server share no TLS version',
    sentence:
      'The server accepts only versions that this client lacks; switching off TLS 1.0 and 1.1 is not a fault in itself.',
    stage: 'tls',
    vantages: ['outside', 'disk', 'inside'],
    article: '3',
  },
  {
    id: 'tls-no-common-suite',
    title: 'Client and server share no cipher suite, curve or signature',
    sentence: "The versions match, but policy or the certificate's key leaves no suite that both sides know.",
    stage: 'tls',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'client-certificate-required',
    title: 'The server demands a TLS certificate from the client',
    sentence:
      'Whatever terminates TLS on the port insists on a client certificate, and no Remote Desktop client presents one.',
    stage: 'tls',
    vantages: ['outside'],
  },
  {
    id: 'server-name-refused',
    title: 'The TLS server does not accept the name it was asked for',
    sentence:
      'A proxy in front of Windows refuses a host name that it does not know, or a client that sends none.',
    stage: 'tls',
    vantages: ['outside'],
  },
  {
    id: 'tls-answer-foreign',
    title: 'The listener agrees to TLS and then speaks something else',
    sentence:
      'The negotiation is answered but TLS is not: something on the way passes the connection to the wrong place.',
    stage: 'tls',
    vantages: ['outside'],
  },
  {
    id: 'tls-handshake-refused',
    title: 'The server breaks off every TLS handshake with an alert',
    sentence:
      'The alert is about the form of the handshake; old TLS software and inspecting devices send such alerts.',
    stage: 'tls',
    vantages: ['outside'],
  },
  {
    id: 'certificate-missing',
    title: 'The listener has no usable certificate',
    sentence: 'Without a certificate the server can offer neither TLS nor NLA.',
    stage: 'tls',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'certificate-expired',
    title: "The listener's certificate has expired",
    sentence:
      'It is past its end date and was not renewed; the default client only warns, strict clients refuse to connect.',
    stage: 'tls',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'certificate-not-yet-valid',
    title: "The listener's certificate is not valid yet",
    sentence:
      'Its start date is still to come, usually because a clock is wrong; the default client only warns, strict clients refuse to connect.',
    stage: 'tls',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'certificate-unusable',
    title: "The certificate's key or signature is one that clients refuse",
    sentence: 'The key is too short or of a kind that no suite uses, or the signature uses a broken hash.',
    stage: 'tls',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'certificate-name-mismatch',
    title: 'The certificate does not match the name the client used',
    sentence:
      'None of its names is the one that was typed; the default client warns, a client that must verify the server refuses to connect.',
    stage: 'tls',
    vantages: ['outside'],
  },
  {
    id: 'certificate-key-unreadable',
    title: 'The private key of the certificate cannot be read',
    sentence:
      'The key file is gone, or NETWORK SERVICE or SYSTEM has no right to it, so Schannel cannot use the certificate.',
    stage: 'tls',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'certificate-binding-orphaned',
    title: 'The listener is bound to a certificate that does not exist',
    sentence: 'SSLCertificateSHA1Hash names a certificate that is absent or has no usable key.',
    stage: 'tls',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'certificate-enrolment-failed',
    title: 'The certificate that policy demands cannot be obtained',
    sentence: 'A certificate template is prescribed for the listener, and enrolment or renewal fails.',
    stage: 'tls',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'certificate-untrusted',
    title: 'The client does not accept the certificate',
    sentence:
      "The certificate's issuer, name, purpose or revocation status fails the check of a client that insists on it.",
    stage: 'tls',
    vantages: ['outside'],
  },
  // credssp
  {
    id: 'credssp-outdated',
    title: 'One side lacks the CredSSP update of 2018',
    sentence:
      'The update for CVE-2018-0886 is on one side only, and the updated side refuses to talk to the other.',
    stage: 'credssp',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'credssp-policy',
    title: 'The CredSSP policy refuses this client',
    sentence: 'AllowEncryptionOracle is set stricter than the other side can meet.',
    stage: 'credssp',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'ntlm-blocked',
    title: 'The server refuses NTLM, which this sign-in needs',
    sentence:
      'For an IP address or a local account only NTLM is possible, and a policy or the account forbids it.',
    stage: 'credssp',
    vantages: ['outside', 'disk', 'inside', 'domain'],
  },
  {
    id: 'ntlm-restricted',
    title: 'The NTLM settings of client and server do not match',
    sentence:
      'The compatibility level, minimum session security or restrictions on incoming NTLM rule out the sign-in.',
    stage: 'credssp',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'channel-bindings-mismatch',
    title: 'Channel bindings are missing or wrong',
    sentence: 'An old NTLM level or a TLS interceptor makes the bindings fail the check.',
    stage: 'credssp',
    vantages: ['inside'],
  },
  {
    id: 'clock-skew',
    title: 'The clocks are too far apart',
    sentence:
      'A difference of more than five minutes between client, server and domain controller makes tickets invalid.',
    stage: 'credssp',
    vantages: ['outside', 'inside', 'domain'],
  },
  {
    id: 'kerberos-encryption-mismatch',
    title: 'Kerberos finds no shared encryption type',
    sentence: 'Client, account and domain controller share no type, usually because RC4 was retired.',
    stage: 'credssp',
    vantages: ['domain'],
  },
  {
    id: 'spn-missing',
    title: 'The service principal name is missing or registered twice',
    sentence:
      'Kerberos finds no account, or the wrong one, for TERMSRV/<name>, and NTLM cannot be used instead.',
    stage: 'credssp',
    vantages: ['domain'],
  },
  {
    id: 'kerberos-certificate-invalid',
    title: 'Certificates for smart card sign-in are not accepted',
    sentence:
      "The user's or the domain controller's certificate is missing, expired, revoked or not trusted.",
    stage: 'credssp',
    vantages: ['inside', 'domain'],
  },
  {
    id: 'smart-card-required',
    title: 'The account may sign in with a smart card only',
    sentence: 'A password was used for an account that must use a smart card, or the card failed.',
    stage: 'credssp',
    vantages: ['outside', 'domain'],
  },
  {
    id: 'delegation-policy-restricted',
    title: 'The client may not send these credentials to this server',
    sentence:
      'A policy on the client forbids delegation, saved credentials, or any server that it cannot authenticate.',
    stage: 'credssp',
    vantages: ['outside'],
  },
  {
    id: 'lsa-packages-damaged',
    title: 'The Local Security Authority is misconfigured',
    sentence:
      'Authentication packages or security providers that CredSSP needs are missing from the configuration of the LSA.',
    stage: 'credssp',
    vantages: ['disk', 'inside'],
    article: '4',
  },
  {
    id: 'duplicate-machine-identity',
    title: 'Two machines have the same machine identity',
    sentence: 'Both were cloned without Sysprep, and current Windows blocks sign-ins between such clones.',
    stage: 'credssp',
    vantages: ['disk', 'inside'],
  },
  // logon
  {
    id: 'domain-controller-unreachable',
    title: 'The machine cannot reach a domain controller',
    sentence:
      'No controller is found, or none answers, so nobody can check a domain user before the session.',
    stage: 'logon',
    vantages: ['inside', 'domain'],
    article: '1',
  },
  {
    id: 'secure-channel-broken',
    title: 'The secure channel to the domain is broken',
    sentence: 'The machine and the domain no longer trust each other, so domain users are refused.',
    stage: 'logon',
    vantages: ['inside', 'domain'],
    article: '1.1',
  },
  {
    id: 'machine-password-mismatch',
    title: 'The machine and its domain hold different machine passwords',
    sentence: 'One side was rolled back or did not replicate, so the machine cannot prove its identity.',
    stage: 'logon',
    vantages: ['disk', 'domain'],
    article: '1.2',
  },
  {
    id: 'domain-controller-unhealthy',
    title: 'The domain controller is not healthy',
    sentence: 'It can be reached but does not do its job: services, SYSVOL, DNS or replication fail.',
    stage: 'logon',
    vantages: ['domain'],
    article: '1.3',
  },
  {
    id: 'domain-credentials-disabled',
    title: 'Windows is not allowed to store credentials',
    sentence:
      'DisableDomainCreds stops credentials from being saved; it does not stop a domain user from signing in, so it is hardly ever the reason.',
    stage: 'logon',
    vantages: ['disk', 'inside'],
    article: '4',
  },
  {
    id: 'dns-misconfigured',
    title: "The machine's DNS does not know the domain",
    sentence: 'Its DNS servers are not those of the domain, so no controller can be located.',
    stage: 'logon',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'netlogon-service-disabled',
    title: 'The Netlogon service is not running',
    sentence: 'Without it a member cannot pass domain sign-ins to a controller.',
    stage: 'logon',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'group-policy-client-disabled',
    title: 'The Group Policy Client service is disabled',
    sentence:
      "It was switched off, as Microsoft's article says, and never switched on again: the machine gets no policies and sign-ins stall.",
    stage: 'logon',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'computer-account-missing',
    title: 'The domain has no account for this machine',
    sentence: 'The computer object was deleted, or another machine has taken over its name.',
    stage: 'logon',
    vantages: ['domain'],
  },
  {
    id: 'computer-account-disabled',
    title: "The machine's account is disabled in the domain",
    sentence: 'The computer object exists but may not be used.',
    stage: 'logon',
    vantages: ['domain'],
  },
  {
    id: 'domain-trust-broken',
    title: 'The trust between two domains does not work',
    sentence: "The user's domain cannot be asked because the trust to it has failed.",
    stage: 'logon',
    vantages: ['domain'],
  },
  {
    id: 'selective-authentication-denied',
    title: 'Selective authentication keeps the user out',
    sentence: 'The user comes over a trust and lacks the right to authenticate to this computer.',
    stage: 'logon',
    vantages: ['outside', 'domain'],
  },
  {
    id: 'netlogon-hardening-mismatch',
    title: 'The machine does not meet the hardened Netlogon rules',
    sentence:
      'The controller enforces signing or sealing, which an unpatched or non-Windows member cannot do.',
    stage: 'logon',
    vantages: ['domain'],
  },
  {
    id: 'credentials-wrong',
    title: 'The user name or password is wrong',
    sentence: 'The credentials reached an authority that could check them, and they did not match.',
    stage: 'logon',
    vantages: ['outside', 'inside'],
  },
  {
    id: 'name-form-wrong',
    title: 'The user name points to the wrong machine or domain',
    sentence:
      'The part before the backslash or after the @ names a machine or domain that does not hold the account.',
    stage: 'logon',
    vantages: ['outside', 'inside'],
  },
  {
    id: 'saved-credential-stale',
    title: 'The client sends an old saved password',
    sentence: 'Credential Manager on the client still holds a password that has since been changed.',
    stage: 'logon',
    vantages: ['outside'],
  },
  {
    id: 'account-locked',
    title: 'The account is locked out',
    sentence: 'Too many failed attempts, often by an attack on an exposed port, have locked it.',
    stage: 'logon',
    vantages: ['outside', 'disk', 'inside', 'domain'],
  },
  {
    id: 'account-disabled',
    title: 'The account is disabled',
    sentence: 'An administrator or a policy has switched the account off.',
    stage: 'logon',
    vantages: ['outside', 'disk', 'inside', 'domain'],
  },
  {
    id: 'account-expired',
    title: 'The account has expired',
    sentence: "The account's expiry date has passed.",
    stage: 'logon',
    vantages: ['outside', 'disk', 'inside', 'domain'],
  },
  {
    id: 'password-expired',
    title: 'The password has expired or must be changed',
    sentence: 'Under NLA it cannot be changed while signing in, so even the right password is refused.',
    stage: 'logon',
    vantages: ['outside', 'disk', 'inside', 'domain'],
  },
  {
    id: 'account-restricted',
    title: 'A restriction on the account forbids this sign-in',
    sentence:
      'Logon hours, permitted workstations, a blank password, Protected Users or an authentication silo prevents it.',
    stage: 'logon',
    vantages: ['outside', 'inside', 'domain'],
  },
  {
    id: 'user-right-missing',
    title: 'The user has no right to sign in remotely',
    sentence:
      'The right to sign in over the network or through Remote Desktop is not granted, or a deny right takes it away.',
    stage: 'logon',
    vantages: ['outside', 'disk', 'inside'],
  },
  {
    id: 'cached-logon-unavailable',
    title: 'No cached sign-in exists for this user',
    sentence: 'No controller can be reached, and there is no cached sign-in to fall back on.',
    stage: 'logon',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'entra-sign-in-refused',
    title: 'Entra ID refuses the sign-in',
    sentence:
      'The role, Conditional Access, device registration or host name does not meet what Entra requires.',
    stage: 'logon',
    vantages: ['inside'],
  },
  // session
  {
    id: 'logons-disabled',
    title: 'Remote sign-ins are switched off or being drained',
    sentence:
      'A session host is drained, or the listener or Winlogon refuses new sessions: the port answers and the session ends after the sign-in.',
    stage: 'session',
    vantages: ['disk', 'inside'],
  },
  {
    id: 'license-server-missing',
    title: 'The session host finds no license',
    sentence:
      'The grace period is over and no license server or license is available; the sign-in itself succeeds.',
    stage: 'session',
    vantages: ['inside'],
  },
  {
    id: 'connection-broker-failing',
    title: 'The connection broker or gateway turns the session away',
    sentence:
      'The machine itself may be fine; the broker or gateway in front of it cannot pass the connection on.',
    stage: 'session',
    vantages: ['inside'],
  },
] as const satisfies readonly CatalogueEntry[];

export type CauseId = (typeof CATALOGUE)[number]['id'];

export const CAUSE_CATALOGUE: readonly (CatalogueEntry & { readonly id: CauseId })[] = CATALOGUE;

const byId = new Map<string, CatalogueEntry>(CATALOGUE.map((entry) => [entry.id, entry]));

/** The catalogue's entry for a cause id, or undefined. */
export function findCatalogueEntry(id: string): CatalogueEntry | undefined {
  return byId.get(id);
}
