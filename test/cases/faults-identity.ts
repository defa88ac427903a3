import { KEY_FILE, NETWORK_SERVICE } from '../core/windows/build-certificate.ts';
import { dll, keySecurity, TSPKG } from './bases.ts';
import { type Case, GONE } from './case.ts';
import { bound, certificate, keyFileOf, selfSigned } from './certificates.ts';
import { event, SYSTEM_LOG } from './logs.ts';
import { LSA, PROVIDERS, RDP, STORES, SYSPOL } from './settings.ts';

const INTERNAL =
  'Microsoft: An internal error occurs when you try to connect to an Azure VM through Remote Desktop';

const BY_EVENT = 'Microsoft: Troubleshoot Azure VM RDP connection issues by Event ID, scenario';

const RCM = 'Microsoft-Windows-TerminalServices-RemoteConnectionManager';

const ENCRYPTION_EVENTS = 'Microsoft: Remote Desktop Services Authentication and Encryption, event';

const CREDSSP = 'Microsoft KB4093492: CredSSP updates for CVE-2018-0886, interoperability matrix';

const CERTIFICATES: readonly Case[] = [
  {
    id: 'key file gone',
    base: 'server-2016 member',
    files: { [KEY_FILE]: GONE },
    expect: { first: 'certificate-key-unreadable' },
    source: `${INTERNAL}, MachineKeys`,
  },
  {
    id: 'key file not for NETWORK SERVICE',
    base: 'server-2019 workgroup',
    files: { [KEY_FILE]: { size: 2300, security: keySecurity() } },
    expect: { first: 'certificate-key-unreadable' },
    source: `${BY_EVENT} 1 and 2: RSA folder and key rights`,
  },
  {
    id: 'key file not for NETWORK SERVICE, 2008 R2',
    base: 'server-2008-r2 member',
    files: { [KEY_FILE]: { size: 2300, security: keySecurity() } },
    expect: { first: 'certificate-key-unreadable' },
    source: `${BY_EVENT} 1 and 2: RSA folder and key rights`,
  },
  {
    id: 'key file readable',
    base: 'windows-11-22h2 member',
    files: { [KEY_FILE]: { size: 2300, security: keySecurity(NETWORK_SERVICE) } },
    expect: {},
    source: BY_EVENT,
  },
  {
    id: 'key not readable and TLS closes without a word',
    base: 'server-2022 member',
    files: { [KEY_FILE]: { size: 2300, security: keySecurity() } },
    wire: { server: { hello: () => ['reset'], tls: 'reset' } },
    expect: { first: 'certificate-key-unreadable', verdict: 'confirmed' },
    source: `${INTERNAL}, the RSA key is not accessible; cause before symptom`,
  },
  {
    id: 'self-signed certificate gone from its store, refused on the wire',
    base: 'server-2019 member',
    set: { [`${STORES}\\Remote Desktop`]: null },
    wire: { server: { negotiate: (mask) => (mask === 0 ? { failure: 5 } : { failure: 3 }) } },
    expect: { first: 'certificate-missing', verdict: 'confirmed' },
    source: '[MS-RDPBCGR] 2.2.1.2.2: SSL_CERT_NOT_ON_SERVER (3)',
  },
  {
    id: 'no certificate on the wire',
    wire: { server: { negotiate: (mask) => (mask === 0 ? { failure: 1 } : { failure: 3 }) } },
    expect: { first: 'certificate-missing', verdict: 'confirmed' },
    source: '[MS-RDPBCGR] 2.2.1.2.2: SSL_CERT_NOT_ON_SERVER (3)',
  },
  {
    id: 'bound certificate gone, the default one is used',
    base: 'server-2012-r2 member',
    set: { [`${RDP}!SSLCertificateSHA1Hash`]: new Uint8Array(20).fill(0xab) },
    wire: {},
    expect: { never: ['certificate-missing', 'certificate-key-unreadable'] },
    source: `${ENCRYPTION_EVENTS} 1051: the default certificate is used from now on; a certificate is shown on the wire`,
  },
  {
    id: 'event 36870 of the server role',
    base: 'server-2016 workgroup',
    events: {
      [SYSTEM_LOG]: [
        event('Schannel', 36_870, 1, { Type: 'server', ErrorCode: '0x8009030D', ErrorStatus: '10001' }),
      ],
    },
    expect: { first: 'certificate-key-unreadable', verdict: 'likely' },
    source: `${BY_EVENT} 2: Schannel 36870`,
  },
  {
    id: 'event 36871 of the client role is noise',
    base: 'server-2019 member',
    events: { [SYSTEM_LOG]: [event('Schannel', 36_871, 1, { Type: 'client', ErrorState: '10013' })] },
    expect: {},
    source: 'Microsoft: Schannel 36871, Type tells the role',
  },
  {
    id: 'no new certificate, access denied',
    base: 'windows-10-1607 member',
    set: { [`${RDP}!SelfSignedCertificate`]: null, [`${STORES}\\Remote Desktop`]: null },
    events: { [SYSTEM_LOG]: [event(RCM, 1057, 1, { param1: 'Access is denied.' })] },
    expect: { first: ['certificate-missing', 'certificate-key-unreadable'] },
    source: `${BY_EVENT} 1: 1057, 1058`,
  },
  {
    id: 'certificate made again after it failed',
    base: 'server-2022 workgroup',
    events: { [SYSTEM_LOG]: [event(RCM, 1056, 1), event(RCM, 1057, 5, { param1: 'Keyset does not exist' })] },
    expect: {},
    source: `${ENCRYPTION_EVENTS} 1056: a new self-signed certificate`,
  },
];

/** January to July 2025: over for seven months at the time of the look. */
const EXPIRED = certificate(Date.UTC(2025, 0, 1), Date.UTC(2025, 6, 1));

