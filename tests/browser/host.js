// A static host as publishers use them: folders answer with their index.html, a folder without
// its slash redirects, whatever is missing answers with 404.html, text is compressed, and what has a
// hash in its name is kept for a year. The Content-Security-Policy is the strictest that pages
// without scripts can live under, and a search.

import { createServer } from 'node:http';
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  'form-action *',
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

/** What a search needs besides: its script, and the files that it reads. */
const SEARCH = ["script-src 'self'", "connect-src 'self'"];

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml',
};

const TEXT = /^text\/|json|xml/;
const HASHED = /\.[0-9a-f]{8,}\.\w+$/;

/** Serves a folder at a base path of 127.0.0.1, on a free port; `more` adds to the policy. */
export async function serve(root, base = '/', more = []) {
  const searched = stat(join(root, 'search/index.json')) ? SEARCH : [];
  const policy = [...POLICY, ...searched, ...more].join('; ');
  const server = createServer((request, response) => {
    const { status, type, body: plain, location, age = 0 } = answer(root, base, request);
    const packed = TEXT.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const body = packed ? gzipSync(plain) : plain;
    response.writeHead(status, {
      'content-type': type,
      'cache-control': `max-age=${age}`,
      vary: 'accept-encoding',
      ...(packed && { 'content-encoding': 'gzip' }),
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      ...(location && { location }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    home: new URL(base, origin),
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

function answer(root, base, request) {
  const { pathname, search } = new URL(request.url, 'http://host');
  const plain = (status, text, more) => ({ status, type: 'text/plain; charset=utf-8', body: text, ...more });
  if (!['GET', 'HEAD'].includes(request.method)) return plain(405, 'Method not allowed');
  let path;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return plain(400, 'Bad request');
  }
  // `new URL` has taken the dots out of the path; what still climbs was written in escapes.
  const inside = path.startsWith(base) && !path.split(/[\\/]/).some((part) => part.startsWith('.'));
  if (inside && !path.includes('\0')) {
    const file = join(root, path.slice(base.length).replace(/\/$/, ''));
    const found = stat(file);
    if (found?.isDirectory()) {
      if (!path.endsWith('/')) return plain(301, 'Moved', { location: `${pathname}/${search}` });
      const index = join(file, 'index.html');
      if (stat(index)) return content(200, index);
    } else if (found && !path.endsWith('/')) {
      return content(200, file);
    }
  }
  const missing = join(root, '404.html');
  return stat(missing) ? content(404, missing) : plain(404, 'Not found');
}

function stat(file) {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

function content(status, file) {
  return {
    status,
    type: TYPES[extname(file)] ?? 'application/octet-stream',
    body: readFileSync(file),
    age: HASHED.test(basename(file)) ? 31_536_000 : 600,
  };
}
