/** Which TSpkg.dll carries the CredSSP update for CVE-2018-0886, by the first three parts of its version. */
interface CredsspVersionRow {
  readonly windows: string;
  readonly build: string;
  /** The fourth part, from which on it is updated. */
  readonly revision: number;
  readonly source: string;
}

const SOURCE = 'Microsoft KB4093492: CredSSP updates for CVE-2018-0886';

const ROWS: readonly CredsspVersionRow[] = [
  { windows: 'Windows 7, Server 2008 R2', build: '6.1.7601', revision: 24117, source: SOURCE },
  { windows: 'Windows Server 2012', build: '6.2.9200', revision: 22432, source: SOURCE },
  { windows: 'Windows 8.1, Server 2012 R2', build: '6.3.9600', revision: 18999, source: SOURCE },
  { windows: 'Windows 10 1607, Server 2016', build: '10.0.14393', revision: 2248, source: SOURCE },
  { windows: 'Windows 10 1703', build: '10.0.15063', revision: 1088, source: SOURCE },
  { windows: 'Windows 10 1709', build: '10.0.16299', revision: 431, source: SOURCE },
];

/** The first build that was released with the update: Windows 10 1803. */
const FIRST_WITH_IT = 17134;

/**
 * Whether this TSpkg.dll has the update for CVE-2018-0886; `undefined` for a version that the table
 * does not decide.
 * @param version four parts: `10.0.14393.2248`
 */
export function hasCredsspUpdate(version: string): boolean | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [major = 0, , build = 0, revision = 0] = parts;
  if (major >= 10 && build >= FIRST_WITH_IT) return true;
  const row = ROWS.find((known) => known.build === parts.slice(0, 3).join('.'));
  return row === undefined ? undefined : revision >= row.revision;
}