const EXPIRIES: readonly Case[] = [
  {
    id: 'certificate expired, on the wire',
    wire: { server: { tls: { version: '1.2', certificates: [EXPIRED] } } },
    expect: { first: 'certificate-expired', verdict: 'likely' },
    source: `${INTERNAL}, the self-signed certificate has expired; mstsc by default warns and goes on`,
  },
  {
    id: 'own certificate expired and not replaced',
    base: 'server-2016 workgroup',
    set: selfSigned(EXPIRED),
    events: { [SYSTEM_LOG]: [event(RCM, 1058, 1, { param1: 'Access is denied.' })] },
    expect: { first: ['certificate-expired', 'certificate-key-unreadable'] },
    source: `${BY_EVENT} 1: 1058`,
  },
  {
    id: 'bound certificate expired',
    base: 'server-2019 member',
    set: bound(EXPIRED),
    // Corrected after the first run: the machine of the row had no key for its certificate.
    files: { [keyFileOf('AcmeServerKey')]: { size: 2300, security: keySecurity(NETWORK_SERVICE) } },
    events: { [SYSTEM_LOG]: [event(RCM, 1053, 1)] },
    expect: { first: 'certificate-expired', verdict: 'likely' },
    source: `${ENCRYPTION_EVENTS} 1053`,
  },
  {
    id: 'bound certificate in date',
    base: 'server-2022 member',
    set: bound(certificate(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1))),
    files: { [keyFileOf('AcmeServerKey')]: { size: 2300, security: keySecurity(NETWORK_SERVICE) } },
    expect: {},
    source: 'Microsoft: Remote Desktop listener certificate configurations',
  },
];

const CREDSSP_CASES: readonly Case[] = [
  {
    id: 'server without the update, 2012 R2',
    base: 'server-2012-r2 member',
    files: { [TSPKG]: { size: 100_000, content: dll([6, 3, 9600, 18_000]) } },
    expect: { first: 'credssp-outdated' },
    source: `${CREDSSP}: fixed in 6.3.9600.18999`,
  },
  {
    id: 'server without the update, 2016',
    base: 'server-2016 workgroup',
    files: { [TSPKG]: { size: 100_000, content: dll([10, 0, 14_393, 1000]) } },
    expect: { first: 'credssp-outdated' },
    source: `${CREDSSP}: fixed in 10.0.14393.2248`,
  },
  {
    id: 'server with the update, just',
    base: 'server-2016 member',
    files: { [TSPKG]: { size: 100_000, content: dll([10, 0, 14_393, 2248]) } },
    expect: {},
    source: CREDSSP,
  },
  {
    id: 'server without the update, on the wire',
    wire: { server: { credsspVersion: 2 } },
    expect: { first: 'credssp-outdated' },
    source: `${CREDSSP}; [MS-CSSP] 2.2.1 version`,
  },
  {
    id: 'updated clients forced, an old one named',
    base: 'server-2019 workgroup',
    set: { [`${SYSPOL}\\CredSSP\\Parameters!AllowEncryptionOracle`]: 0 },
    client: 'windows-7',
    expect: { first: ['credssp-policy', 'credssp-outdated'], verdict: 'confirmed' },
    source: `${CREDSSP}: server Force updated clients, client not updated: blocked`,
  },
  {
    id: 'updated clients forced, none named',
    base: 'server-2019 workgroup',
    set: { [`${SYSPOL}\\CredSSP\\Parameters!AllowEncryptionOracle`]: 0 },
    expect: {},
    source: `${CREDSSP}: supported clients have the update`,
  },
  {
    id: 'mitigated, an old client named',
    base: 'server-2022 workgroup',
    client: 'windows-7',
    expect: { never: ['credssp-policy', 'credssp-outdated'] },
    source: `${CREDSSP}: server Mitigated, client not updated: allowed`,
  },
];

const PACKAGES: readonly Case[] = [
  {
    id: 'no authentication package',
    base: 'server-2019 member',
    set: { [`${LSA}!Authentication Packages`]: [] },
    expect: { first: 'lsa-packages-damaged' },
    source: 'Microsoft: Authentication packages registry keys: msv1_0',
  },
  {
    id: 'a foreign package in its place',
    base: 'server-2022 workgroup',
    set: { [`${LSA}!Authentication Packages`]: ['acmeauth'] },
    expect: { first: 'lsa-packages-damaged' },
    source: 'Microsoft: Authentication packages registry keys: msv1_0',
  },
  {
    id: 'credssp.dll taken out',
    base: 'server-2016 member',
    set: { [`${PROVIDERS}!SecurityProviders`]: '' },
    expect: { first: 'lsa-packages-damaged' },
    source: 'Microsoft KB951608: credssp.dll in SecurityProviders',
  },
  {
    id: 'tspkg taken out, 7',
    base: 'windows-7 member',
    set: { [`${LSA}!Security Packages`]: ['kerberos', 'msv1_0', 'schannel', 'wdigest', 'pku2u'] },
    expect: { first: 'lsa-packages-damaged' },
    source: 'Microsoft KB951608: tspkg in Security Packages',
  },
  {
    id: 'a package more',
    base: 'server-2019 workgroup',
    set: {
      [`${LSA}!Authentication Packages`]: ['msv1_0', 'acmeauth'],
      [`${PROVIDERS}!SecurityProviders`]: 'credssp.dll, acmessp.dll',
    },
    expect: {},
    source: 'Microsoft: Authentication packages registry keys: others may be added',
  },
];

export const IDENTITY_FAULTS: readonly Case[] = [...CERTIFICATES, ...EXPIRIES, ...CREDSSP_CASES, ...PACKAGES];
