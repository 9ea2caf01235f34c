import type { NodeEvent } from './node-event.ts'

/** How the process ended: as it was asked to; the world's fault; the operator's; our own. */
export const EXIT: {
  readonly stopped: 0
  readonly failed: 1
  readonly usage: 2
  readonly bug: 70
} = { stopped: 0, failed: 1, usage: 2, bug: 70 }

/** What the process tells a parent with a channel before it runs: how joining goes. */
export interface Starting {
  readonly starting: NodeEvent
}

/** What the process says once it runs: on stdout as one line of JSON, and to a parent with a channel. */
export interface Ready {
  readonly ready: true
  readonly pid: number
  readonly name: string
  readonly peerId: string
  readonly agent: string
  readonly networkId: string
  readonly addresses: readonly string[]
  readonly api: string | null
  readonly logFile: string
}
