import { sealDigest } from '../chain/act.ts'
import { computeChainTotals } from '../chain/conserve.ts'
import type { ChainContext } from '../chain/context.ts'
import type { ChainEvent, Phase } from '../chain/event.ts'
import { type BlockCode, type ChainState, executeBlock } from '../chain/execute-block.ts'
import { createGenesisLedger } from '../chain/genesis-ledger.ts'
import { type Head, headOf } from '../chain/head.ts'
import { type Agreement, agreements, instances, type Run, runs } from '../chain/instance.ts'
import type { Receipt } from '../chain/receipt.ts'
import { shareDigest } from '../chain/share.ts'
import type { Cid } from '../codec/cid.ts'
import type { Digest } from '../codec/digest.ts'
import { type Terms, termsCid } from '../contract/terms.ts'
import { type InstanceGenesis, networkIdOf } from '../genesis.ts'
import type { AgentId } from '../identity/agent-id.ts'
import type { Signer } from '../identity/signature.ts'
import { invariant, present } from '../invariant.ts'
import { type Account, accountOf } from '../ledger/account.ts'
import type { Ledger } from '../ledger/draft.ts'
import { seal, type Verified } from '../message/envelope.ts'
import type { Message } from '../message/message.ts'
import type { SharePurpose, Transaction, TransactionBody } from '../message/transaction.ts'
import type { Result } from '../result.ts'
import { builtInSubnets } from '../subnet/registry.ts'
import { createGenesis, type GenesisChoice } from './genesis.ts'
import { keyedHashSigner, keyedHashVerify } from './keyed-hash.ts'

/** What a test varies of a world. */
export interface WorldChoice extends GenesisChoice {
  /** How many agents there are at the start. */
  readonly agents?: number
  /** What every transaction offers that does not say otherwise. */
  readonly feeMicro?: bigint
}

/** Nonce and fee of a transaction, where they are not the ones that an honest agent would give. */
export interface Oddity {
  readonly nonce?: number
  readonly feeMicro?: bigint
}

/** The one instance of a world. */
export const COMMONS = 'commons'
/** Enough for any transaction at one micro-token a byte. */
const FEE_MICRO = 100_000n

/**
 * A ledger and whoever acts on it, block by block, without a network: for tests.
 *
 * Agents have names: `0`, `1`, … hold accounts from the genesis on, any other name is a stranger. After every block it
 * checks that all value is where it should be.
 */
export class LedgerWorld {
  readonly context: ChainContext
  readonly events: ChainEvent[] = []
  readonly feeMicro: bigint
  ledger: Ledger

  constructor(choice: WorldChoice = {}) {
    const count = choice.agents ?? 5
    this.feeMicro = choice.feeMicro ?? FEE_MICRO
    const agents = Array.from({ length: count }, (_, index) => agentOf(index))
    const signalDigests = agents.map((agent, index) => {
      const share = shareOf(index, 'signal', 1)
      return { agent, digest: shareDigest({ author: agent, epoch: 1, purpose: 'signal', share }) }
    })
    const given = { signalDigests, ...choice.genesis }
    const genesis = createGenesis(agents, { ...choice, genesis: given })
    const networkId = networkIdOf(genesis)
    this.context = { genesis, networkId, verify: keyedHashVerify, subnets: builtInSubnets }
    const ledger = createGenesisLedger(this.context)
    invariant(ledger.ok, 'the genesis of a test is sound')
    this.ledger = ledger.value
  }

  get head(): Head {
    return headOf(this.ledger)
  }

  get run(): Run {
    return present(runs.find(this.ledger, COMMONS), 'the commons has a run')
  }

  get instance(): InstanceGenesis {
    return present(instances.find(this.ledger, COMMONS), 'the commons is an instance')
  }

  account(name: string | number): Account {
    return accountOf(this.ledger, agentOf(name))
  }

  /** An agreement in force or to come. */
  standing(id: Cid): Agreement {
    return present(agreements.find(this.ledger, id), 'the agreement stands')
  }

  /** All of them, by id. */
  standingAll(): readonly Agreement[] {
    return [...agreements.entries(this.ledger)].map(([, agreement]) => agreement)
  }

