import { ADVERSARIES_BY_LAYER, PLUGIN_FORMS, POLICY_FORMS } from '@commonweal/node/agent'
import { FAULT_KINDS, WIRE_KINDS } from '@commonweal/node/local'
import { Command, Option } from 'commander'
import { addA2a } from './a2a-program.ts'
import { addBench } from './bench-program.ts'
import { runContracts } from './commands/contracts.ts'
import { runDown } from './commands/down.ts'
import { runJoin } from './commands/join.ts'
import { runKeysNew, runKeysShow } from './commands/keys.ts'
import { runLedger } from './commands/ledger.ts'
import { runLogs } from './commands/logs.ts'
import { runPs } from './commands/ps.ts'
import { runStatus } from './commands/status.ts'
import { runUp } from './commands/up.ts'
import {
  CONTRACT_MODES,
  choiceParser,
  countParser,
  NODE_COUNT_MAX,
  PROSOCIALITY_DEFAULT,
  parseAdversaries,
  parseContractDelay,
  parseFaultOption,
  parsePolicyList,
  parsePolicyOption,
  parseProsocialityList,
  parseProsocialityOption,
  parseSeed,
  parseValues,
  REGENERATION_MODES,
  ROUND_COUNT_MAX,
} from './experiment-options.ts'
import { DAYS_DEFAULT, FIRST_DEFAULT } from './forecast/forecast-up.ts'
import { RESOLUTIONS } from './forecast/scenario.ts'
import { checkScenarioFlags, SCENARIOS } from './forecast/scenario-flags.ts'
import { parseSellers, SELLER_NAMES } from './forecast/sellers.ts'
import { addForecast } from './forecast-program.ts'
import { parseKeepEpochs } from './join/join-config.ts'
import { addEmissions } from './market-program.ts'
import { parseOneFile, parseOneModel } from './model-options.ts'
import { addModelOptions, MANDATE_HELP } from './model-program.ts'
import { addNetworkOptions } from './network-options.ts'
import { DATA_FOLDER_DEFAULT } from './run-folder.ts'

