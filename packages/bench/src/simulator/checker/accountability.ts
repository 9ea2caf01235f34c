import type { Cid } from '@commonweal/protocol'
import {
  type AgentId,
  type Block,
  type Certificate,
  type Input,
  type JournalRecord,
  type Message,
  type ValidatorSet,
  type Verified,
  type Verify,
  type Vote,
  verifyMessage,
} from '@commonweal/protocol'
import type { Instance } from '../engine/instance.ts'
import type { Fork } from './agreement.ts'
import type { Checker, EvidenceEffect, Failure, FinalEffect } from './checker.ts'

interface Votes {
  readonly notarized: Set<Cid>
  readonly finalized: Set<Cid>
  isNullified: boolean
}

interface AccountabilityOptions {
  readonly networkId: Cid
  readonly verify: Verify
  readonly validators: ValidatorSet
  readonly honestAgents: ReadonlySet<AgentId>
  readonly forks: () => readonly Fork[]
}

/**
 * [SIM-8] Accountability: what honest instances received and wrote down names no honest agent, and after a fork it convicts
 * at least a third of the stake of the epoch that forked.
 *
 * Convicts by itself, from signed votes, whether they came singly or inside certificates: two `notarize` for one view, two
 * `finalize`, or `nullify` and `finalize`.
 */
export class AccountabilityChecker implements Checker {
  readonly #options: AccountabilityOptions
  readonly #released = new VoteBook()
  readonly #received = new VoteBook()
  readonly #places = new Map<string, Cid>()
  readonly #certificates = new Set<Certificate>()
  readonly #sets = new Map<number, ValidatorSet[]>()

  constructor(options: AccountabilityOptions) {
    this.#options = options
    this.#sets.set(1, [options.validators])
  }

  /** An honest instance put a message of its own on the wire. */
  onReleased(instance: Instance, message: Verified, nowMs: number): readonly Failure[] {
    const vote = voteOf(message)
    if (vote !== null) this.#received.add(vote)
    const isContradiction = vote === null ? !this.#takePlace(message) : this.#released.add(vote)
    if (!isContradiction) return []
    const sentence = `instance ${instance.index} contradicted itself with ${describe(message)}`
    return [{ property: 'accountability', atMs: nowMs, sentence }]
  }

