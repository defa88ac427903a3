// The services of a Windows machine that Remote Desktop rests on, directly and through others, as real SYSTEM hives have them.
import { type Settings, service, VERSION } from './settings.ts';

interface Service {
  readonly start: number;
  readonly group: string;
  readonly account?: string;
  readonly needs?: readonly string[];
  /** 0x20 shares a process, 1 is a driver. */
  readonly type?: number;
  readonly image?: string;
}

const NETWORK = 'NT Authority\\NetworkService';
const LOCAL = 'NT AUTHORITY\\LocalService';
const LSASS = '%systemroot%\\system32\\lsass.exe';

const driver = (file: string, start: number, needs: readonly string[] = []): Service => ({
  start,
  group: '',
  type: 1,
  image: `System32\\drivers\\${file}`,
  needs,
});

/** Which services svchost hosts under which name, and the library of the listener. Source: SOFTWARE and SYSTEM hives of 7 SP1 and 10. */
const HOSTS: Settings = {
  [`${VERSION}\\Svchost!NetworkService`]: [
    'CryptSvc',
    'nlasvc',
    'lanmanworkstation',
    'DNSCache',
    'TermService',
    'WinRM',
  ],
  [`${VERSION}\\Svchost!RPCSS`]: ['RpcEptMapper', 'RpcSs'],
  [`${VERSION}\\Svchost!DcomLaunch`]: ['Power', 'LSM', 'DcomLaunch'],
  [`${VERSION}\\Svchost!netsvcs`]: ['SessionEnv', 'gpsvc', 'Schedule', 'ProfSvc'],
  [`${service('TermService')}\\Parameters!ServiceDll`]: {
    type: 2,
    data: '%SystemRoot%\\System32\\termsrv.dll',
  },
};

/** Windows 7 and Server 2008 R2 have TermDD below TermService; later versions have not. Source: SYSTEM hives of 7 SP1 and 10. */
export function services(build: number, joined: boolean): Settings {
  const old = build < 9200;
  const table: Readonly<Record<string, Service>> = {
    TermService: {
      start: 3,
      group: 'NetworkService',
      account: NETWORK,
      needs: old ? ['RPCSS', 'TermDD'] : ['RPCSS'],
    },
    UmRdpService: {
      start: 3,
      group: 'LocalSystemNetworkRestricted',
      account: 'localSystem',
      needs: ['TermService', 'RDPDR'],
    },
    SessionEnv: { start: 3, group: 'netsvcs', account: 'localSystem', needs: ['RPCSS', 'LanmanWorkstation'] },
    gpsvc: { start: 2, group: 'netsvcs', account: 'LocalSystem', needs: ['RPCSS', 'Mup'] },
    Netlogon: {
      start: joined ? 2 : 3,
      group: '',
      account: 'LocalSystem',
      image: LSASS,
      needs: ['LanmanWorkstation'],
    },
    KeyIso: { start: 3, group: '', account: 'LocalSystem', image: LSASS, needs: ['RpcSs'] },
    SamSs: { start: 2, group: '', account: 'LocalSystem', image: LSASS, needs: ['RPCSS'] },
    CryptSvc: { start: 2, group: 'NetworkService', account: NETWORK, needs: ['RpcSs'] },
    Dnscache: {
      start: 2,
      group: 'NetworkService',
      account: NETWORK,
      needs: old ? ['Tdx', 'nsi'] : ['nsi', 'Afd'],
    },
    W32Time: { start: joined ? 2 : 3, group: 'LocalService', account: LOCAL },
    RpcSs: { start: 2, group: 'rpcss', account: NETWORK, needs: ['RpcEptMapper', 'DcomLaunch'] },
    RpcEptMapper: { start: 2, group: 'RPCSS', account: NETWORK },
    DcomLaunch: { start: 2, group: 'DcomLaunch', account: 'LocalSystem' },
    LanmanWorkstation: {
      start: 2,
      group: 'NetworkService',
      account: NETWORK,
      needs: old ? ['Bowser', 'MRxSmb10', 'MRxSmb20', 'NSI'] : ['Bowser', 'MRxSmb20', 'NSI'],
    },
    NSI: {
      start: 2,
      group: 'LocalService',
      account: LOCAL,
      needs: old ? ['nsiproxy'] : ['rpcss', 'nsiproxy'],
    },
    MpsSvc: { start: 2, group: 'LocalServiceNoNetwork', account: LOCAL, needs: ['mpsdrv', 'bfe'] },
    BFE: { start: 2, group: 'LocalServiceNoNetwork', account: LOCAL, needs: ['RpcSs'] },
    RDPDR: driver('rdpdr.sys', 3, ['RDBSS']),
    RDBSS: driver('rdbss.sys', 1, ['Mup']),
    Mup: driver('mup.sys', 0),
    Bowser: driver('bowser.sys', 3),
    MRxSmb20: driver('mrxsmb20.sys', 3, ['mrxsmb']),
    mrxsmb: driver('mrxsmb.sys', 3, ['rdbss']),
    nsiproxy: driver('nsiproxy.sys', 1),
    mpsdrv: driver('mpsdrv.sys', 3),
    Tcpip: driver('tcpip.sys', 0),
    AFD: driver('afd.sys', 1),
    ...(old
      ? {
          TermDD: driver('termdd.sys', 1),
          MRxSmb10: driver('mrxsmb10.sys', 3, ['mrxsmb']),
          tdx: driver('tdx.sys', 1, ['Tcpip']),
        }
      : {
          LSM: {
            start: 2,
            group: 'DcomLaunch',
            account: 'LocalSystem',
            needs: ['RpcEptMapper', 'DcomLaunch', 'RpcSs'],
          },
        }),
  };
  return {
    ...HOSTS,
    ...Object.fromEntries(
      Object.entries(table).flatMap(([name, { start, group, account, needs = [], type = 0x20, image }]) => {
        const key = service(name);
        return [
          [`${key}!Start`, start],
          [`${key}!Type`, type],
          [
            `${key}!ImagePath`,
            {
              type: 2,
              data:
                image ??
                `%SystemRoot%\\System32\\svchost.exe -k ${group}${build >= 17763 && name !== 'TermService' ? ' -p' : ''}`,
            },
          ],
          ...(account === undefined ? [] : [[`${key}!ObjectName`, account]]),
          ...(needs.length === 0 ? [] : [[`${key}!DependOnService`, needs]]),
        ] as [string, string | number | readonly string[] | { type: number; data: string }][];
      }),
    ),
  };
}