/** The `commonweal` command: its subcommands, their options, and what is said about them. */
export function createProgram(): Command {
  const program = new Command('commonweal')
    .description(
      'A network of agents that divide a scarce resource by negotiating signed contracts.',
    )
    .version('0.1.0', '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError('See commonweal --help.')
    .exitOverride()
  addUp(program)
  addJoin(program)
  addMcp(program)
  addLooking(program)
  addForecast(program)
  addEmissions(program)
  addBench(program)
  addKeys(program)
  addA2a(program)
  return program
}

function addUp(program: Command): void {
  addModelOptions(program.command('up'))
    .description('launch a network of agents on this machine, and show what becomes of them')
    .option(
      '--scenario <name>',
      'commons: a stock that renews itself; forecast: the weather of Seattle',
      choiceParser(SCENARIOS),
      'commons',
    )
    .option('-n, --nodes <count>', 'nodes, one agent each', countParser(1, NODE_COUNT_MAX), 5)
    .option('--rounds <count>', 'rounds of a run', countParser(1, ROUND_COUNT_MAX), 12)
    .option(
      '--prosociality <list>',
      `λ of each agent, or one for all; also alpha=… or theta=… (default: ${PROSOCIALITY_DEFAULT})`,
      parseProsocialityList,
    )
    .option(
      '--values <list>',
      'what a unit is worth to each agent: seeded, equal, or numbers (default: seeded, and equal without contracts)',
      parseValues,
    )
    .option('--contract <mode>', CONTRACT_MODES.join(', '), choiceParser(CONTRACT_MODES), 'law')
    .option('--law <expression>', 'a cap that agents propose instead of their own: "stock / 10"')
    .option('--contract-delay <rounds>', '0, or 1 for a law one round late', parseContractDelay, 0)
    .option(
      '--regeneration <mode>',
      REGENERATION_MODES.join(', '),
      choiceParser(REGENERATION_MODES),
      'deterministic',
    )
    .addOption(
      new Option('--policy <list>', `policy of each agent, or one for all: ${POLICY_FORMS}`)
        .argParser(parsePolicyList)
        .default([parsePolicyOption('utility')], 'utility'),
    )
    .addOption(
      new Option(
        '--adversary <kind:node>',
        'works against the others: free-rider:2, colluder:1+3 for several, crash(3s):0; the kinds are below',
      )
        .argParser(parseAdversaries)
        .default([], 'none'),
    )
    .option(
      '--days <count>',
      'forecast: days that are asked about',
      countParser(1, 1_095),
      DAYS_DEFAULT,
    )
    .option('--first <date>', 'forecast: the first of these days', FIRST_DEFAULT)
    .addOption(
      new Option('--seller <list>', `forecast: adversaries that sell to all: ${SELLER_NAMES}`)
        .argParser(parseSellers)
        .default([], 'none'),
    )
    .option(
      '--resolution <how>',
      'forecast: who answers: record (the series), assertion (who bonds for what it has seen), disputed (one bonds for what is false, and juries decide)',
      choiceParser(RESOLUTIONS),
      'record',
    )
    .option('--seed <text>', 'fixes keys, values and randomness', parseSeed, '1')
    .option('--json', 'print JSON lines: started, then result', false)
    .option('--keep', 'keep running, one run after another, and write a join bundle', false)
    .option('--data <folder>', `keep the data, in this folder (default: ${DATA_FOLDER_DEFAULT})`)
    .addHelpText('after', `${ADVERSARY_KINDS}\n${UP_EXAMPLES}`)
    .action((flags, command) => {
      checkScenarioFlags(flags.scenario, (name) => command.getOptionValueSource(name) === 'cli')
      return runUp(flags)
    })
}

/** By what each works against. */
const ADVERSARY_KINDS = `
Adversaries:
  economic     ${ADVERSARIES_BY_LAYER.economic.join(', ')}
  text         ${ADVERSARIES_BY_LAYER.text.join(', ')}
  preference   ${ADVERSARIES_BY_LAYER.preference.join(', ')}
  protocol     ${FAULT_KINDS.join(', ')}
  on the wire  ${WIRE_KINDS.join(', ')}`

const UP_EXAMPLES = `
Examples:
  commonweal up                                            five agents who care differently
  commonweal up --contract none --prosociality 0           selfish, no contract: one round
  commonweal up --contract none --prosociality 1           all care, no contract: twelve
  commonweal up --prosociality 0 --law "stock / 10"        selfish, one law
  commonweal up --adversary free-rider:2                   one signs nothing and takes what it can
  commonweal up --adversary double-vote:2                  one votes twice, is named and pays
  commonweal up --agent llm --model ollama:qwen3:8b        a local model decides
  commonweal up --agent utility,utility,utility,utility,assistant
                                                           you decide for the last: see commonweal mcp
  commonweal up --agent utility,utility,utility,utility,./my-agent.ts
                                                           a file of yours does
  commonweal up --keep                                     stay up, for others to join
  commonweal up --scenario forecast --days 60              forecast 60 days of weather
  commonweal up --scenario forecast --days 3 --resolution disputed
                                                           one lies about what came true: juries decide
  commonweal up --scenario forecast --days 7 --agent llm --model ollama:qwen3:8b`

function addJoin(program: Command): void {
  program
    .command('join')
    .description('join a running network with a node of your own')
    .argument('<bundle>', 'folder that the network handed out: network.json, genesis.json, …')
    .option('--data <folder>', "the node's own data (default: .commonweal/joined-<network>)")
    .option('--prosociality <weight>', 'λ of the agent (default: 0)', parseProsocialityOption)
    .addOption(
      new Option('--policy <name>', `policy of the agent: ${POLICY_FORMS}`)
        .argParser(parsePolicyOption)
        .default(parsePolicyOption('utility'), 'utility'),
    )
    .option(
      '--model <name>',
      'a language model that decides in the place of the policy',
      parseOneModel,
    )
    .option('--assistant', 'your own assistant decides: see commonweal mcp', false)
    .option('--agent <file>', `your own agent decides: ${PLUGIN_FORMS}`, parseOneFile)
    .option('--mandate', MANDATE_HELP, false)
    .option(
      '--adversary <kind>',
      'what the node does against the protocol: flood, forge, … (up --help lists the kinds)',
      parseFaultOption,
    )
    .option('--seat <instance>', 'subnet instance in which to take a seat (default: the first)')
    .option(
      '--role <role>',
      'where the network forecasts: forecaster, signal:markov, … (default: forecaster)',
    )
    .option(
      '--keep-epochs <count>',
      'epochs of which blocks and receipts are kept, or all (default: as many as stake stays bonded)',
      parseKeepEpochs,
    )
    .option('--json', 'print JSON lines, one for each step', false)
    .action(runJoin)
}

function addMcp(program: Command): void {
  addNetworkOptions(
    program
      .command('mcp')
      .description('let your own assistant decide for a node, over the Model Context Protocol')
      .option(
        '--node <node>',
        'index or name of a node (default: the first that asks an assistant)',
      )
      .option(
        '--http <port>',
        'serve HTTP on this port of this machine, instead of standard input and output',
        countParser(0, 65_535),
      ),
  ).action(async (flags) => {
    // Nothing else needs what it loads.
    const { runMcp } = await import('./commands/mcp.ts')
    await runMcp(flags)
  })
}

function addLooking(program: Command): void {
  addNetworkOptions(
    program.command('ps').description('list networks and nodes on this machine'),
  ).action(runPs)
  addNetworkOptions(
    program
      .command('status')
      .description('show where a network stands')
      .argument('[node]', NODE_HELP),
  ).action(runStatus)
  addNetworkOptions(
    program.command('logs').description("show nodes' logs").argument('[node]', NODE_HELP),
  )
    .option('-f, --follow', 'go on as the log grows', false)
    .option('--lines <count>', 'lines to begin with', countParser(1, 100_000), 40)
    .action(runLogs)
  addNetworkOptions(
    program.command('contracts').description('show contracts, and how they came about'),
  ).action(runContracts)
  addNetworkOptions(
    program.command('ledger').description('show accounts, and what was issued'),
  ).action(runLedger)
  addNetworkOptions(
    program
      .command('down')
      .description('end a network: every node, and the command that started it'),
  ).action(runDown)
}

const NODE_HELP = 'index or name of a node (default: the first)'

function addKeys(program: Command): void {
  const keys = program.command('keys').description('the key of a node that joins networks')
  keys
    .command('new')
    .description('make a key')
    .requiredOption('--data <folder>', "the node's data folder")
    .option('--json', 'print JSON', false)
    .action(runKeysNew)
  keys
    .command('show')
    .description("show a key's agent and peer id; the secret stays in its file")
    .requiredOption('--data <folder>', "the node's data folder")
    .option('--json', 'print JSON', false)
    .action(runKeysShow)
}
