// Run as a process of its own by the tests: builds what the JSON argument says, prints the result as JSON.
import { build } from './fixture.ts';

const request = JSON.parse(process.argv[2]!) as Parameters<typeof build>[0];
const { buildId, sha256, cached, elf } = await build(request);
process.stdout.write(JSON.stringify({ buildId, sha256, cached, elf }));