  /** Signs anything as an agent. */
  say<M extends Message>(name: string | number, message: M): Uint8Array {
    return seal(message, this.context.networkId, signerOf(name)).envelope
  }

  /** Signs a transaction with the agent's next nonce, `ahead` of those that are signed and not yet in a block. */
  sign(
    name: string | number,
    body: TransactionBody,
    { nonce, feeMicro }: Oddity = {},
    ahead = 0,
  ): Verified<Transaction> {
    const transaction: Transaction = {
      ...body,
      author: agentOf(name),
      nonce: nonce ?? this.account(name).nonce + ahead,
      feeMicro: body.kind === 'faucet' ? 0n : (feeMicro ?? this.feeMicro),
    }
    return seal(transaction, this.context.networkId, signerOf(name))
  }

  /** Executes a block of these envelopes, which may be invalid: then nothing changes. */
  execute(envelopes: readonly Uint8Array[]): Result<ChainState, BlockCode> {
    const executed = executeBlock(this.context, this.ledger, envelopes)
    if (executed.ok) this.adopt(executed.value)
    return executed
  }

  /** A valid block of these acts, in order; their receipts. */
  block(
    ...acts: readonly (readonly [name: string | number, body: TransactionBody])[]
  ): readonly Receipt[] {
    const executed = this.execute(this.signAll(acts).map(({ envelope }) => envelope))
    invariant(executed.ok, 'a block of honest nonces and fees is valid')
    return executed.value.receipts
  }

  /** Signs these acts, each agent's with the nonces that follow one another. */
  signAll(
    acts: readonly (readonly [name: string | number, body: TransactionBody])[],
  ): readonly Verified<Transaction>[] {
    const counts = new Map<string, number>()
    return acts.map(([name, body]) => {
      const ahead = counts.get(`${name}`) ?? 0
      counts.set(`${name}`, ahead + 1)
      return this.sign(name, body, {}, ahead)
    })
  }

  /** A block with one act; its receipt. */
  act(name: string | number, body: TransactionBody): Receipt {
    return present(this.block([name, body])[0], 'one act has one receipt')
  }

  /** Empty blocks until this phase, of this epoch or of the next that has one. */
  advance(phase: Phase, epoch: number = this.head.phase === phase ? this.head.epoch : 0): void {
    for (let count = 0; count < 1_000; count += 1) {
      if (this.head.phase === phase && this.head.epoch >= epoch) return
      this.block()
    }
    invariant(false, 'every phase comes within a thousand heights')
  }

  /** Lets the negotiate phase end without a contract for whom none binds. */
  passNegotiation(): void {
    const { run } = this
    const owing = this.seated().filter((_, seat) => run.acts[seat]?.negotiated !== true)
    if (this.head.phase !== 'negotiate') return
    this.block(...owing.map((name) => [name, { kind: 'pass', subnet: COMMONS }] as const))
  }

  /**
   * The rest of an epoch, from its negotiate phase on: every seat seals its action and opens it, every validator its
   * shares. `actions` by seat, null for one that passes.
   */
  playRound(actions: readonly (bigint | null)[]): void {
    this.passNegotiation()
    this.advance('seal')
    this.sealAll(actions)
    this.advance('reveal')
    this.revealAll(actions)
    this.advance('beacon')
    const { epoch } = this.head
    this.block(...this.validators().map((name) => [name, this.openShare(name, 'beacon')] as const))
    invariant(this.head.epoch === epoch + 1, 'an epoch ends with its last beacon share')
  }

  sealAll(actions: readonly (bigint | null)[]): void {
    const seats = this.seated()
    const seals = seats.map(
      (name, seat) => [name, this.sealOf(name, actions[seat] ?? null)] as const,
    )
    const shares = this.validators().map((name) => [name, this.closeShare(name, 'beacon')] as const)
    this.block(...seals, ...shares)
  }

