/** The present minute, for ages that grow while one looks at them. Milliseconds since 1970. */
let minute = $state(Date.now());
setInterval(() => (minute = Date.now()), 30_000);

export function now(): number {
  return minute;
}
