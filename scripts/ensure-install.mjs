// Installs what this version of the program needs when it is not there yet, so that a fresh clone starts with one command.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".portcullis-installed");
const lock = join(root, ".portcullis-installing");

const oldestNode = 20;
const stillAtItEveryMs = 15_000;
const keptOutputCharacters = 20_000;
const quietly = "--ignore-scripts --include=dev --include=optional --no-audit --no-fund --no-progress --loglevel=error".split(" ");

/** Settings of an outer npm that would leave packages out, put them elsewhere or only pretend. */
const surprises = new Set(
  "omit include only also production dev optional dry_run global location prefix local_prefix workspace workspaces include_workspace_root package_lock package_lock_only force legacy_peer_deps strict_peer_deps install_strategy install_links legacy_bundling global_style os cpu libc json call save".split(
    " ",
  ),
);

await main();

async function main() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    fail(`Portcullis needs Node ${oldestNode} or later to set itself up; this is Node ${process.versions.node}. Install a current Node and start again.`);
  }
  const wanted = wantedInstallation();
  if (isInstalled(wanted)) return;
  const release = await takeLock();
  try {
    if (isInstalled(wanted) || isInstalledWithoutStamp(wanted)) return;
    await install(wanted);
  } finally {
    release();
  }
}

/** What the stamp must say: this lock file, on this kind of machine. */
function wantedInstallation() {
  const lockfile = join(root, "package-lock.json");
  try {
    const digest = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
    return `${digest} ${process.platform}-${process.arch}\n`;
  } catch (error) {
    fail(`${lockfile} cannot be read (${error.code}). It belongs to the program: fetch it again, for example with "git checkout package-lock.json".`);
  }
}

function isInstalled(wanted) {
  return readOrNothing(stamp) === wanted && existsSync(join(modules, ".package-lock.json"));
}

/** Somebody ran npm by hand: when what lies there is what the lock file asks for, a stamp is all that is missing. */
function isInstalledWithoutStamp(wanted) {
  if (existsSync(stamp)) return false;
  const there = packagesOf(join(modules, ".package-lock.json"));
  const asked = packagesOf(join(root, "package-lock.json"));
  if (!there || !asked) return false;
  const missing = Object.entries(asked).some(([path, entry]) => path !== "" && !there[path] && isNeededHere(entry));
  const strange = Object.entries(there).some(([path, entry]) => asked[path]?.version !== entry.version || asked[path]?.integrity !== entry.integrity);
  if (missing || strange) return false;
  putStamp(wanted);
  return true;
}

/** Optional packages are needed when they name this machine; those for one C library or another are npm's to choose. */
function isNeededHere(entry) {
  if (!entry.optional) return true;
  return Boolean(entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch) && !entry.libc && !entry.dev);
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

