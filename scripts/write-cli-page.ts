// Writes docs/cli.md anew.
import { writeFileSync } from "node:fs";
import { cliPage } from "../src/cli/cli-page.ts";

writeFileSync(new URL("../docs/cli.md", import.meta.url), cliPage());