  revealAll(actions: readonly (bigint | null)[]): void {
    const reveals = this.seated().flatMap((name, seat) => {
      const action = actions[seat] ?? null
      return action === null ? [] : [[name, this.revealOf(name, action)] as const]
    })
    if (this.head.phase === 'reveal') this.block(...reveals)
  }

  /** The seal of an action of this epoch, or a pass. */
  sealOf(name: string | number, action: bigint | null): TransactionBody {
    if (action === null) return { kind: 'pass', subnet: COMMONS }
    return { kind: 'seal', subnet: COMMONS, digest: this.hide(name, action) }
  }

  revealOf(name: string | number, action: bigint): TransactionBody {
    return { kind: 'reveal', subnet: COMMONS, action, salt: this.salt(name) }
  }

  /** The commitment of a validator to its share. */
  closeShare(name: string | number, purpose: SharePurpose): TransactionBody {
    const epoch = purpose === 'beacon' ? this.head.epoch : this.head.epoch + 1
    const share = shareOf(name, purpose, epoch)
    const digest = shareDigest({ author: agentOf(name), epoch, purpose, share })
    return { kind: 'seal-share', purpose, digest }
  }

  openShare(name: string | number, purpose: SharePurpose): TransactionBody {
    return { kind: 'reveal-share', purpose, share: shareOf(name, purpose, this.head.epoch) }
  }

  /** Terms for this epoch's round between those who have a seat, with what a test gives instead. */
  terms(given: Partial<Terms> = {}): Terms {
    const { seats } = this.run
    const { epoch } = this.head
    const parties = given.parties ?? seats
    return {
      parties,
      quorum: Math.ceil((4 * parties.length) / 5),
      subnet: COMMONS,
      rounds: [epoch, epoch],
      mode: 'law',
      text: '',
      law: { clauses: [] },
      collateralMicro: parties.map(() => 0n),
      replaces: null,
      ...given,
    }
  }

  /** An agent's signature over terms, good for `heights` more heights. */
  accept(name: string | number, terms: Terms, heights = 100): Uint8Array {
    const id = termsCid(terms)
    return this.say(name, {
      kind: 'accept-proposal',
      author: agentOf(name),
      conversation: id,
      sequence: 0,
      proposal: id,
      terms: id,
      expiresAtHeight: this.head.height + heights,
    })
  }

  /** The transaction that forms an agreement of these signers. */
  agreement(terms: Terms, signers: readonly (string | number)[]): TransactionBody {
    const acceptances = signers.map((name) => this.accept(name, terms))
    return { kind: 'agreement', terms, acceptances }
  }

  /** Who holds a seat, by seat. */
  seated(): readonly string[] {
    return this.run.seats.map((agent) => this.nameOf(agent))
  }

  validators(): readonly string[] {
    return this.head.validators.map(({ agent }) => this.nameOf(agent))
  }

  /** The name of an agent, where it is a number below 128. */
  nameOf(agent: AgentId): string {
    return present(NAMES.get(agent), 'the agent has one of the names 0 to 127')
  }

  private hide(name: string | number, action: bigint): Digest {
    const { epoch } = this.head
    return sealDigest({
      author: agentOf(name),
      epoch,
      subnet: COMMONS,
      action,
      salt: this.salt(name),
    })
  }

  private salt(name: string | number): Uint8Array {
    return signerOf(name).derive(`salt/${this.head.epoch}`)
  }

  private adopt(state: ChainState): void {
    const { errorMicro } = computeChainTotals(state.ledger)
    invariant(errorMicro === 0n, 'no value appears and none is lost')
    this.ledger = state.ledger
    this.events.push(...state.events)
  }
}

/** The agent of a name. */
export function agentOf(name: string | number): AgentId {
  return signerOf(name).agent
}

export function signerOf(name: string | number): Signer {
  return keyedHashSigner(`${name}`)
}

/** The share that an agent of a world seals. */
export function shareOf(name: string | number, purpose: SharePurpose, epoch: number): Uint8Array {
  return signerOf(name).derive(`share/${purpose}/${epoch}`)
}

const NAMES: ReadonlyMap<AgentId, string> = new Map(
  Array.from({ length: 128 }, (_, index) => [agentOf(index), `${index}`]),
)
