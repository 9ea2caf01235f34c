import { warnOfMissing } from '../missing-history.ts'
import { createNodeApi } from '../node-api.ts'
import { type ContractView, getContracts, getConversations, getLedger } from '../node-view.ts'
import { createOutput, type Output } from '../output.ts'
import { parseTurn } from '../result/chain-record.ts'
import { MOVES } from '../result/render-contract.ts'
import { chooseAnswering } from './choose-answering.ts'
import type { NetworkFlags } from './ps.ts'

/** Shows every contract of a network: what it says, who signed, and how it came about. */
export async function runContracts(flags: NetworkFlags): Promise<void> {
  const output = createOutput(flags)
  const node = await chooseAnswering(flags)
  const api = createNodeApi(node.api, node.dataFolder)
  const [contracts, conversations, ledger] = await Promise.all([
    getContracts(api),
    getConversations(api, 0),
    getLedger(api),
  ])
  output.json({ contracts, conversations })
  await warnOfMissing(api, output)
  const names = new Map(ledger.accounts.map(({ agent, name }) => [agent, name]))
  if (contracts.length === 0) output.line('No contract has been formed.')
  for (const contract of contracts) {
    showContract(output, contract, names)
    const said = conversations.find(({ target }) => target === contract.terms.rounds[0])
    const moves = (said?.turns ?? []).flatMap((turn) => {
      const heard = parseTurn({ ...said, turn })
      if (heard === undefined) return []
      const { seat, move } = heard.turn
      const speaker = names.get(contract.terms.parties[seat] ?? '') ?? `seat ${seat}`
      return [`${speaker} ${MOVES[move]}`]
    })
    if (moves.length > 0) output.line(`  ${output.style.dim('talks')} ${moves.join(', ')}`)
    output.line()
  }
}

function showContract(
  output: Output,
  contract: ContractView,
  names: ReadonlyMap<string, string>,
): void {
  const { style } = output
  const [from, to] = contract.terms.rounds
  const state =
    contract.status === 'in-force'
      ? style.green('in force')
      : `ended (${contract.why ?? 'unknown'}) at height ${contract.endedHeight ?? '?'}`
  output.line(`${style.bold(contract.id)}  ${state}`)
  output.line(`  epochs ${from} to ${to}, formed at height ${contract.formedHeight}`)
  for (const words of contract.words) output.line(`  ${words}`)
  const signers = contract.signers.map((agent) => names.get(agent) ?? `${agent.slice(0, 8)}…`)
  output.line(`  ${style.dim('signed by')} ${signers.join(', ')}`)
}
