/** Milliseconds of processor time that `use` takes: what else runs on the machine does not count. */
export function cpuMillis(use: () => void): number {
  const before = process.cpuUsage();
  use();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
