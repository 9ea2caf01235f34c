import type { Command } from 'commander'
import { runEmissionsTrace } from './commands/emissions-trace.ts'
import { runForecastExplain } from './commands/forecast-explain.ts'
import { runForecastLeaderboard } from './commands/forecast-leaderboard.ts'
import { runForecastQuestions } from './commands/forecast-questions.ts'
import { choiceParser, countParser } from './experiment-options.ts'
import { RANKINGS } from './forecast/leaderboard.ts'
import { COMMAND } from './invocation.ts'
import { addNetworkOptions } from './network-options.ts'

const SHOWN_MAX = 100_000

/** Subcommands of `commonweal forecast` that read the market of a running network. */
export function addMarketReading(forecast: Command): void {
  addNetworkOptions(
    forecast
      .command('leaderboard')
      .description('who forecasts well, and what each is paid and keeps'),
  )
    .option('--top <count>', 'how many are shown', countParser(1, SHOWN_MAX), 20)
    .option('--by <ranking>', `sorted by: ${RANKINGS.join(', ')}`, choiceParser(RANKINGS), 'weight')
    .addHelpText('after', LEADERBOARD_HELP)
    .action((flags) => runForecastLeaderboard(flags))
  addNetworkOptions(
    forecast
      .command('questions')
      .description('questions that are live, and the latest that are over'),
  )
    .option('--last <count>', 'how many that are over', countParser(1, SHOWN_MAX), 10)
    .addHelpText('after', QUESTIONS_HELP)
    .action((flags) => runForecastQuestions(flags))
  addNetworkOptions(
    forecast
      .command('explain')
      .description('who said what about a question on which grounds, and who was paid for it')
      .argument('<question>', 'its id, a beginning of it that no other has, or its topic'),
  )
    .addHelpText('after', EXPLAIN_HELP)
    .action((question, flags) => runForecastExplain(question, flags))
}

/** `commonweal emissions …`: where what is minted goes. */
export function addEmissions(program: Command): void {
  const emissions = program.command('emissions').description('where what is minted goes')
  addNetworkOptions(
    emissions
      .command('trace')
      .description('where every token of an epoch, or of an agent, came from and went')
      .argument(
        '[of]',
        'an epoch, or the name of an agent, or a beginning of its id (default: the latest epoch that paid)',
      ),
  )
    .option('--dot', 'print a graph for Graphviz', false)
    .addHelpText('after', TRACE_HELP)
    .action((of, flags) => runEmissionsTrace(of, flags))
}

const LEADERBOARD_HELP = `
A score is of settled questions alone; one that is void counts for nobody. The role is the one that an agent's name says
(signal-markov); else it is forecaster for who has a lock and supplier for who has none.

Examples:
  ${COMMAND} forecast leaderboard
  ${COMMAND} forecast leaderboard --by K --top 5`

const QUESTIONS_HELP = `
Heights are those of blocks: a question takes statements from the height at which it opens, and resolves at the earliest at
the one given.

Example:
  ${COMMAND} forecast questions --last 30`

const EXPLAIN_HELP = `
What an agent gives as its reasons is its own claim; no rule depends on it.

Examples:
  ${COMMAND} forecast explain seattle/2014-01-05/rain
  ${COMMAND} forecast explain bafyreigh2akiscai --json`

const TRACE_HELP = `
Amounts are tokens; with --json they are micro-tokens, as decimal text. A number is an epoch.

Examples:
  ${COMMAND} emissions trace                     the latest epoch that paid
  ${COMMAND} emissions trace 3 --dot | dot -Tsvg > epoch-3.svg
  ${COMMAND} emissions trace signal-markov       all that one agent got and gave`
