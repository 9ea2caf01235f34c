import type { Command } from 'commander'
import { COMMAND } from './invocation.ts'
import { addNetworkOptions } from './network-options.ts'

/** `commonweal a2a …`: what agents outside see of an agent. */
export function addA2a(program: Command): void {
  const a2a = program.command('a2a').description('what agents outside see of an agent, over A2A')
  addNetworkOptions(
    a2a
      .command('card')
      .description('show the card of an agent, and check who signed it')
      .argument('<of>', 'an address, or a node on this machine by name or number'),
  )
    .option('--agent <id>', 'the agent that must have signed it')
    .addHelpText('after', CARD_HELP)
    .action(async (of, flags) => {
      // No other command needs the SDK behind it.
      const { runA2aCard } = await import('./commands/a2a-card.ts')
      await runA2aCard(of, flags)
    })
}

const CARD_HELP = `
The key that a card is checked with is the id of the agent that it names. Compare that id with the one on the ledger, or give
it with --agent. A card that is not signed by that agent ends the command with code 1.

Examples:
  ${COMMAND} a2a card 1
  ${COMMAND} a2a card https://commons.example --agent 389fa7337baf70ee745460a727189b03d495e261dd87c42f3a28880f6d62a291`
