/** Options that choose what a run feeds its models with, and what they are where they are not given. */
const CHOICES: readonly (readonly [option: string, absent: string])[] = [['--seed', '1'], ['--input', 'none']];

/**
 * Where two runs may have had other inputs though their sequences have the same names and lengths: what their command lines tell.
 * @param a arguments of the command, as report.json has them
 * @returns a sentence for each option that differs
 */
export function inputNotes(a: readonly string[], b: readonly string[]): string[] {
  return CHOICES.flatMap(([option, absent]) => {
    const [before, after] = [valuesOf(a, option), valuesOf(b, option)].map((values) => (values.length === 0 ? absent : values.join(' '))) as [string, string];
    return before === after ? [] : [`the inputs may differ: ${option} ${before} / ${after}`];
  });
}

/** Of `--seed 3` and `--seed=3`. */
function valuesOf(command: readonly string[], option: string): string[] {
  return command.flatMap((argument, i) => (argument === option ? [command[i + 1] ?? ''] : argument.startsWith(`${option}=`) ? [argument.slice(option.length + 1)] : []));
}
