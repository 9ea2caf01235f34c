import { checkVoteEvidence, type VoteEvidenceCode } from '../consensus/evidence.ts'
import { changeAccount } from '../ledger/account.ts'
import { slash } from '../ledger/money.ts'
import type { Vote } from '../message/consensus.ts'
import { open, type Verified } from '../message/envelope.ts'
import type { ConversationMessage } from '../message/negotiation.ts'
import { ignore, ok, type Result, reject } from '../result.ts'
import { headOf } from './head.ts'
import { isPunished, type Punished, punishedOffences, talkKey, votesKey } from './punished.ts'
import type { TransactionOf, Work } from './work.ts'

export type EvidenceCode =
  | VoteEvidenceCode
  | 'bad-evidence'
  | 'no-contradiction'
  | 'evidence-too-old'
  | 'evidence-too-early'
  | 'already-punished'

/** Conflicting votes cost 5 % of the stake and the place in the set. [SLA-1] */
const CONFLICTING_VOTES_PPM = 50_000n
/** Two different messages with one number in one conversation cost 1 %. [SLA-1] */
const EQUIVOCATION_PPM = 10_000n

interface Charge extends Punished {
  readonly offence: 'conflicting-votes' | 'equivocation'
  readonly key: string
}

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
  const { offence, agent, key, untilEpoch } = charge.value
  if (isPunished(work.ledger, key)) return ignore('already-punished')
  punishedOffences.put(work, key, { agent, untilEpoch })
  const ppm = offence === 'conflicting-votes' ? CONFLICTING_VOTES_PPM : EQUIVOCATION_PPM
  // [SLA-2] Nobody is rewarded for a report of itself.
  const reporter = tx.author === agent ? null : tx.author
  const amountMicro = slash(work, { agent, ppm, reporter })
  if (offence === 'conflicting-votes') changeAccount(work, agent, { ejected: true })
  work.events.push({ kind: 'slashed', agent, offence, amountMicro })
  return ok(undefined)
}

function checkCharge(work: Work, first: Verified, second: Verified): Result<Charge, EvidenceCode> {
  const { epoch } = headOf(work.ledger)
  if (isVote(first) && isVote(second)) {
    const checked = checkVoteEvidence(first.message, second.message)
    if (!checked.ok) return checked
    const { author: agent, epoch: votedEpoch } = first.message
    // What a validator signed can be punished as long as the stake of that time is still there. [LED-5]
    const { unbondingEpochs } = work.context.genesis.epochs
    const oldest = epoch - unbondingEpochs
    if (votedEpoch < oldest) return ignore('evidence-too-old', { epoch: votedEpoch, oldest })
    // [SLA-3] Or one could be punished beforehand, while there is nothing to lose, and then vote as one likes.
    if (votedEpoch > epoch)
      return ignore('evidence-too-early', { epoch: votedEpoch, latest: epoch })
    const key = votesKey(agent, votedEpoch)
    return ok({
      offence: 'conflicting-votes',
      agent,
      key,
      untilEpoch: votedEpoch + unbondingEpochs,
    })
  }
  if (!isTalk(first) || !isTalk(second)) return reject('no-contradiction')
  const a = first.message
  const b = second.message
  const isSamePlace =
    a.author === b.author && a.conversation === b.conversation && a.sequence === b.sequence
  if (!isSamePlace || first.id === second.id) return reject('no-contradiction')
  const { author: agent, conversation } = a
  return ok({ offence: 'equivocation', agent, key: talkKey(agent, conversation), untilEpoch: null })
}

function isVote(message: Verified): message is Verified<Vote> {
  const { kind } = message.message
  return kind === 'notarize' || kind === 'nullify' || kind === 'finalize'
}

function isTalk(message: Verified): message is Verified<ConversationMessage> {
  return 'conversation' in message.message
}
