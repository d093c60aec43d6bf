// Writes packs/proofs.json anew.
import { writeFileSync } from "node:fs";
import { collectProofs, proofsText } from "./proofs.ts";

const root = new URL("..", import.meta.url).pathname;
writeFileSync(new URL("../packs/proofs.json", import.meta.url), proofsText(collectProofs(root)));
