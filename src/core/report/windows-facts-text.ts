import { counted } from '../model/counted.ts';
import { TLS_VERSIONS } from '../model/facts.ts';
import type {
  RelevantEvent,
  ServiceDependencies,
  Setting,
  WindowsFacts,
  WindowsService,
} from '../model/windows-facts.ts';
import type { FactText } from './fact-text.ts';
import { DESCRIBE_LIVE } from './live-facts-text.ts';

const START_TYPES = ['boot', 'system', 'automatic', 'on demand', 'disabled'];

/** The value, and who set it where it was not the default. */
function saySetting(
  words: (value: number) => string,
): (setting: Setting<number>, verbose: boolean) => string {
  return ({ effective, setBy, machine }, verbose) => {
    if (setBy === 'default') return verbose ? `${words(effective)} (default)` : '';
    const overridden = setBy === 'policy' && machine !== undefined && machine !== effective;
    return `${words(effective)} (set by ${setBy}${overridden ? `, overriding the machine's own: ${words(machine)}` : ''})`;
  };
}

const plain = saySetting(String);
const switchedOn = saySetting((value) => (value === 0 ? 'off' : 'on'));

const allowedAtZero = saySetting((value) => (value === 0 ? 'allowed' : `refused (${value})`));

/** Only where it differs from what Windows ships: such values stand in every registry. */
function unusual(
  usual: number,
  say: (setting: Setting<number>, verbose: boolean) => string = plain,
): (setting: Setting<number>, verbose: boolean) => string {
  return (setting, verbose) => (setting.effective === usual && !verbose ? '' : say(setting, verbose));
}

/** Who set a value: `default`, `set by policy`. */
function origin(setBy: Setting<unknown>['setBy']): string {
  return setBy === 'default' ? 'default' : `set by ${setBy}`;
}

function dependencies(label: string): FactText<ServiceDependencies> {
  return {
    label,
    say: ({ services }, verbose) =>
      services
        .filter(({ startType }) => verbose || startType === undefined || startType === 4)
        .map(
          ({ name, neededBy, startType }) =>
            `needs ${name} (for ${neededBy}): ${startType === undefined ? 'missing' : (START_TYPES[startType] ?? `start type ${startType}`)}`,
        ),
  };
}

/** Never started since Windows was (ERROR_SERVICE_NEVER_STARTED): no failure. */
const NEVER_STARTED = 1077;
/** A service's own code says why (ERROR_SERVICE_SPECIFIC_ERROR). */
const OWN_CODE = 1066;

/** @param awaited told where it does not run, however it is set to start */
function service(label: string, awaited = false): FactText<WindowsService> {
  return {
    label,
    say: ({ startType, state, exitCode, serviceExitCode, objectName }, verbose) => {
      const failed = state === 'stopped' && ![undefined, 0, NEVER_STARTED].includes(exitCode);
      const code = exitCode === OWN_CODE ? (serviceExitCode ?? exitCode) : exitCode;
      const unusual =
        state !== undefined && state !== 'running' && (state !== 'stopped' || failed || awaited);
      const words = [
        START_TYPES[startType] ?? `start type ${startType}`,
        failed ? `stopped with error ${code}` : state,
        verbose ? objectName : undefined,
      ];
      return startType === 4 || unusual || verbose
        ? words.filter((word) => word !== undefined).join(', ')
        : '';
    },
  };
}

