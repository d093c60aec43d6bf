// A real MariaDB for tests: its own server in a temporary folder, reached over a Unix socket alone and gone at the end.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createConnection } from "mysql2/promise";

export interface MariaDb {
  readonly socketPath: string;
  readonly folder: string;
  /** As the administrator, one statement after another. */
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

function programAt(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/libexec"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export const mariaDbIsInstalled = programAt("mariadbd") !== undefined && programAt("mariadb-install-db") !== undefined;

const asUser = process.getuid?.() === 0 ? ["--user=root"] : [];

/** `options` go to the server; its port stays closed unless they open one. */
export async function startMariaDb(options: readonly string[] = ["--skip-networking"]): Promise<MariaDb> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-mariadb-"));
  const data = join(folder, "data");
  const socketPath = join(folder, "s.sock");
  execFileSync(programAt("mariadb-install-db") ?? "", [
    "--no-defaults",
    ...asUser,
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
  const small = ["--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M", "--performance-schema=off", "--innodb-flush-log-at-trx-commit=0"];
  const server = spawn(programAt("mariadbd") ?? "", ["--no-defaults", ...asUser, `--datadir=${data}`, `--socket=${socketPath}`, ...small, ...options], {
    stdio: "ignore",
  });
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