  /** Whether nothing else of the author stands where this message does: in its view, at its nonce, at its turn to speak. */
  #takePlace({ id, message }: Verified): boolean {
    const place = placeOf(message)
    if (place === null) return true
    const key = `${message.author}/${place}`
    const known = this.#places.get(key) ?? id
    this.#places.set(key, known)
    return known === id
  }

  onDelivered(_instance: Instance, input: Input): readonly Failure[] {
    if (input.kind === 'message') this.#addMessage(input.message)
    else if (input.kind === 'certificate') this.#certificates.add(input.certificate)
    else if (input.kind === 'block') this.#addBlock(input.block)
    else if (input.kind === 'chain') {
      this.#certificates.add(input.certificate)
      for (const block of input.blocks) this.#addBlock(block)
    }
    return []
  }

  onFinal(_instance: Instance, effect: FinalEffect): readonly Failure[] {
    this.#certificates.add(effect.certificate)
    for (const { block } of effect.blocks) this.#addBlock(block)
    return []
  }

  onEvidence(instance: Instance, effect: EvidenceEffect, nowMs: number): readonly Failure[] {
    const { author } = effect.evidence.first.message
    if (!this.#options.honestAgents.has(author)) return []
    const sentence = `instance ${instance.index} has evidence against the honest ${author}`
    return [{ property: 'accountability', atMs: nowMs, sentence }]
  }

  /** Takes in the journal of an honest instance. */
  addJournal(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'certificate') this.#certificates.add(record.certificate)
      else if (record.kind === 'block') this.#addBlock(record.block)
    }
  }

  /** The agents that everything taken in so far convicts. */
  convicted(): ReadonlySet<AgentId> {
    for (const certificate of this.#certificates) this.#addCertificate(certificate)
    this.#certificates.clear()
    return this.#received.contradicted
  }

  onEnd(nowMs: number): readonly Failure[] {
    const convicted = this.convicted()
    const failures: Failure[] = []
    for (const agent of convicted) {
      if (!this.#options.honestAgents.has(agent)) continue
      const sentence = `the votes that were received convict the honest ${agent}`
      failures.push({ property: 'accountability', atMs: nowMs, sentence })
    }
    const [fork] = this.#options.forks()
    if (fork === undefined) return failures
    const set = this.#sets.get(fork.epoch)?.[0] ?? this.#options.validators
    const total = stakeOf(set, () => true)
    const stake = stakeOf(set, (agent) => convicted.has(agent))
    if (stake * 3n >= total) return failures
    const sentence = `the fork at height ${fork.height} convicts ${stake} of a stake of ${total}`
    return [...failures, { property: 'accountability', atMs: nowMs, sentence }]
  }

  #addMessage(message: Verified): void {
    const vote = voteOf(message)
    if (vote !== null) {
      this.#received.add(vote)
      return
    }
    if (message.message.kind !== 'proposal') return
    const { body, justification } = message.message
    for (const certificate of [...justification, ...(body?.ancestry ?? [])]) {
      this.#certificates.add(certificate)
    }
  }

  #addBlock(block: Block): void {
    for (const certificate of block.ancestry) this.#certificates.add(certificate)
    const { epoch, nextSet } = block.header
    if (nextSet === null) return
    const sets = this.#sets.get(epoch + 1) ?? []
    const text = setText(nextSet)
    if (sets.some((set) => setText(set) === text)) return
    this.#sets.set(epoch + 1, [...sets, nextSet])
  }

  /** Adds those of its votes whose signatures are good under a set that the epoch may have. */
  #addCertificate(certificate: Certificate): void {
    for (const set of this.#sets.get(certificate.epoch) ?? []) {
      for (const [position, signer] of certificate.signers.entries()) {
        const agent = set[signer]?.agent
        const signature = certificate.signatures[position]
        const vote = agent === undefined ? null : certifiedVote(certificate, agent)
        if (vote === null || signature === undefined || this.#received.has(vote)) continue
        if (verifyMessage(vote, signature, this.#options)) this.#received.add(vote)
      }
    }
  }
}

/** Votes by author, epoch and view. */
export class VoteBook {
  readonly contradicted: Set<AgentId> = new Set()
  readonly #votes = new Map<string, Votes>()

  has(vote: Vote): boolean {
    const votes = this.#votes.get(`${vote.author}/${vote.epoch}/${vote.view}`)
    if (votes === undefined) return false
    if (vote.kind === 'nullify') return votes.isNullified
    return (vote.kind === 'notarize' ? votes.notarized : votes.finalized).has(vote.block)
  }

  /** Gives whether this vote, seen for the first time, contradicts an earlier one. */
  add(vote: Vote): boolean {
    if (this.has(vote)) return false
    const key = `${vote.author}/${vote.epoch}/${vote.view}`
    const votes = this.#votes.get(key) ?? {
      notarized: new Set(),
      finalized: new Set(),
      isNullified: false,
    }
    this.#votes.set(key, votes)
    if (vote.kind === 'nullify') votes.isNullified = true
    else if (vote.kind === 'notarize') votes.notarized.add(vote.block)
    else votes.finalized.add(vote.block)
    const isContradiction =
      vote.kind === 'notarize'
        ? votes.notarized.size > 1
        : votes.finalized.size > 1 || (votes.isNullified && votes.finalized.size > 0)
    if (isContradiction) this.contradicted.add(vote.author)
    return isContradiction
  }
}

/** What of an honest author there is one of: a proposal a view, a transaction a nonce, a word a turn. */
export function placeOf(message: Message): string | null {
  if (message.kind === 'proposal') return `proposal/${message.epoch}/${message.view}`
  if ('nonce' in message) return `nonce/${message.nonce}`
  if ('sequence' in message && 'conversation' in message) {
    return `${message.conversation}/${message.sequence}`
  }
  return null
}

function describe({ id, message }: Verified): string {
  return `the ${message.kind} ${id}, at ${placeOf(message) ?? ('view' in message ? `view ${message.epoch}/${message.view}` : '?')}`
}

export function voteOf({ message }: Verified): Vote | null {
  const { kind } = message
  return kind === 'notarize' || kind === 'nullify' || kind === 'finalize' ? message : null
}

function certifiedVote({ kind, epoch, view, block }: Certificate, author: AgentId): Vote | null {
  if (kind === 'nullify') return { kind, author, epoch, view }
  return block === null ? null : { kind, author, epoch, view, block }
}

function stakeOf(set: ValidatorSet, isCounted: (agent: AgentId) => boolean): bigint {
  return set.reduce((sum, { agent, stakeMicro }) => sum + (isCounted(agent) ? stakeMicro : 0n), 0n)
}

function setText(set: ValidatorSet): string {
  return set.map(({ agent, stakeMicro }) => `${agent}:${stakeMicro}`).join()
}
