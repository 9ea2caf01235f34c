import { type Agent, ForecastDesk, OpenerDesk } from '@commonweal/node/agent'
import {
  type AgentId,
  accountOf,
  buildBlock,
  builtInSubnets,
  type ChainContext,
  type ChainEvent,
  type Command,
  compareAgents,
  createGenesisLedger,
  type Genesis,
  type Ledger,
  networkIdOf,
  present,
  type Signer,
  type Statement,
  seal,
  statementDigest,
  statementDuties,
  type Transaction,
  type TransactionBody,
  type Verified,
} from '@commonweal/protocol'
import { KeyRing } from '../simulator/engine/keyed-hash.ts'
import { atOncePorts } from './desk-ports.ts'

export interface MarketPlayOptions {
  readonly genesis: Genesis
  /** Fixes what seals are salted with. */
  readonly seed: string
  /** What the agent of each account does in the market, in the order of the genesis' accounts. */
  readonly parts: readonly MarketPart[]
}

/** What an agent does in a market; without either it does nothing. */
export interface MarketPart extends Pick<Agent, 'forecaster' | 'opener'> {
  /** So many heights before a snapshot closes it waits for its suppliers no more. */
  readonly marginHeights: number
}

/** Enough for any transaction of a local network. */
const FEE_MICRO = 100_000n

interface Seat {
  readonly signer: Signer
  readonly desk: ForecastDesk | null
  readonly opener: OpenerDesk | null
  /** Snapshots that it was asked about. */
  readonly asked: Set<string>
  /** By question and snapshot: what opens its seals. */
  readonly openings: Map<string, { readonly statement: Statement; readonly salt: Uint8Array }>
}

interface Act {
  readonly signer: Signer
  readonly body: TransactionBody
}

/**
 * A forecasting market without a network: the ledger of the chain and the desks of its nodes, block after block. What is sent is
 * in the next block, and who is served hears at once. There are no votes, and no validator seals a share.
 */
export class MarketPlay {
  readonly #context: ChainContext
  readonly #seats: ReadonlyMap<AgentId, Seat>
  #ledger: Ledger
  #acts: Act[] = []

  constructor({ genesis, seed, parts }: MarketPlayOptions) {
    const agents = genesis.accounts.map(({ agent }) => agent)
    const { signers, verify } = new KeyRing(agents.length, seed, agents)
    const networkId = networkIdOf(genesis)
    this.#context = { genesis, networkId, verify, subnets: builtInSubnets }
    const ledger = createGenesisLedger(this.#context)
    this.#ledger = present(ledger.ok ? ledger.value : undefined, 'the genesis of a run is sound')
    this.#seats = new Map(
      signers.map((signer, index) => [signer.agent, this.#createSeat(signer, parts[index])]),
    )
    for (const { desk } of this.#seats.values()) for (const agent of agents) desk?.onPeer(agent)
    this.#lookAtLedger()
  }

  /** Plays the next block. Result  what it did. */
  step(): readonly ChainEvent[] {
    const candidates = this.#signActs()
    const { post } = buildBlock(this.#context, this.#ledger, candidates)
    if (post.receipts.length < candidates.length) throw new Error('a block does not hold every act')
    for (const { code, kind } of post.receipts) {
      if (code !== 'ok') throw new Error(`the ${kind} of an honest agent is refused: ${code}`)
    }
    this.#ledger = post.ledger
    for (const { desk, opener } of this.#seats.values()) {
      desk?.onEvents(post.events)
      opener?.onEvents(post.events)
    }
    this.#lookAtLedger()
    return post.events
  }

  #createSeat(signer: Signer, part: MarketPart | undefined): Seat {
    const { agent } = signer
    const ports = {
      store: { events: () => [] },
      ledger: () => this.#ledger,
      onCommand: (command: Command) => this.#obey(agent, command),
    }
    const { forecaster, opener, marginHeights = 1 } = part ?? {}
    const send: ConstructorParameters<typeof ForecastDesk>[0]['send'] = (to, frame) =>
      this.#seats.get(to)?.desk?.onFrame(frame, agent)
    return {
      signer,
      desk:
        forecaster === undefined
          ? null
          : new ForecastDesk({ ...atOncePorts, ...ports, forecaster, agent, marginHeights, send }),
      opener: opener === undefined ? null : new OpenerDesk({ ...ports, opener }),
      asked: new Set(),
      openings: new Map(),
    }
  }

  /** Everybody does what the ledger asks of it. */
  #lookAtLedger(): void {
    for (const { signer, desk, opener, asked, openings } of this.#seats.values()) {
      for (const duty of statementDuties(this.#ledger, signer.agent)) {
        const { question, snapshot } = duty
        const place = `${question}/${snapshot}`
        if (duty.kind === 'state') {
          if (asked.has(place)) continue
          asked.add(place)
          desk?.ask({ ...duty, kind: 'ask-forecast' })
        } else {
          const opening = openings.get(place)
          if (opening === undefined) continue
          openings.delete(place)
          this.#acts.push({
            signer,
            body: { kind: 'reveal-statement', question, snapshot, ...opening },
          })
        }
      }
      opener?.act()
    }
  }

  #obey(agent: AgentId, command: Command): void {
    const seat = present(this.#seats.get(agent), 'who commands has a seat')
    switch (command.kind) {
      case 'submit':
        this.#acts.push({ signer: seat.signer, body: command.body })
        break
      case 'state':
        if (command.statement !== null) this.#seal(seat, command, command.statement)
        break
      default:
        throw new RangeError(`a market without a network has no ${command.kind}`)
    }
  }

  #seal(
    { signer, desk, openings }: Seat,
    { question, snapshot }: Extract<Command, { readonly kind: 'state' }>,
    statement: Statement,
  ): void {
    const place = `${question}/${snapshot}`
    const salt = signer.derive(place)
    const digest = statementDigest({ author: signer.agent, question, snapshot, statement, salt })
    openings.set(place, { statement, salt })
    this.#acts.push({ signer, body: { kind: 'seal-statement', question, snapshot, digest } })
    desk?.sealed({ kind: 'statement-sealed', question, snapshot, statement, salt, digest })
  }

  /** What was sent, by author: the order of a block in which nobody pays more than another. */
  #signActs(): readonly Verified<Transaction>[] {
    const { networkId } = this.#context
    const acts = this.#acts.toSorted((a, b) => compareAgents(a.signer.agent, b.signer.agent))
    this.#acts = []
    const counts = new Map<AgentId, number>()
    return acts.map(({ signer, body }) => {
      const author = signer.agent
      const ahead = counts.get(author) ?? 0
      counts.set(author, ahead + 1)
      const nonce = accountOf(this.#ledger, author).nonce + ahead
      const transaction: Transaction = { ...body, author, nonce, feeMicro: FEE_MICRO }
      return seal(transaction, networkId, signer)
    })
  }
}
