import { FORECAST_FIELDS, MARKET_ROLE, QUESTION_FIELDS } from '@commonweal/bench/forecast'
import { type Command, InvalidArgumentError } from 'commander'
import { QUESTION_ORDERS, runForecastImport } from './commands/forecast-import.ts'
import { choiceParser } from './experiment-options.ts'
import { COMMAND } from './invocation.ts'
import { addMarketReading } from './market-program.ts'

/** `commonweal forecast …`: what has to do with questions, forecasts and who is good at them. */
export function addForecast(program: Command): void {
  const forecast = program
    .command('forecast')
    .description('questions, forecasts, and who is good at them')
  forecast
    .command('import')
    .description("play resolved questions of your own through the network's score update")
    .argument('<folder>', 'holds questions.csv and forecasts.csv')
    .option('--role <role>', 'whose forecasts are scored (default: the role with most forecasters)')
    .option(
      '--order <order>',
      `in which questions are scored: ${QUESTION_ORDERS.join(', ')}`,
      choiceParser(QUESTION_ORDERS),
      'open',
    )
    .option('--house <share>', 'part of all weight that a house holds at first', parseHouseShare)
    .option('--out <file>', 'write the whole leaderboard, as CSV')
    .option('--json', 'print JSON', false)
    .addHelpText('after', IMPORT_HELP)
    .action((folder, flags) => runForecastImport(folder, flags))
  addMarketReading(forecast)
}

/** A share of all weight: above 0 and at most 0.9. */
function parseHouseShare(text: string): number {
  const share = /^(\d?\.\d{1,6})$/.test(text) ? Number(text) : 0
  if (share > 0 && share <= 0.9) return share
  throw new InvalidArgumentError(
    'Accepted: a share above 0 and up to 0.9, with up to six decimals: 0.1.',
  )
}

const IMPORT_HELP = `
Two CSV files, each with a header:
  questions.csv   ${QUESTION_FIELDS.join()}
  forecasts.csv   ${FORECAST_FIELDS.join()}
Outcomes and probabilities are separated by |, outcome_index counts from 0, times are dates or have a zone. The last forecast
of each forecaster before a question closes is scored. The role ${MARKET_ROLE} holds a market's prices.

  questions.csv   q1,Will it rain?,no|yes,2024-05-01,2024-05-02,1
  forecasts.csv   q1,ann,survey,2024-05-01T18:00:00Z,0.3|0.7

Orders: open scores questions as they opened; close as they closed, so that no weight knows an answer too early; file as
they stand in the file. The cap on what one name can stake, a fifth, is the rule's own.

Examples:
  ${COMMAND} forecast import packages/bench/data/example-questions
  ${COMMAND} forecast import my-questions --order close --house 0.1 --out leaderboard.csv`
