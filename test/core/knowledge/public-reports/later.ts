import type { PublicReport } from './report.ts';

/** Reports found after the matcher was written; three of these six missed at the first try. */
export const LATER: readonly PublicReport[] = [
  {
    text: `[19:35:43:979] [9744:9759] [ERROR][com.freerdp.crypto] - @           WARNING: CERTIFICATE NAME MISMATCH!           @
[19:35:43:979] [9744:9759] [ERROR][com.freerdp.crypto] - The hostname used for this connection (rdp.example.com:443)
[19:35:43:979] [9744:9759] [ERROR][com.freerdp.crypto] - does not match any of the names given in the certificate:
[19:35:43:979] [9744:9759] [ERROR][com.freerdp.crypto] - Common Name (CN):
[19:35:43:979] [9744:9759] [ERROR][com.freerdp.crypto] - 	gateway.example.com`,
    language: 'en',
    cause: 'certificate-untrusted',
    source: 'github.com/FreeRDP/Remmina/issues/722 (solved by ignoring the certificate)',
  },
  {
    text: 'RDP remote desktop users not working error code 1075',
    language: 'en',
    cause: 'rdp-service-disabled',
    source: 'github.com/stascorp/rdpwrap/issues/1701',
  },
  {
    text: 'When I entered the correct password, it said Access is denied.',
    language: 'en',
    cause: 'user-right-missing',
    source: 'github.com/stascorp/rdpwrap/issues/433, 1950 (solved by the group Remote Desktop Users)',
  },
  {
    text: '"Your session ended because of an error. If this keeps happening, contact your network administrator for assistance.\n\nError code: 0x807"\n\nI\'m using my AzureAD\\FirstnameLastname for credentials',
    language: 'en',
    cause: 'credentials-wrong',
    source: 'github.com/MicrosoftDocs/windowsserverdocs/issues/1955',
  },
  {
    text: `xfreerdp --sec rdp -u user -d domain ip
Warning xf_GetWindowProperty (154): Property 165 does not exist
connected to ip:3389
recv: Connection reset by peer
Error: protocol security negotiation or connection failure`,
    language: 'en',
    cause: 'nla-required-by-server',
    source: 'github.com/FreeRDP/FreeRDP/issues/796 (--sec rdp against Windows 8)',
  },
  {
    text: 'xfreerdp ended with exit code 135',
    language: 'en',
    cause: 'account-locked',
    source: 'github.com/FreeRDP/FreeRDP/pull/7121',
  },
];
