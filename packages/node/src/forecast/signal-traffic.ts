import { type AgentId, agentIdOfPeer, peerIdOf } from '@commonweal/protocol'
import { DEFAULT_LIMITS } from '../network/limits.ts'
import type { Host } from '../network/port.ts'
import { TransportError } from '../network/transport-error.ts'
import type { ForecastDesk } from './forecast-desk.ts'
import { decodeSignalFrame, encodeSignalFrame, type SignalFrame } from './signal-frame.ts'

const SUBSCRIBE_SIZE: number = encodeSignalFrame({ kind: 'subscribe' }).length

/** Leads what agents send directly to the desk, and holds against them what no honest one sends. [FOR-12] */
export function receiveSignals(
  host: Pick<Host, 'onSend' | 'penalise'>,
  desk: Pick<ForecastDesk, 'onFrame' | 'listensTo'>,
): void {
  host.onSend('signal', (bytes, from) => {
    const agent = agentIdOfPeer(from)
    if (agent === undefined) return
    // What nobody asked for costs us nothing: it is not even read.
    if (bytes.length > SUBSCRIBE_SIZE && !desk.listensTo(agent)) return
    const frame = decodeSignalFrame(bytes)
    if (frame.ok) desk.onFrame(frame.value, agent)
    else host.penalise(from, DEFAULT_LIMITS.rejectPoints, frame.error.code)
  })
}

/** To an agent's node where it is connected. Who is not asks again when it comes, and reads the rest from the ledger. */
export function sendSignal(host: Pick<Host, 'send'>, to: AgentId, frame: SignalFrame): void {
  host.send(peerIdOf(to), 'signal', encodeSignalFrame(frame)).catch((error: unknown) => {
    if (!(error instanceof TransportError)) throw error
  })
}
