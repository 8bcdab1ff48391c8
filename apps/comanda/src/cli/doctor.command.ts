import type { Command } from 'commander';

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'collect versions, health, lag and recent errors into one file to send to whoever helps, without secrets',
    )
    .option('--output <file>', 'where it is written', 'comanda-doctor.json')
    .option('--log <file>', 'take the recent errors from this log instead (kubectl logs …)')
    .option('--json', 'print it instead of writing a file')
    .addHelpText('after', HELP)
    .action(async (options: { output: string; log?: string; json?: boolean }) =>
      (await import('./doctor.js')).doctor(options),
    );
}

const HELP = `
Changes nothing. Passwords, keys, tokens, the values of settings that may hold one, and what looks like a guest's address or card
are taken out; read it before you send it all the same. What cannot be looked at is told in its place. Exit code 0 when it was written.`;
