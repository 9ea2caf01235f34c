import { checkVoteEvidence, type VoteEvidenceCode } from '../consensus/evidence.ts'
import type { AgentId } from '../identity/agent-id.ts'
import { changeAccount } from '../ledger/account.ts'
import { createTable, type Table } from '../ledger/draft.ts'
import { slash } from '../ledger/money.ts'
import type { Vote } from '../message/consensus.ts'
import { open, type Verified } from '../message/envelope.ts'
import type { ConversationMessage } from '../message/negotiation.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import { headOf } from './head.ts'
import type { TransactionOf, Work } from './work.ts'

export type EvidenceCode =
  | VoteEvidenceCode
  | 'bad-evidence'
  | 'no-contradiction'
  | 'evidence-too-old'
  | 'already-punished'

/** Conflicting votes cost 5 % of the stake and the place in the set. [SLA-1] */
export const CONFLICTING_VOTES_PPM = 50_000n
/** Two different messages with one number in one conversation cost 1 %. [SLA-1] */
export const EQUIVOCATION_PPM = 10_000n

/** An offence that has been punished: each is punished once. */
interface Punished {
  readonly agent: AgentId
  readonly epoch: number
}
export const punishedOffences: Table<Punished> = createTable<Punished>('punished')

type Charge =
  | { readonly offence: 'conflicting-votes'; readonly agent: AgentId; readonly key: string }
  | { readonly offence: 'equivocation'; readonly agent: AgentId; readonly key: string }

/** Two signed statements that contradict each other: the signer pays, the reporter gets a tenth. [SLA-2] */
export function applyEvidence(
  work: Work,
  tx: TransactionOf<'evidence'>,
): Result<void, EvidenceCode> {
  const first = open(tx.first, work.context)
  const second = open(tx.second, work.context)
  if (!first.ok) return reject('bad-evidence', { which: 'first', why: first.error.code })
  if (!second.ok) return reject('bad-evidence', { which: 'second', why: second.error.code })
  const charge = checkCharge(work, first.value, second.value)
  if (!charge.ok) return charge
  const { offence, agent, key } = charge.value
  if (punishedOffences.find(work.ledger, key) !== undefined) return ignore('already-punished')
  punishedOffences.put(work, key, { agent, epoch: headOf(work.ledger).epoch })
  const ppm = offence === 'conflicting-votes' ? CONFLICTING_VOTES_PPM : EQUIVOCATION_PPM
  const amountMicro = slash(work, { agent, ppm, reporter: tx.author })
  if (offence === 'conflicting-votes') changeAccount(work, agent, { ejected: true })
  work.events.push({ kind: 'slashed', agent, offence, amountMicro })
  return ok(undefined)
}

function checkCharge(work: Work, first: Verified, second: Verified): Result<Charge, EvidenceCode> {
  const { epoch } = headOf(work.ledger)
  if (isVote(first) && isVote(second)) {
    const checked = checkVoteEvidence(first.message, second.message)
    if (!checked.ok) return checked
    // What a validator signed can be punished as long as the stake of that time is still there. [LED-5]
    const oldest = epoch - work.context.genesis.epochs.unbondingEpochs
    if (first.message.epoch < oldest) {
      return ignore('evidence-too-old', { epoch: first.message.epoch, oldest })
    }
    const agent = first.message.author
    return ok({ offence: 'conflicting-votes', agent, key: `${agent}/votes/${first.message.epoch}` })
  }
  if (!isTalk(first) || !isTalk(second)) return reject('no-contradiction')
  const a = first.message
  const b = second.message
  const isSamePlace =
    a.author === b.author && a.conversation === b.conversation && a.sequence === b.sequence
  if (!isSamePlace || first.id === second.id) return reject('no-contradiction')
  return ok({ offence: 'equivocation', agent: a.author, key: `${a.author}/talk/${a.conversation}` })
}

function isVote(message: Verified): message is Verified<Vote> {
  const { kind } = message.message
  return kind === 'notarize' || kind === 'nullify' || kind === 'finalize'
}

function isTalk(message: Verified): message is Verified<ConversationMessage> {
  return 'conversation' in message.message
}
