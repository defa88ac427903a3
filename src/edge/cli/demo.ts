import { diagnoseHost } from '../../app/diagnose-host.ts';
import { findClient } from '../../core/knowledge/clients.ts';
import type { Finding, Report } from '../../core/model/report.ts';
import { paint, paragraph, type Style } from '../../core/report/layout.ts';
import { renderText } from '../../core/report/text.ts';
import type { LabChange } from '../../lab/config.ts';
import { startLab } from '../../lab/lab.ts';
import { createNetwork } from '../network/driver.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import { print as printOut } from './say.ts';
import { styleOf } from './terminal.ts';

/** More than a diagnosis over loopback ever takes. */
const TIMEOUT_MILLIS = 5000;
const DAY = 86_400_000;

export interface Scene {
  /** What was done to the listener, as an administrator would say it. */
  readonly broken: string;
  readonly change: LabChange;
  /** The client whose user complains, where it matters. */
  readonly client?: string;
  /** The cause that has to be named, and no other; `undefined`: none may be. */
  readonly cause: string | undefined;
}

function scenesAt(now: number): readonly Scene[] {
  return [
    {
      broken: 'Nothing is broken: a properly hardened server with NLA, TLS 1.2 and TLS 1.3.',
      change: {},
      cause: undefined,
    },
    {
      broken: 'Somebody switched off every TLS version in the SCHANNEL settings.',
      change: { tlsVersions: [] },
      cause: 'tls-server-disabled',
    },
    {
      broken: 'The server accepts only TLS 1.3, and the user is on Windows 10, which does not support it.',
      change: { tlsVersions: ['1.3'] },
      client: 'windows-10',
      cause: 'tls-no-common-version',
    },
    {
      broken: 'The listener lost the private key of its certificate.',
      change: { certificate: 'missing' },
      cause: 'certificate-missing',
    },
    {
      broken: 'The certificate expired three days ago and was not renewed.',
      change: {
        certificate: { subject: 'lab.corp.example', notBefore: now - 200 * DAY, notAfter: now - 3 * DAY },
      },
      cause: 'certificate-expired',
    },
    {
      broken: 'The server offers only standard RDP security, at the FIPS level, and the user uses rdesktop.',
      change: { securityLayer: 'rdp', nla: false, encryption: 'fips' },
      client: 'rdesktop',
      cause: 'fips-only',
    },
    {
      broken: 'The server was never updated: it speaks version 2 of CredSSP.',
      change: { credssp: { version: 2 } },
      cause: 'credssp-outdated',
    },
    {
      broken: "The server's clock is 40 minutes behind.",
      change: { credssp: { clockOffsetSeconds: -40 * 60 } },
      cause: 'clock-skew',
    },
    {
      broken: 'The server accepts every connection and closes it after the first request.',
      change: { deadAt: { stage: 'after-request', by: 'end' } },
      cause: 'listener-closes-connection',
    },
  ];
}

/** `rdpdoctor demo`: breaks a listener of its own in several ways; 0 when the diagnosis named each fault and nothing else. */
export async function runDemo(
  scenes: readonly Scene[] = scenesAt(systemClock.now()),
  print: (text: string) => void = printOut,
): Promise<number> {
  const say = (...lines: readonly string[]): void => print(`${lines.join('\n')}\n`);
  const style = styleOf(process.stdout);
  const began = systemClock.monotonic();
  say(
    ...paragraph(
      style,
      '',
      'rdpdoctor starts a practice Remote Desktop listener on this machine (127.0.0.1), breaks it in one way after another, and each time diagnoses it over the network, as it would diagnose yours.',
    ),
  );
  let right = 0;
  let shown: Report | undefined;
  for (const [index, scene] of scenes.entries()) {
    const report = await diagnoseScene(scene);
    const found = report.findings.filter(isFound);
    const named = isNamed(scene, report, found);
    if (named) right += 1;
    if (scene.cause !== undefined) shown ??= report;
    say('', ...sceneLines(style, index + 1, scene, report, found, named));
  }
  const seconds = ((systemClock.monotonic() - began) / 1000).toFixed(1);
  const all = right === scenes.length;
  const summary = all
    ? `All ${scenes.length} were diagnosed correctly, in ${seconds} s.`
    : `${right} of ${scenes.length} were diagnosed correctly, in ${seconds} s; the others are bugs in rdpdoctor.`;
  say('', ...paragraph(style, '', summary).map((line) => paint(style, all ? 'green' : 'red', line)));
  if (shown !== undefined) {
    say('', 'This is the full report on the first fault:', paint(style, 'dim', '─'.repeat(style.width)));
    print(renderText(shown, { ...style, verbose: false }));
    say(paint(style, 'dim', '─'.repeat(style.width)));
  }
  say(
    '',
    'Now try your own machine (where rdpdoctor is installed: npx rdpdoctor …):',
    '  node dist/bin.js diagnose HOST         where sign-ins to it stop, and why',
    '  node dist/bin.js explain "ERROR TEXT"  what the message on the screen means',
  );
  return all ? 0 : 1;
}

async function diagnoseScene(scene: Scene): Promise<Report> {
  const lab = await startLab(scene.change);
  try {
    return await diagnoseHost(
      { network: createNetwork(systemClock), clock: systemClock, random: systemRandom },
      {
        target: `127.0.0.1:${lab.port}`,
        host: '127.0.0.1',
        port: lab.port,
        timeoutMillis: TIMEOUT_MILLIS,
        full: false,
        client: scene.client === undefined ? undefined : findClient(scene.client),
        credential: undefined,
        suspected: [],
      },
    );
  } finally {
    await lab.close();
  }
}

function isFound(finding: Finding): boolean {
  return finding.verdict === 'confirmed' || finding.verdict === 'likely' || finding.verdict === 'crashed';
}

function isNamed(scene: Scene, report: Report, found: readonly Finding[]): boolean {
  if (scene.cause === undefined) return report.outcome === 'healthy' && found.length === 0;
  return found.length === 1 && found[0]?.cause === scene.cause && found[0].verdict !== 'crashed';
}

function sceneLines(
  style: Style,
  number: number,
  scene: Scene,
  report: Report,
  found: readonly Finding[],
  named: boolean,
): readonly string[] {
  const verdicts =
    found.length === 0
      ? [`no finding (${report.outcome})`]
      : found.map((finding) => `${finding.cause} (${finding.verdict}): ${finding.title}.`);
  const mark = named ? '✓' : '✗';
  const wish = scene.cause === undefined ? 'no finding' : scene.cause;
  const lines = verdicts.flatMap((verdict, index) =>
    paragraph(style, `   ${index === 0 ? mark : ' '} `, verdict),
  );
  return [
    ...paragraph(style, `${number}. `, scene.broken).map((line) => paint(style, 'bold', line)),
    ...lines.map((line) => line.replace(mark, paint(style, named ? 'green' : 'red', mark))),
    ...(named ? [] : [`     expected: ${wish}`]),
  ];
}
