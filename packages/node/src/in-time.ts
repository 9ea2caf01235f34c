import { OperationalError } from './errors.ts'
import type { ClockPort } from './ports.ts'

/** What an agent answers, if it does in time. Errors  OperationalError 'agent-late', or whatever the agent throws. */
export async function inTime<T>(
  clock: ClockPort,
  timeoutMs: number,
  think: () => Promise<T>,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const callOff = clock.alarm(timeoutMs, () =>
    reject(new OperationalError('agent-late', `no answer within ${timeoutMs} ms`)),
  )
  try {
    return await Promise.race([think(), late])
  } finally {
    callOff()
  }
}
