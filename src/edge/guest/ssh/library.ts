import type ssh2 from 'ssh2';

/** The one door to ssh2, which is loaded when somebody looks over SSH: it takes a fifth of a second. */
export async function loadSsh2(): Promise<typeof ssh2> {
  return (await import('ssh2')).default;
}

export type Ssh2 = typeof ssh2;
