import { chooseValidators } from '../consensus/validators.ts'
import { nextBeacon } from '../epoch/beacon.ts'
import { validatorChoiceOf } from '../genesis.ts'
import { sumBigint } from '../integer.ts'
import { accounts, changeAccount } from '../ledger/account.ts'
import { adjust, changeTreasury } from '../ledger/money.ts'
import type { ValidatorSet } from '../message/consensus.ts'
import { settleMarket } from './forecast/settle.ts'
import { type Head, putHead, shareKey, shares, sharesOf } from './head.ts'
import { endedAgreements, instances } from './instance.ts'
import { forgetPunished } from './punished.ts'
import { endRound } from './round.ts'
import { startEpochOf } from './run.ts'
import type { Work } from './work.ts'

/**
 * Settles an epoch and begins the next: the beacon, every instance's round, the forecasting market, what has
 * waited long enough, the validators.
 * [EPO-6] [CON-3]
 */
export function settleEpoch(work: Work, head: Head): void {
  const { epoch } = head
  const revealed = sharesOf(work.ledger, epoch, 'beacon').flatMap(({ share }) =>
    share === null ? [] : [share],
  )
  const beacon = nextBeacon(head.beacon, revealed)
  for (const [id] of instances.entries(work.ledger)) {
    endRound(work, id, { epoch, randomness: { beacon, signal: head.signal } })
  }
  settleMarket(work, { epoch, height: head.height, beacon })
  forgetShares(work, epoch)
  releaseUnbonded(work, epoch + 1)
  forgetPunished(work, epoch)
  forgetEnded(work, epoch)
  changeTreasury(work, { faucetGrants: 0 })
  putHead(work, {
    height: head.height,
    epoch: epoch + 1,
    phase: 'negotiate',
    phaseHeight: head.height + 1,
    beacon,
    // [CON-4] The leaders of e+1 follow from R_{e−1}, which the revealers of e could not bias.
    leaderSeed: head.beacon,
    signal: null,
    validators: nextValidators(work, head),
  })
  for (const [id] of instances.entries(work.ledger)) startEpochOf(work, id, epoch + 1)
  work.events.push({
    kind: 'phase',
    epoch: epoch + 1,
    phase: 'negotiate',
    height: head.height + 1,
  })
}

/** The largest bonds; where nobody is left to choose from, those who were. [CON-3] */
function nextValidators(work: Work, head: Head): ValidatorSet {
  const bonds = [...accounts.entries(work.ledger)].flatMap(([agent, { bondMicro, ejected }]) =>
    ejected ? [] : [{ agent, bondMicro }],
  )
  const chosen = chooseValidators(bonds, validatorChoiceOf(work.context.genesis))
  return chosen.length === 0 ? head.validators : chosen
}

function forgetShares(work: Work, epoch: number): void {
  for (const purpose of ['beacon', 'signal'] as const) {
    for (const { agent } of sharesOf(work.ledger, epoch, purpose)) {
      shares.delete(work, shareKey(epoch, purpose, agent))
    }
  }
}

/** Stake that has waited its time goes to the balance. [LED-5] */
function releaseUnbonded(work: Work, epoch: number): void {
  for (const [agent, account] of accounts.entries(work.ledger)) {
    const due = account.unbonding.filter((entry) => entry.releaseEpoch <= epoch)
    if (due.length === 0) continue
    changeAccount(work, agent, {
      unbonding: account.unbonding.filter((entry) => entry.releaseEpoch > epoch),
    })
    adjust(work, { kind: 'balance', agent }, sumBigint(due.map((entry) => entry.amountMicro)))
  }
}

/** [AGR-9] Terms whose first round is over cannot form any more, ended before or not. */
function forgetEnded(work: Work, epoch: number): void {
  for (const [id, { fromEpoch }] of endedAgreements.entries(work.ledger)) {
    if (fromEpoch <= epoch) endedAgreements.delete(work, id)
  }
}
