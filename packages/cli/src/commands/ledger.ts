import { createNodeApi } from '../node-api.ts'
import { type AccountView, getLedger, type LedgerView } from '../node-view.ts'
import { createOutput } from '../output.ts'
import { formatTable } from '../table.ts'
import { formatTokens } from '../tokens.ts'
import { chooseAnswering } from './choose-answering.ts'
import type { NetworkFlags } from './ps.ts'

/** Shows every account, and where all that was ever issued is. */
export async function runLedger(flags: NetworkFlags): Promise<void> {
  const output = createOutput(flags)
  const node = await chooseAnswering(flags)
  const ledger = await getLedger(createNodeApi(node.api, node.dataFolder))
  output.json(ledger)
  const { style } = output
  output.line(`${style.bold('Ledger')} at height ${ledger.height}, epoch ${ledger.epoch}`)
  output.line(style.dim(`state ${ledger.stateDigest}`))
  output.line()
  output.lines(
    formatTable<AccountView>(
      [
        { title: 'account', cell: ({ name }) => name },
        { title: 'agent', cell: ({ agent }) => `${agent.slice(0, 12)}…` },
        { title: 'balance', align: 'right', cell: (account) => formatTokens(account.balanceMicro) },
        { title: 'bond', align: 'right', cell: (account) => formatTokens(account.bondMicro) },
        {
          title: 'set aside',
          align: 'right',
          cell: ({ agent }) => formatTokens(heldMicro(ledger, agent)),
        },
        { title: 'nonce', align: 'right', cell: ({ nonce }) => String(nonce) },
        {
          title: 'validates',
          cell: ({ agent }) =>
            ledger.validators.some((validator) => validator.agent === agent) ? 'yes' : 'no',
        },
      ],
      ledger.accounts.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      style.dim,
    ),
  )
  output.line()
  for (const [name, title] of TOTALS) {
    output.line(`${title.padEnd(34)}${formatTokens(ledger.totals[name] ?? 0n).padStart(14)}`)
  }
  output.line(
    ledger.isConserved
      ? style.green('Everything that was issued and not burned is in one of these places.')
      : style.red('The sums do not agree: this is a defect.'),
  )
}

const TOTALS = [
  ['balancesMicro', 'balances'],
  ['bondsMicro', 'bonds'],
  ['holdsMicro', 'set aside (seats, seals)'],
  ['lawsMicro', 'held by laws'],
  ['faucetMicro', 'faucet'],
  ['burnedMicro', 'burned (fees, sanctions, slashes)'],
  ['issuedMicro', 'issued'],
] as const

function heldMicro(ledger: LedgerView, agent: string): bigint {
  return ledger.holds
    .filter(({ owner }) => owner === agent)
    .reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
}
