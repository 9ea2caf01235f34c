import { type Command, Option } from 'commander'
import { countParser } from './experiment-options.ts'
import {
  AGENT_FORMS,
  parseAgentKinds,
  parseDollars,
  parseModelNames,
  parsePrices,
  THINK_SECONDS_DEFAULT,
  THINK_SECONDS_MAX,
} from './model-options.ts'

/** Beside the policies: a language model that decides, an assistant outside, or a file of one's own. */
export function addModelOptions(up: Command): Command {
  return up
    .addOption(
      new Option(
        '--agent <list>',
        `what decides for each agent (forecast: each forecaster), or for all: ${AGENT_FORMS}`,
      )
        .argParser(parseAgentKinds)
        .default(parseAgentKinds('utility'), 'utility'),
    )
    .option('--mandate', MANDATE_HELP, false)
    .option(
      '--model <list>',
      'with --agent llm: the model of each agent, or one for all (gpt-5-mini, ollama:qwen3:8b, …)',
      parseModelNames,
    )
    .option(
      '--think <seconds>',
      `how long whoever is asked may take for a turn (default: ${THINK_SECONDS_DEFAULT} with --agent llm or assistant, else as long as policies need)`,
      countParser(1, THINK_SECONDS_MAX),
    )
    .option(
      '--max-cost <dollars>',
      'with --agent llm: what all models together may cost',
      parseDollars,
    )
    .option(
      '--price <list>',
      'with --max-cost: dollars for a million tokens read/written, such as 0.25/2',
      parsePrices,
    )
    .option('--record <file>', 'with --agent llm: keep every answer of a model in this file')
    .option(
      '--replay <file>',
      'with --agent llm: take the answers from this file, and ask no server',
    )
}

export const MANDATE_HELP: string =
  'with --agent <file>: hold it to what a language model may sign and say'
