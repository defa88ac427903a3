// What stands in for CIM, event logs and Windows' own programs: as their documents show it, in the language of a German
// machine where that has words of its own.

/** Win32_OperatingSystem, Win32_ComputerSystem and Win32_Service (learn.microsoft.com, "CIMWin32 WMI Providers"). Sizes are KiB. */
export const CIM = {
  Win32_OperatingSystem: {
    LastBootUpTime: '@2026-11-20T06:00:00Z',
    TotalVisibleMemorySize: 8_388_608,
    FreePhysicalMemory: 1_048_576,
    TotalVirtualMemorySize: 9_437_184,
    FreeVirtualMemory: 2_097_152,
  },
  Win32_ComputerSystem: { PartOfDomain: true, Domain: 'corp.example.com' },
  Win32_Service: [
    { Name: 'TermService', State: 'Running', ExitCode: 0, ServiceSpecificExitCode: 0, ProcessId: 1132 },
    { Name: 'UmRdpService', State: 'Running', ExitCode: 0, ServiceSpecificExitCode: 0, ProcessId: 1132 },
    { Name: 'W32Time', State: 'Stop Pending', ExitCode: 1077, ServiceSpecificExitCode: 0, ProcessId: 0 },
  ],
};

const schema = "xmlns='http://schemas.microsoft.com/win/2004/08/events/event'";
const event = (provider: string, id: number, recordId: number, at: string, data: string) => ({
  provider,
  id,
  recordId,
  at: `@${at}`,
  values: [],
  xml: `<Event ${schema}><System><Provider Name='${provider}'/><EventID Qualifiers='0'>${id}</EventID><Level>2</Level><TimeCreated SystemTime='${at}'/><EventRecordID>${recordId}</EventRecordID><Channel>System</Channel><Computer>vm1</Computer></System><EventData>${data}</EventData></Event>`,
});

/** Values of 4624 and 4625 in the order of their templates ("4624(S)" and "4625(F)", learn.microsoft.com). */
const logon = (id: number, recordId: number, at: string, values: readonly unknown[]) => ({
  provider: 'Microsoft-Windows-Security-Auditing',
  id,
  recordId,
  at: `@${at}`,
  values,
  xml: `<Event ${schema}><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>${id}</EventID><TimeCreated SystemTime='${at}'/><EventRecordID>${recordId}</EventRecordID><Channel>Security</Channel></System></Event>`,
});

/** Newest first. */
export const LOGS = {
  System: [
    event(
      'Schannel',
      36871,
      12,
      '2026-11-26T10:00:00.1234567Z',
      "<Data Name='Type'>server</Data><Data Name='ErrorState'>10013</Data>",
    ),
    event('NETLOGON', 5719, 11, '2026-11-25T10:00:00.0000000Z', '<Data>CORP</Data><Data>%%1311</Data>'),
    event('Someone', 5719, 10, '2026-11-25T09:00:00.0000000Z', '<Data>of another provider</Data>'),
    event('Schannel', 36871, 9, '2026-10-01T10:00:00.0000000Z', '<Data>too long ago</Data>'),
  ],
  Security: [
    logon(4625, 3, '2026-11-26T11:00:00.0000000Z', [
      ...['S-1-0-0', '-', '-', '0x0', 'S-1-0-0', 'mallory', 'CORP', -1073741715, '%%2313', -1073741718],
      ...[3, 'NtLmSsp ', 'NTLM', 'PC7', '-', '-', 0, '0x0', '-', '203.0.113.9', '51234'],
    ]),
    logon(4624, 2, '2026-11-26T10:00:00.0000000Z', [
      ...['S-1-5-18', 'VM1$', 'CORP', '0x3e7', 'S-1-5-21-1-2-3-1105', 'Ümit', 'CORP', '0x5a1', 10],
      ...['User32 ', 'Negotiate', 'VM1', '{0}', '-', '-', 0, '0x3c8', 'svchost.exe', '10.0.0.7', '0'],
    ]),
    logon(4624, 1, '2026-11-26T09:00:00.0000000Z', [
      ...['S-1-5-18', 'VM1$', 'CORP', '0x3e7', 'S-1-5-18', 'SYSTEM', 'NT-AUTORITÄT', '0x3e7', 5],
      ...['Advapi  ', 'Negotiate', '-', '{0}', '-', '-', 0, '0x2c8', 'services.exe', '-', '-'],
    ]),
  ],
  'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational': 'denied',
};

/** "Nltest" (learn.microsoft.com); the numbers in it are not translated. */
export const NLTEST = {
  '/sc_query:corp.example.com': [
    'Flags: 30 HAS_IP  HAS_TIMESERV ',
    'Trusted DC Name \\\\DC1.corp.example.com ',
    'Trusted DC Connection Status Status = 0 0x0 NERR_Success',
    'The command completed successfully',
  ].join('\n'),
  '/sc_verify:corp.example.com': [
    'Flags: b0 HAS_IP  HAS_TIMESERV ',
    'Trusted DC Name \\\\DC1.corp.example.com ',
    'Trusted DC Connection Status Status = 0 0x0 NERR_Success',
    'Trust Verification Status = 0 0x0 NERR_Success',
    'The command completed successfully',
  ].join('\n'),
};

/** "Windows Time service tools and settings" (learn.microsoft.com), on a German machine. */
export const W32TM = {
  '/query /source': 'dc1.corp.example.com,0x9',
  '/query /status /verbose': [
    'Sprungindikator: 0(keine Warnung)',
    'Stratum: 3 (Sekundärreferenz - synchr. über (S)NTP)',
    'Präzision: -23 (119.209ns pro Tick)',
    'Stammverzögerung: 0.0312500s',
    'Stammabweichung: 0.0510000s',
    'Referenz-ID: 0x0A000004 (Quell-IP:  10.0.0.4)',
    'Letzte erfolgr. Synchronisierungszeit: 26.11.2026 10:00:00',
    'Quelle: dc1.corp.example.com,0x9',
    'Abrufintervall: 10 (1024s)',
    '',
    'Phasenabweichung: -0.0012345s',
  ].join('\n'),
};

/** "netstat" (learn.microsoft.com), on a German machine. */
export const NETSTAT = {
  '-ano -p TCP': [
    '',
    'Aktive Verbindungen',
    '',
    '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
    '  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN          900',
    '  TCP    0.0.0.0:3389           0.0.0.0:0              ABHÖREN          1132',
    '  TCP    10.0.0.9:3389          203.0.113.9:51234      HERGESTELLT      1132',
  ].join('\n'),
  '-ano -p TCPv6': '  TCP    [::]:3389              [::]:0                 ABHÖREN          1132',
};
