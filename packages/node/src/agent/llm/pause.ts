import type { ClockPort } from '../../ports.ts'

/** Resolves after so long; rejects with the signal's reason where that comes first. */
export async function pause(clock: ClockPort, delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const callOff = clock.alarm(delayMs, resolve)
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await promise
  } finally {
    callOff()
    signal.removeEventListener('abort', onAbort)
  }
}
