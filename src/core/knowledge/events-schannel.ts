import { type EventOrigin, type EventRow, event } from './event-row.ts';

const SCHANNEL: EventOrigin = {
  channel: 'System',
  provider: 'Schannel',
  source: 'Event manifest of Schannel (Windows 7 and 10); Microsoft: Event IDs for RDP troubleshooting',
  sure: 'verified',
};

const KEY = 'Permissions on the f686aace… file in C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys';

/** Events of Schannel, which does TLS for the listener. */
export const SCHANNEL_EVENTS: readonly EventRow[] = [
  event(
    SCHANNEL,
    36867,
    'credential being created',
    'A TLS credential is being created; Type says for which role.',
    {
      fields: ['Type'],
    },
  ),
  event(
    SCHANNEL,
    36868,
    'private key properties',
    'The event names the key and provider that a credential uses. Windows writes it only with verbose logging.',
    { fields: ['Type', 'CSPName', 'CSPType', 'KeyName', 'KeyType', 'KeyFlags'] },
  ),
  event(SCHANNEL, 36869, 'certificate without private key', 'The chosen certificate has no private key.', {
    fields: ['Type'],
    causes: ['certificate-key-unreadable', 'certificate-binding-orphaned'],
    look: [KEY],
  }),
  event(
    SCHANNEL,
    36870,
    'private key not accessible',
    "The certificate's private key could not be opened, so no TLS handshake with the listener can succeed.",
    {
      fields: ['Type', 'ErrorCode', 'ErrorStatus'],
      causes: ['certificate-key-unreadable', 'certificate-missing'],
      look: [
        KEY,
        'ErrorCode 0x8009030D: the key is unusable; 0x80090016: the key is missing; 0x80090010: no permission',
      ],
    },
  ),
  event(
    SCHANNEL,
    36871,
    'credential not created',
    'Windows could not set up TLS. This counts only when Type is "server": for "client" it is usually noise from a program that requested an old version.',
    {
      fields: ['Type', 'ErrorState'],
      causes: ['tls-server-disabled', 'certificate-key-unreadable', 'fips-only'],
      look: ['SCHANNEL\\Protocols\\…\\Server of every TLS version; state 10013 fits versions that are off'],
    },
  ),
  event(
    SCHANNEL,
    36872,
    'no default server credential',
    'No suitable certificate was found for the server role. This is usually about LDAP on a controller, sometimes about the listener.',
    { fields: ['Type', 'ErrorCode', 'CertFlags', 'CredContext'], causes: ['certificate-missing'] },
  ),
  event(
    SCHANNEL,
    36873,
    'no suite fits the certificate',
    'None of the allowed suites works with this certificate.',
    {
      causes: ['tls-no-common-suite'],
      look: ["A policy that lists only ECDSA suites does not fit the listener's RSA certificate"],
    },
  ),
  event(
    SCHANNEL,
    36874,
    'no common suite or version',
    'A client requested TLS but shares no cipher suite with this machine.',
    {
      fields: ['Protocol'],
      causes: ['tls-no-common-suite', 'tls-no-common-version', 'fips-only'],
      look: ['Policy "SSL Cipher Suite Order" (value Functions) and SCHANNEL\\Ciphers of the target'],
    },
  ),
  event(
    SCHANNEL,
    36875,
    'no client certificate to send',
    'The other side requested a client certificate, and no suitable one exists.',
    { causes: ['smart-card-required'] },
  ),
  event(
    SCHANNEL,
    36876,
    "the server's certificate failed the check",
    'This machine, as a client, did not accept a certificate.',
    { fields: ['ErrorCode'], causes: ['certificate-untrusted'] },
  ),
  event(
    SCHANNEL,
    36877,
    "the client's certificate failed the check",
    'This machine did not accept a certificate that a client sent.',
    { fields: ['ErrorCode'], causes: ['certificate-untrusted'] },
  ),
  event(
    SCHANNEL,
    36880,
    'handshake completed',
    'A TLS handshake succeeded; Type tells the role. Written only when Schannel logging includes success (bit 4).',
    {
      fields: ['Type', 'Protocol', 'CipherSuite', 'ExchangeStrength', 'TargetName', 'LocalCertSubjectName'],
      refutes: ['tls-server-disabled', 'certificate-missing', 'certificate-key-unreadable'],
    },
  ),
  event(SCHANNEL, 36881, 'certificate expired', "The other side's certificate has expired.", {
    causes: ['certificate-expired', 'clock-skew'],
  }),
  event(SCHANNEL, 36882, 'issuer not trusted', "The issuer of the other side's certificate is not trusted.", {
    causes: ['certificate-untrusted'],
  }),
  event(SCHANNEL, 36883, 'certificate revoked', "The other side's certificate has been revoked.", {
    causes: ['certificate-untrusted'],
  }),
  event(SCHANNEL, 36884, 'name does not match', "The other side's certificate is for another name.", {
    fields: ['Name'],
    causes: ['certificate-untrusted', 'target-name-wrong'],
  }),
  event(SCHANNEL, 36887, 'alert received', "The other side sent a TLS alert; the alert's number tells why.", {
    fields: ['AlertDesc'],
    causes: ['certificate-untrusted', 'tls-no-common-version'],
    look: ['rdpdoctor explain "alert N"'],
  }),
  event(SCHANNEL, 36888, 'alert sent', 'This machine refused a handshake with a TLS alert.', {
    fields: ['AlertDesc', 'ErrorState', 'TargetName'],
    causes: ['tls-no-common-suite', 'tls-no-common-version', 'certificate-key-unreadable'],
    look: ['rdpdoctor explain "alert N"'],
  }),
];
