// Debian's nginx and Caddy, each with a folder of its own to serve and the snippet that a build made.

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BROTLI = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';

/** The servers that are here, each with how it is configured and run. */
export const SERVERS = { nginx, caddy };

/** Whether a server is installed. */
export function isHere(name) {
  return spawnSync(name, [name === 'nginx' ? '-v' : 'version']).status === 0;
}

/** Serves a site at its base path on a free port of 127.0.0.1. */
export async function start(name, site) {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  // nginx hands files out as another user, if it may.
  chmodSync(folder, 0o755);
  const root = join(folder, 'www');
  const published = join(root, site.home.pathname);
  mkdirSync(published, { recursive: true });
  cpSync(site.root, published, { recursive: true });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { command, args, env } = SERVERS[name]({ folder, root, published, port });
  const server = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (bytes) => (said += bytes));
  const ended = new Promise((done) => server.on('exit', done));
  for (let tries = 0; ; tries++) {
    const answer = await fetch(origin, { redirect: 'manual' }).catch(() => undefined);
    if (answer) break;
    if (tries === 100 || server.exitCode !== null) throw new Error(`${name} does not answer:\n${said}`);
    await new Promise((later) => setTimeout(later, 100));
  }
  return {
    origin,
    home: new URL(site.home.pathname, origin),
    said: () => said,
    async close() {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function nginx({ folder, root, published, port }) {
  const file = join(folder, 'nginx.conf');
  const aside = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = aside.map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ');
  writeFileSync(
    file,
    `${existsSync(BROTLI) ? `load_module ${BROTLI};` : ''}
daemon off;
pid ${join(folder, 'pid')};
error_log stderr warn;
events {}
http {
  include /etc/nginx/mime.types;
  access_log off;
  ${paths}
  server {
    listen 127.0.0.1:${port};
    root ${root};
    include ${join(published, '_nginx.conf')};
  }
}
`,
  );
  return { command: 'nginx', args: ['-p', folder, '-c', file, '-e', 'stderr'] };
}

function caddy({ folder, root, published, port }) {
  const file = join(folder, 'Caddyfile');
  writeFileSync(
    file,
    `{
	admin off
	auto_https off
}
http://127.0.0.1:${port} {
	root * ${root}
	import ${join(published, '_Caddyfile')}
}
`,
  );
  return { command: 'caddy', args: ['run', '--config', file], env: { HOME: folder, XDG_DATA_HOME: folder } };
}

async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}