/** The facts about a Windows machine in words; an empty text is a fact not worth a line. */
export const DESCRIBE_WINDOWS: { readonly [F in keyof WindowsFacts]: FactText<WindowsFacts[F]> } = {
  'disk.volume': {
    label: 'disk',
    say: ({ container, partitionScheme, dirty, hibernated, hives }) => [
      `${container}, ${partitionScheme}${dirty ? ', volume dirty' : ''}${hibernated ? ', hibernated' : ''}`,
      `hives: ${Object.entries(hives)
        .map(([name, state]) => `${name} ${state}`)
        .join(', ')}`,
    ],
  },
  'os.version': {
    label: 'Windows',
    say: ({ productName, build, revision, displayVersion }) =>
      `${productName}${displayVersion === undefined ? '' : ` ${displayVersion}`}, build ${build}${revision === undefined ? '' : `.${revision}`}`,
  },
  'computer.name': { label: 'computer', say: (name) => name },
  'domain.membership': {
    label: 'domain',
    say: ({ joined, domain, netbiosDomain, entraJoined }) =>
      `${joined ? `member of ${domain ?? netbiosDomain ?? 'a domain'}` : 'not joined'}${entraJoined === true ? ', Entra joined' : ''}`,
  },
  'domain.sid': { label: 'domain SID', say: (sid, verbose) => (verbose ? sid : '') },
  'os.productType': { label: 'product type', say: (type, verbose) => (verbose ? type : '') },
  'machine.sid': { label: 'machine SID', say: (sid, verbose) => (verbose ? sid : '') },
  'machinePassword.changedAt': {
    label: 'machine pwd',
    say: ({ changedAt, changesDisabled }) =>
      `changed ${changedAt.slice(0, 19).replace('T', ' ')} UTC${changesDisabled ? ', changes switched off' : ''}`,
  },
  ...DESCRIBE_LIVE,
  'listener.fDenyTSConnections': {
    label: 'Remote Desktop',
    say: ({ effective, setBy }) => `${effective === 0 ? 'on' : 'off'} (${origin(setBy)})`,
  },
  'listener.fEnableWinStation': { label: 'listener', say: switchedOn },
  'listener.WinStations': {
    label: 'listeners',
    say: (names, verbose) =>
      verbose || !names.some((name) => name.toLowerCase() === 'rdp-tcp') ? names.join(', ') || 'none' : '',
  },
  'listener.TSEnabled': { label: 'TSEnabled', say: unusual(1) },
  'listener.TSUserEnabled': { label: 'TSUserEnabled', say: unusual(0) },
  'listener.TSServerDrainMode': {
    label: 'drain mode',
    say: unusual(
      0,
      saySetting((value) => ['off', 'on until it restarts', 'on'][value] ?? String(value)),
    ),
  },
  'listener.TSAppCompat': {
    label: 'role',
    say: ({ effective }, verbose) =>
      effective === 1 ? 'session host' : verbose ? 'administration only' : '',
  },
  'listener.fLogonDisabled': { label: 'sign-ins', say: unusual(0, allowedAtZero) },
  'listener.fAllowSecProtocolNegotiation': {
    label: 'TLS and NLA',
    say: unusual(
      1,
      saySetting((value) => (value === 0 ? 'not negotiated' : 'negotiated')),
    ),
  },
  'winlogon.WinStationsDisabled': { label: 'by Winlogon', say: unusual(0, allowedAtZero) },
  'listener.portNumber': { label: 'port', say: plain },
  'listener.securityLayer': {
    label: 'security layer',
    say: saySetting(
      (value) => ['0, standard RDP security', '1, negotiate', '2, TLS'][value] ?? String(value),
    ),
  },
  'listener.userAuthentication': {
    label: 'NLA setting',
    say: saySetting((value) => (value === 0 ? 'not required' : 'required')),
  },
  'listener.minEncryptionLevel': {
    label: 'encryption',
    say: saySetting((value) => {
      const word = ['', 'low', 'client compatible', 'high', 'FIPS'][value];
      return word === undefined || word === '' ? String(value) : `${value}, ${word}`;
    }),
  },
  'listener.certificate': {
    label: 'certificate',
    say: ({ chosen, sha1, certificate, unread, key }) =>
      `${chosen}, ${certificate === undefined ? `not ${unread === true ? 'readable ' : ''}in its store` : `${certificate.subject}, valid until ${certificate.notAfter.slice(0, 10)}`}, key ${key}, SHA-1 ${sha1}`,
  },
  'listener.certificateTemplate': { label: 'cert template', say: (template) => template },
  'schannel.server': {
    label: 'TLS settings',
    say: (protocols) =>
      TLS_VERSIONS.map((version) => {
        const { effective, setBy } = protocols[version];
        return `${version} ${effective ? 'on' : 'off'}${setBy === 'default' ? '' : ` (${setBy})`}`;
      }).join(', '),
  },
  'schannel.suites': {
    label: 'suite list',
    say: ({ effective, setBy }, verbose) =>
      setBy === 'policy' || verbose ? `${counted(effective.length, 'suite')} (${origin(setBy)})` : '',
  },
  'schannel.curves': {
    label: 'curve list',
    say: ({ effective, setBy }, verbose) =>
      setBy === 'policy' || verbose ? `${effective.join(' ') || 'none'} (${origin(setBy)})` : '',
  },
  'schannel.algorithms': {
    label: 'switched off',
    say: (off, verbose) =>
      off.length > 0 ? off.map(({ folder, name }) => `${folder}\\${name}`).join(', ') : verbose ? 'none' : '',
  },
  'schannel.rdsUpdate': { label: 'KB3080079', say: ({ sign }) => sign },
  'fips.machine': {
    label: 'FIPS mode',
    say: ({ effective }, verbose) => (effective ? 'on' : verbose ? 'off' : ''),
  },
  'lsa.disableDomainCreds': {
    label: 'stored creds',
    say: saySetting((value) => (value === 0 ? 'allowed' : 'not allowed')),
  },
  'lsa.lmCompatibilityLevel': { label: 'LM level', say: plain },
  'lsa.packages': {
    label: 'LSA packages',
    say: ({ authentication, security, providers }, verbose) =>
      verbose
        ? `authentication ${authentication.join(' ')}; security ${security.join(' ') || 'none'}; providers ${providers.join(' ')}`
        : '',
  },
  'ntlm.restrictReceiving': { label: 'NTLM, incoming', say: plain },
  'ntlm.restrictSending': { label: 'NTLM, outgoing', say: plain },
  'credssp.allowEncryptionOracle': { label: 'oracle policy', say: plain },
  'credssp.fileVersion': { label: 'TSpkg.dll', say: (version) => version },
  'kerberos.encryptionTypes': {
    label: 'Kerberos types',
    say: saySetting((value) => `0x${value.toString(16)}`),
  },
  'cachedLogons.count': {
    label: 'cached logons',
    say: saySetting((value) => (value === 0 ? 'none kept' : `up to ${value} kept`)),
  },
  'service.TermService': service('TermService', true),
  'service.UmRdpService': service('UmRdpService'),
  'service.SessionEnv': service('SessionEnv'),
  'service.gpsvc': service('gpsvc'),
  'service.Netlogon': service('Netlogon'),
  'service.KeyIso': service('KeyIso'),
  'service.CryptSvc': service('CryptSvc'),
  'service.Dnscache': service('Dnscache'),
  'service.W32Time': service('W32Time'),
  'service.MpsSvc': service('MpsSvc'),
  'service.BFE': service('BFE'),
  'service.TermService.program': {
    label: 'TermService',
    say: ({ imagePath, serviceDll, image, library, hostGroup }, verbose) => {
      const usual =
        image !== 'missing' && library !== 'missing' && hostGroup !== undefined && hostGroup.lists !== false;
      if (usual && !verbose) return [];
      const found = (state: string | undefined): string =>
        state === undefined ? '' : ` (${state === 'there' ? 'exists' : state})`;
      return [
        `runs ${imagePath ?? 'no ImagePath'}${found(image)}`,
        `with ${serviceDll ?? 'no ServiceDll'}${found(library)}`,
        ...(hostGroup === undefined
          ? []
          : [
              `host group ${hostGroup.name} ${hostGroup.lists === true ? 'lists' : hostGroup.lists === false ? 'does not list' : 'may list'} TermService`,
            ]),
      ];
    },
  },
  'service.TermService.dependencies': dependencies('TermService'),
  'service.Netlogon.dependencies': dependencies('Netlogon'),
  'service.gpsvc.dependencies': dependencies('gpsvc'),
  'service.MpsSvc.dependencies': dependencies('MpsSvc'),
  'user.rights': {
    label: 'rights',
    say: (rights, verbose) =>
      verbose ? Object.entries(rights).map(([right, sids]) => `${right}: ${sids.join(' ') || 'nobody'}`) : [],
  },
  'dns.servers': {
    label: 'DNS servers',
    say: (interfaces) =>
      interfaces
        .filter(({ servers }) => servers.length > 0)
        .map(({ servers, source }) => `${servers.join(' ')} (${source})`),
  },
  'firewall.rdp': {
    label: 'firewall',
    say: ({ profiles, rules }) => {
      const active = rules.filter((rule) => rule.active);
      const allowing = active.filter(({ action }) => action === 'allow').length;
      const blocking = active.filter(({ action }) => action === 'block').length;
      const on = Object.entries(profiles).filter(([, profile]) => profile.enabled.effective);
      return `on for ${on.map(([name]) => name).join(', ') || 'no profile'}; ${counted(allowing, 'rule')} ${allowing === 1 ? 'admits' : 'admit'} the port, ${blocking} ${blocking === 1 ? 'blocks' : 'block'} it`;
    },
  },
  'grouppolicy.local': {
    label: 'local policy',
    say: ({ values }) => Object.entries(values).map(([name, value]) => `${name} = ${value}`),
  },
  'events.relevant': {
    label: 'events',
    say: ({ events, changes = [], firstFailure, lastSuccess }, verbose) => [
      `${events.length} relevant${lastSuccess === undefined ? '; no sign-in through Remote Desktop' : `; last sign-in ${moment(lastSuccess)}`}${firstFailure === undefined ? '' : `; first failure ${lastSuccess === undefined ? '' : 'since '}${moment(firstFailure)}`}`,
      ...changes.slice(0, verbose ? 50 : 5).map((event) => `changed in between: ${sayEvent(event)}`),
      ...events
        .filter(({ proves }) => verbose || proves.length > 0)
        .slice(0, verbose ? 100 : 5)
        .map(sayEvent),
    ],
  },
  'logon.failures': {
    label: 'failed logons',
    say: ({ total, statuses, since, until, endedBy, capped, names, addresses }, verbose) =>
      total === 0 && !verbose
        ? ''
        : [
            `${total}${since === undefined || until === undefined ? '' : ` from ${moment(since)} to ${moment(until)}`}${endedBy === 'limit' ? ' (older events were not read)' : ''}; over the network ${capped ? 'at least ' : ''}${counted(names, 'name')} from ${counted(addresses, 'address', 'addresses')}`,
            ...statuses
              .slice(0, verbose ? 50 : 3)
              .map(
                ({ count, name, logonType, last }) =>
                  `${count} × ${name}, logon type ${logonType}, last ${moment(last)}`,
              ),
          ],
  },
};

function moment(at: string): string {
  return at.slice(0, 19).replace('T', ' ');
}

function sayEvent({ at, provider, id, locator }: RelevantEvent): string {
  return `${moment(at)} ${provider} ${id} (${locator})`;
}
