import { ConductBook, nameSuspects, type SuspicionKind } from '@commonweal/node/conduct'
import type { AgentId, Verified } from '@commonweal/protocol'
import type { ReplicaProcess } from '../../simulator/network/replica-network.ts'
import type { Process } from '../../simulator/process.ts'

/** Whom one replica that keeps the rules names, for what, and at which final height first. */
export class ConductWatch {
  readonly named: Map<AgentId, Map<SuspicionKind, number>> = new Map()
  readonly #open: (envelope: Uint8Array) => Verified | null

  constructor(open: (envelope: Uint8Array) => Verified | null) {
    this.#open = open
  }

  /** The same replica, which is looked over the shoulder. */
  observe(agent: AgentId, replica: ReplicaProcess): Process {
    const book = new ConductBook(agent, replica.ledger, this.#open)
    return {
      step: (input) => {
        const effects = replica.step(input)
        const made = effects.filter((effect) => effect.kind !== 'evidence')
        book.take(input, made, replica.ledger)
        if (effects.some(({ kind }) => kind === 'final')) this.#name(book, replica.inspect().height)
        return effects
      },
      nextDeadlineMs: () => replica.nextDeadlineMs(),
      inspect: () => replica.inspect(),
      findStateFault: () => replica.findStateFault(),
    }
  }

  #name(book: ConductBook, height: number): void {
    for (const { agent, kind } of nameSuspects(book.conducts())) {
      const kinds = this.named.get(agent) ?? new Map<SuspicionKind, number>()
      if (!kinds.has(kind)) kinds.set(kind, height)
      this.named.set(agent, kinds)
    }
  }
}
