import { agentIdOfPeer } from '@commonweal/protocol'
import { decodeConsensusFrame } from './consensus-frame.ts'
import type { Judgement, Loop } from './loop.ts'
import { REJECTED } from './network/gossip-inbox.ts'
import { DEFAULT_LIMITS } from './network/limits.ts'
import { type Host, type PeerEvent, TOPIC_NAMES } from './network/port.ts'
import type { PeerFaults } from './peer-faults.ts'

/** Refusals by code since the start, for the status of a node. */
export class RefusalCounts {
  readonly #counts = new Map<string, number>()

  add(code: string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1)
  }

  /** Counts what a judgement refuses, and passes it on. */
  judged(judgement: Judgement): Judgement {
    if (judgement.code !== null) this.add(judgement.code)
    return judgement
  }

  toRecord(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** Leads what peers send into the loop, and verdicts back to the transport. */
export function receiveTraffic(
  host: Host,
  loop: Loop,
  { refusals, faults }: { readonly refusals: RefusalCounts; readonly faults: PeerFaults },
): void {
  const judged = (judgement: Judgement, from: string): Judgement => {
    const { verdict, code } = refusals.judged(judgement)
    if (verdict === 'reject' && code !== null) faults.add(from, code)
    return judgement
  }
  for (const topic of TOPIC_NAMES) {
    host.onGossip(topic, async (bytes, from) => {
      const judgement = await loop.receive(bytes, agentIdOfPeer(from) ?? null)
      return judged(judgement, from).verdict
    })
  }
  host.onSend('consensus', (bytes, from) => {
    const agent = agentIdOfPeer(from) ?? null
    const frame = decodeConsensusFrame(bytes)
    const answer = (judgement: Judgement): void => {
      const { verdict } = judged(judgement, from)
      if (verdict === 'reject') host.penalise(from, DEFAULT_LIMITS.rejectPoints, REJECTED)
    }
    if (!frame.ok) {
      answer(frame.error)
    } else if (frame.value.kind === 'certificate') {
      const { certificate } = frame.value
      void loop.offer({ kind: 'certificate', certificate, from: agent }).then(answer)
    } else {
      void loop.receive(frame.value.envelope, agent).then(answer)
    }
  })
}

/** Tells the replica of peers that come and go. */
export function tellPeer(loop: Loop, event: PeerEvent): void {
  if (event.kind === 'refused') return
  const peer = agentIdOfPeer(event.peerId)
  if (peer === undefined) return
  void loop.offer({ kind: event.kind === 'up' ? 'peer-up' : 'peer-down', peer })
}
