// Runs in a piscina worker and does nothing.
export default function run(input: string): string {
  return input;
}
