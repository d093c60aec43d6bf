// A real MariaDB and a real MySQL for tests: a server of their own in a temporary folder, reached over a Unix socket alone and gone at the end.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createConnection } from "mysql2/promise";

export interface RunningServer {
  readonly socketPath: string;
  readonly folder: string;
  /** As the administrator, one statement after another. */
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerKind {
  readonly name: "MariaDB" | "MySQL";
  /** Why its tests skip, or false. */
  readonly isMissing: false | string;
  /** The code of a read that the server stopped for its time. */
  readonly timeIsUp: string;
  /** A table expression with a column `seq` of 1 to 30,000. */
  readonly manyRows: string;
  defaultRole(role: string, user: string): string;
  /** `options` go to the server; its port stays closed unless they open one. */
  start(options?: readonly string[]): Promise<RunningServer>;
}

function programAt(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/libexec"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** `PORTCULLIS_MYSQLD` names one that is not on the path. Where MariaDB is installed, its server answers to the name of MySQL's. */
function oracleMysqld(): string | undefined {
  const path = process.env["PORTCULLIS_MYSQLD"] ?? programAt("mysqld");
  if (path === undefined) return undefined;
  return /mariadb/i.test(execFileSync(path, ["--no-defaults", "--version"], { encoding: "utf8" })) ? undefined : path;
}

const installer = programAt("mariadb-install-db");
const mariadbd = programAt("mariadbd");
const mysqld = oracleMysqld();

const asUser = process.getuid?.() === 0 ? ["--user=root"] : [];
const small = ["--innodb-buffer-pool-size=32M", "--performance-schema=off", "--innodb-flush-log-at-trx-commit=0"];

const mariaDb: ServerKind = {
  name: "MariaDB",
  isMissing: mariadbd === undefined || installer === undefined ? "MariaDB is not installed here" : false,
  timeIsUp: "70100",
  manyRows: "seq_1_to_30000",
  defaultRole: (role, user) => `set default role ${role} for ${user}`,
  start: (options = ["--skip-networking"]) =>
    started(mariadbd ?? "", [...small, "--innodb-log-file-size=8M", ...options], (data) => {
      const plain = ["--auth-root-authentication-method=normal", "--skip-test-db"];
      execFileSync(installer ?? "", ["--no-defaults", ...asUser, `--datadir=${data}`, ...plain]);
    }),
};

const oracle: ServerKind = {
  name: "MySQL",
  isMissing: mysqld === undefined ? "MySQL is not installed here (PORTCULLIS_MYSQLD can name its server)" : false,
  timeIsUp: "ER_QUERY_TIMEOUT",
  manyRows: `(with recursive s (seq) as (select 1 union all select seq + 1 from s where seq < 30000) select /*+ set_var(cte_max_recursion_depth = 30000) */ seq from s) many`,
  defaultRole: (role, user) => `set default role ${role} to ${user}`,
  start: (options = ["--skip-networking"]) =>
    started(mysqld ?? "", [...small, "--mysqlx=OFF", "--secure-file-priv=NULL", "--innodb-redo-log-capacity=8M", "--skip-log-bin", ...options], (data) => {
      execFileSync(mysqld ?? "", ["--no-defaults", ...asUser, `--datadir=${data}`, "--initialize-insecure"], { stdio: "ignore" });
    }),
};

export const mysqlServers: readonly ServerKind[] = [mariaDb, oracle];

async function started(program: string, options: readonly string[], layOut: (data: string) => void): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-mysql-"));
  const data = join(folder, "data");
  const socketPath = join(folder, "s.sock");
  layOut(data);
  const server = spawn(program, ["--no-defaults", ...asUser, `--datadir=${data}`, `--socket=${socketPath}`, ...options], { stdio: "ignore" });
  await answering(server, socketPath);
  return {
    socketPath,
    folder,
    async run(sql) {
      const connection = await createConnection({ socketPath, user: "root", multipleStatements: true, charset: "utf8mb4" });
      try {
        await connection.query(sql);
      } finally {
        await connection.end();
      }
    },
    async stop() {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(server: ChildProcess, socketPath: string): Promise<void> {
  for (let tries = 0; server.exitCode === null && tries < 300; tries++) {
    const connection = await createConnection({ socketPath, user: "root" }).catch(() => undefined);
    if (connection !== undefined) return await connection.end();
    await wait(100);
  }
  throw new Error("the server did not start");
}
