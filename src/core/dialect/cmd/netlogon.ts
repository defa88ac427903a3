import type { SecureChannel } from '../../model/windows-facts.ts';
import type { Answer } from '../../windows/inquiry.ts';
import { OWN_DOMAIN } from '../script/usual.ts';
import { type Command, type Output, OWN_DOMAIN_VARIABLE } from './command.ts';
import { failed, notPrinted } from './not-printed.ts';

/** A broken channel takes it half a minute to find out. */
const NLTEST = { program: 'nltest.exe', isLong: true } as const;

/** Functions 6 (query) and 10 (verify) of NetrLogonControl2Ex; neither changes what the machine is set to. */
export function channelQuery(asked: SecureChannel['asked'], domain: string): Command | undefined {
  if (domain === OWN_DOMAIN) {
    const words = `/sc_${asked}:${OWN_DOMAIN_VARIABLE}`;
    return { id: `secure channel ${asked}`, ...NLTEST, words, ofOwnDomain: true };
  }
  // It comes from the machine itself: a DNS or NetBIOS name and nothing else.
  if (!/^[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,253}[A-Za-z0-9_-])?$/.test(domain)) return undefined;
  return { id: `secure channel ${asked} ${domain}`, ...NLTEST, words: `/sc_${asked}:${domain}` };
}

/**
 * What `nltest /sc_query` and `/sc_verify` say of NETLOGON_INFO_2 ([MS-NRPC] 2.2.1.7.3). Read by what is not
 * translated: flags in hexadecimal, a name behind two backslashes, statuses as a number twice
 * (`Status = 1355 0x54b ERROR_…`): that of the channel and, where the answer has one (flag 0x80), that of the trust's
 * verification.
 * Source: "Nltest", and the output in "Create gMSAs for Windows containers" (learn.microsoft.com).
 */
export function readChannel(output: Output | undefined, asked: SecureChannel['asked'], at: string): Answer {
  if (output?.state !== 'printed')
    return notPrinted(output, 'nltest.exe, which comes with the RSAT tools', at);
  const { text } = output;
  const statuses = [...text.matchAll(/=\s*(\d{1,10})\s+0x([0-9a-f]{1,8})\b/gi)].flatMap(([, decimal, hex]) =>
    Number(decimal) === Number.parseInt(hex ?? '', 16) ? [Number(decimal)] : [],
  );
  const flags = /^[^\n:=\\]*:\s*([0-9a-f]{1,8})(?:\s|$)/im.exec(text)?.[1];
  const controller = /(\\\\[A-Za-z0-9._-]+)/.exec(text)?.[1];
  const [status, pdcStatus] = statuses;
  // Where the call itself failed there is one status and nothing else: `failed: Status = 5 0x5 ERROR_ACCESS_DENIED`.
  const isTold = flags !== undefined || controller !== undefined || pdcStatus !== undefined;
  if (status === undefined || !isTold)
    return failed({ ...output, status: status ?? output.status }, 'nltest', at);
  // What is remembered proves nothing of now, whatever comes with it.
  const isVerified = asked === 'verify' && pdcStatus !== undefined;
  return {
    state: 'present',
    at,
    value: {
      kind: 'secure-channel',
      channel: {
        asked,
        ...(controller === undefined ? {} : { controller }),
        verified: isVerified,
        status,
        ...(isVerified ? { pdcStatus } : {}),
        ...(flags === undefined ? {} : { flags: Number.parseInt(flags, 16) }),
      },
    },
  };
}
