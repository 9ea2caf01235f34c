/** npm hands a Ctrl-C on to a process that has had it from the terminal already: signals this close are one. */
const SAME_MS = 300

/**
 * Calls back when the operator ends the command: Ctrl-C, a polite kill, or a terminal that closes. `times` counts from 1, so
 * that a second Ctrl-C can be meant harder than the first.
 *
 * Result  what stops listening.
 */
export function onInterrupt(
  handle: (times: number) => void,
  nowMs: () => number = () => performance.now(),
): () => void {
  let times = 0
  let lastAtMs = Number.NEGATIVE_INFINITY
  const listener = (): void => {
    const atMs = nowMs()
    if (atMs - lastAtMs < SAME_MS) return
    lastAtMs = atMs
    times += 1
    handle(times)
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
