import { withStep } from '@commonweal/node/adversary'
import type { AgentId, Verified } from '@commonweal/protocol'
import { placeOf, VoteBook, voteOf } from '../../simulator/checker/accountability.ts'
import type { Process, ProcessEffect } from '../../simulator/process.ts'

/** Hears all that faulty replicas say and notes when each first contradicted itself in a way that the protocol punishes. */
export class OffenceWatch {
  /** Final height of the offender at its first offence. */
  readonly firstHeights: Map<AgentId, number> = new Map()
  readonly #votes = new VoteBook()
  readonly #talk = new Map<string, string>()
  readonly #open: (envelope: Uint8Array) => Verified | null

  constructor(open: (envelope: Uint8Array) => Verified | null) {
    this.#open = open
  }

  observe(agent: AgentId, process: Process): Process {
    return withStep(process, (input) => {
      const effects = process.step(input)
      for (const effect of effects) {
        const said = this.#saidBy(effect)
        if (said === null || said.message.author !== agent || !this.#isOffence(said)) continue
        if (!this.firstHeights.has(agent)) this.firstHeights.set(agent, process.inspect().height)
      }
      return effects
    })
  }

  #saidBy(effect: ProcessEffect): Verified | null {
    if (effect.kind === 'publish') return this.#open(effect.envelope)
    if (effect.kind !== 'send' || effect.frame.kind !== 'envelope') return null
    return this.#open(effect.frame.envelope)
  }

  #isOffence(said: Verified): boolean {
    const vote = voteOf(said)
    if (vote !== null) return this.#votes.add(vote)
    const { message, id } = said
    if (!('conversation' in message)) return false
    const key = `${message.author}/${placeOf(message)}`
    const known = this.#talk.get(key) ?? id
    this.#talk.set(key, known)
    return known !== id
  }
}
