import { checkLaw } from '../contract/law.ts'
import { sumBigint } from '../integer.ts'
import { invariant, present } from '../invariant.ts'
import { adjust, closeHold } from '../ledger/money.ts'
import { type RoundLaw, settleRound } from '../subnet/settle.ts'
import type { RoundRandomness, SeatAction } from '../subnet/subnet.ts'
import { endAgreement, lawsTotalMicro } from './agreement-end.ts'
import {
  agreements,
  instances,
  type Run,
  rowKey,
  rows,
  runs,
  sealHoldId,
  subnetOf,
  subnetStates,
} from './instance.ts'
import { endRun } from './run.ts'
import type { Work } from './work.ts'

/** Settles the round of one instance, and ends what ends with it. [SUB-1] [EPO-5] */
export function endRound(
  work: Work,
  id: string,
  at: { readonly epoch: number; readonly randomness: RoundRandomness },
): void {
  const instance = present(instances.find(work.ledger, id), 'an instance is there for good')
  const run = present(runs.find(work.ledger, id), 'every instance has a run')
  if (run.status === 'ended') return
  const subnet = subnetOf(work.context, instance)
  const state = subnetStates.find(work.ledger, id)
  const actions = collectActions(work, id, run, subnet.defaultAction(instance.params, state))
  const laws = lawsInForce(work, id, at.epoch)
  const settled = settleRound(subnet, {
    params: instance.params,
    state,
    actions,
    laws: laws.map(({ law }) => law),
    randomness: at.randomness,
  })
  payOut(work, run, laws, settled)
  subnetStates.put(work, id, settled.state)
  rows.put(work, rowKey(id, at.epoch), settled.row)
  work.events.push({
    kind: 'round-settled',
    subnet: id,
    epoch: at.epoch,
    run: run.run,
    row: settled.row,
    laws: laws.map((law, index) => ({ id: law.id, records: settled.laws[index]?.records ?? [] })),
    creditsMicro: settled.creditsMicro,
  })
  const isEnded = subnet.isEnded(instance.params, settled.state)
  for (const agreement of run.agreements) {
    const until = agreements.find(work.ledger, agreement)?.until ?? 0
    if (isEnded) endAgreement(work, agreement, 'run-ended')
    else if (until <= at.epoch) endAgreement(work, agreement, 'expired')
  }
  if (isEnded) endRun(work, id)
}

/** What each seat did; who sealed and did not reveal loses its bond and counts as absent. [EPO-4] [EPO-5] */
function collectActions(
  work: Work,
  id: string,
  run: Run,
  defaultAction: bigint,
): readonly SeatAction[] {
  return run.acts.map((act, seat) => {
    if (act.revealed !== null) return { action: BigInt(act.revealed), absent: false }
    if (act.seal !== null) {
      const agent = present(run.seats[seat], 'every act has its seat')
      const amountMicro = closeHold(work, sealHoldId(id, agent), { kind: 'burned' })
      work.events.push({ kind: 'slashed', agent, offence: 'seal-not-revealed', amountMicro })
    }
    return { action: defaultAction, absent: true }
  })
}

interface LawInForce {
  readonly id: Run['agreements'][number]
  readonly law: RoundLaw
}

/** The laws that govern this epoch's round, in the order in which they formed. [AGR-5] */
function lawsInForce(work: Work, id: string, epoch: number): readonly LawInForce[] {
  const instance = present(instances.find(work.ledger, id), 'an instance is there for good')
  const run = present(runs.find(work.ledger, id), 'every instance has a run')
  const subnet = subnetOf(work.context, instance)
  return run.agreements.flatMap((agreementId) => {
    const agreement = present(agreements.find(work.ledger, agreementId), 'a run lists its own')
    const { terms, lawState, signer, bound, until } = agreement
    if (terms.law === null || lawState === null) return []
    if (epoch < terms.rounds[0] || epoch > until) return []
    const law = checkLaw(terms.law, subnet.language(instance.params, run.seats.length))
    invariant(law.ok, 'the law of an agreement was checked when it formed')
    return [{ id: agreementId, law: { bound: { law: law.value, signer, bound }, state: lawState } }]
  })
}

/** What laws took and gave: their custody, balances and what is burned change by the same amount. [LED-4] */
function payOut(
  work: Work,
  run: Run,
  laws: readonly LawInForce[],
  settled: ReturnType<typeof settleRound>,
): void {
  const beforeMicro = lawsTotalMicro(work.ledger)
  for (const [index, { id }] of laws.entries()) {
    const agreement = present(agreements.find(work.ledger, id), 'a law in force is an agreement')
    const after = present(settled.laws[index], 'every law is settled')
    agreements.put(work, id, { ...agreement, lawState: after.state })
  }
  for (const [seat, agent] of run.seats.entries()) {
    adjust(work, { kind: 'balance', agent }, settled.creditsMicro[seat] ?? 0n)
  }
  adjust(work, { kind: 'burned' }, settled.burnedMicro)
  const paidMicro = sumBigint(settled.creditsMicro) + settled.burnedMicro
  invariant(
    lawsTotalMicro(work.ledger) + paidMicro === beforeMicro,
    'laws pay out exactly what leaves their custody',
  )
}
