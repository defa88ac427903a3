/** The highest TCP port; 0 is reserved ([RFC 6335] 6). */
const LAST_PORT = 65_535;

/** Whether a listener can have the number. */
export function isPort(port: number): boolean {
  return port > 0 && port <= LAST_PORT;
}
