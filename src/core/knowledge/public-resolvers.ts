/** Azure's own resolver: it knows a domain only where a private zone or a forwarder was set up for it. */
export const AZURE_RESOLVER = '168.63.129.16';

/** Resolvers for everybody (Google, Cloudflare, Quad9, OpenDNS, Level 3): none knows a domain of one's own. */
export const PUBLIC_RESOLVERS: ReadonlySet<string> = new Set([
  ...['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9', '149.112.112.112'],
  ...['208.67.222.222', '208.67.220.220', '4.2.2.1', '4.2.2.2'],
]);