async function install(wanted) {
  say(
    existsSync(modules)
      ? "The installed packages are not those of this version; installing them anew."
      : "First start: installing the packages this version needs.",
  );
  rmSync(stamp, { force: true });
  const started = Date.now();
  let { exitCode, output } = await runNpm(["ci", ...quietly]);
  if (exitCode !== 0 && lacksOnlyOtherPlatforms(output)) {
    say("The package registry lacks some packages for other kinds of machine; installing without those.");
    ({ exitCode, output } = await runNpm(["install", "--no-save", ...quietly]));
  }
  if (exitCode !== 0) fail(explain(exitCode, output));
  putStamp(wanted);
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/**
 * "npm ci" refuses a lock file that leaves out an optional package the registry did not have, and names it without a
 * version. Everything else then agrees, and "npm install --no-save" installs exactly what the lock file says.
 */
function lacksOnlyOtherPlatforms(output) {
  const complaints = output.match(/(Missing|Invalid): .*/g) ?? [];
  return complaints.length > 0 && complaints.every((complaint) => /^Missing: \S+@ from lock file/.test(complaint));
}

async function runNpm(args) {
  const [program, ...before] = npmCommand();
  const child = spawn(program, [...before, ...args], { cwd: root, env: calmEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  const started = Date.now();
  const reminder = setInterval(() => say(`Still installing (${Math.round((Date.now() - started) / 1000)} s).`), stillAtItEveryMs);
  let output = "";
  const keep = (piece) => (output = (output + piece).slice(0, keptOutputCharacters));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const pass = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, pass);
  const exitCode = await new Promise((resolve) => {
    child.once("error", (error) => keep(error.message) && resolve(error.code ?? "error"));
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  clearInterval(reminder);
  return { exitCode, output };
}

/** The npm that started us, run by its own Node: the one in node_modules is about to be replaced. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli && basename(cli) === "npm-cli.js" && existsSync(cli)) {
    const node = process.env.npm_node_execpath;
    return [node && existsSync(node) ? node : process.execPath, cli];
  }
  return [process.platform === "win32" ? "npm.cmd" : "npm"];
}

function calmEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => {
      const setting = /^npm_config_(.+)$/i.exec(name)?.[1];
      if (setting) return !surprises.has(setting.toLowerCase().replaceAll("-", "_"));
      return name !== "NODE_ENV" && !/^npm_(package|lifecycle|command)/.test(name);
    }),
  );
}

function explain(exitCode, output) {
  const lines = output
    .trim()
    .split("\n")
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join("\n");
  return `The packages could not be installed in ${modules} (npm ended with ${exitCode}).\n${lines}\n${advice(output)} Then start again.`;
}

function advice(output) {
  if (/ENOSPC|EDQUOT/.test(output)) return "The disk is full: free about 1 GB.";
  if (/EACCES|EPERM|EROFS/.test(output)) return "This user may not write there: use the user who owns the folder, or give it to this one.";
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ECONNRESET|EAI_AGAIN|ENOTCACHED|CERT/.test(output))
    return "The package registry could not be reached: check the network, a proxy, or npm's registry setting.";
  if (/EUSAGE|EINTEGRITY/.test(output)) return "package.json and package-lock.json do not belong together: fetch both again from the same version.";
  if (/ENOENT.*npm|npm ENOENT/.test(output)) return "npm was not found: it comes with Node; install it.";
  return `To see more, run "npm ci --ignore-scripts" in ${root}.`;
}

/** On a read-only checkout there is no stamp; then the check takes a little longer each time. */
function putStamp(wanted) {
  try {
    writeFileSync(stamp, wanted);
  } catch (error) {
    if (!["EROFS", "EACCES", "EPERM"].includes(error.code)) throw error;
  }
}

/**
 * The lock is a folder with one file named after its holder. A prepared folder is renamed onto it, which works only
 * while it is absent or empty; a dead holder's file is removed by its unique name, so that nobody alive is robbed.
 */
async function takeLock() {
  const holder = `${process.pid}.${startOf(process.pid)}`;
  const mine = `${lock}.${holder}`;
  let tries = 0;
  try {
    mkdirSync(mine, { recursive: true });
    writeFileSync(join(mine, holder), "");
    while (!takeOver(mine)) {
      if (++tries === 2) say("Another process is installing the packages; waiting for it.");
      await pause(200);
    }
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (["EROFS", "EACCES", "EPERM"].includes(error.code)) return withoutLock();
    fail(`The installation could not be prepared in ${root} (${error.code ?? error.message}). ${advice(String(error.code))}`);
  }
  const release = () => {
    rmSync(join(lock, holder), { force: true });
    attempt(() => rmdirSync(lock));
  };
  process.once("exit", release);
  return release;
}

/** Where nothing can be written nothing can be installed; what is there may still be whole. */
function withoutLock() {
  if (isInstalledWithoutStamp(wantedInstallation())) process.exit(0);
  fail(`Packages are missing in ${modules}, and this user may not write there. Use the user who owns the folder, or give it to this one. Then start again.`);
}

function takeOver(mine) {
  try {
    renameSync(mine, lock);
    return true;
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
  }
  for (const holder of attempt(() => readdirSync(lock)) ?? []) {
    const [pid, start] = holder.split(".");
    if (startOf(Number(pid)) !== start) attempt(() => unlinkSync(join(lock, holder)));
  }
  return false;
}

/** When a process started, by which a reused number is told apart; "gone" when there is no such process. */
function startOf(pid) {
  if (process.platform === "linux") {
    const stat = readOrNothing(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (stat === "" || fields[0] === "Z") return "gone";
    return `${readOrNothing("/proc/sys/kernel/random/boot_id").slice(0, 8)}-${fields[19]}`;
  }
  const started = attempt(() => execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }));
  return started?.trim().replaceAll(/\W+/g, "-") || "gone";
}

function readOrNothing(file) {
  return attempt(() => readFileSync(file, "utf8")) ?? "";
}

function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
