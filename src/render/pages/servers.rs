//! What servers are told that hand out the site: how long what may be kept, what pages may load,
//! and which old paths lead where.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

use super::super::Renderer;
use crate::config::NONE;
use crate::diagnostics::Diagnostic;
use crate::model::Compression;
use crate::site::{HEADERS, ServerFile};
use crate::source;

/// How long a file may be kept whose name has a hash of its content: a year, and no question asked
/// (RFC 8246).
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What else may be loaded by pages of the themes of the program, and by nobody's pages else: films
/// of the component `video` once a reader starts one, and pictures of other sites that articles show.
const POLICY: [(&str, &str); 12] = [
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data: https:"),
    ("media-src", "'self' https:"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    (
        "frame-src",
        "https://www.youtube-nocookie.com https://player.vimeo.com",
    ),
    ("manifest-src", "'self'"),
    ("form-action", "'self' https:"),
    ("base-uri", "'none'"),
    ("frame-ancestors", "'self'"),
];

/// Headers of every page besides the policy.
const HEADERS_OF_ALL: [(&str, &str); 2] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
];

impl Renderer {
    /// A file that tells a server what to do.
    pub(in crate::render) fn server_file(&self, file: ServerFile) -> Result<Vec<u8>, Diagnostic> {
        let text = match file {
            ServerFile::Headers => self.headers_file()?,
            ServerFile::Nginx => self.nginx(),
            ServerFile::Caddy => self.caddy(),
        };
        Ok(text.into_bytes())
    }

    /// The Content-Security-Policy, unless none is wanted: what the themes of the program need, and
    /// what pressroom.yaml adds.
    fn policy(&self) -> Option<String> {
        let added = self.config.hosting.policy.as_ref()?;
        let mut directives: Vec<String> = Vec::new();
        for (name, sources) in POLICY {
            let more = added
                .get(name)
                .map(|more| more.join(" "))
                .unwrap_or_default();
            directives.push(match (sources, &*more) {
                (_, "") => format!("{name} {sources}"),
                // 'none' means nothing beside a source; of the owner's, that there are to be none.
                (_, NONE) | (NONE, _) => format!("{name} {more}"),
                (_, more) => format!("{name} {sources} {more}"),
            });
        }
        for (name, sources) in added {
            if !POLICY.iter().any(|(known, _)| known == name) && !sources.is_empty() {
                directives.push(format!("{name} {}", sources.join(" ")));
            }
        }
        Some(directives.join("; "))
    }

    /// Headers of everything.
    fn headers_of_all(&self) -> impl Iterator<Item = (&'static str, String)> {
        let policy = self
            .policy()
            .map(|policy| ("Content-Security-Policy", policy));
        let others = HEADERS_OF_ALL.map(|(name, value)| (name, value.to_owned()));
        policy.into_iter().chain(others)
    }

    /// `_headers`, as Netlify and Cloudflare Pages read it. The owner's rules come first.
    fn headers_file(&self) -> Result<String, Diagnostic> {
        let own = self.site.statics.iter().find(|file| file.path == HEADERS);
        let mut out = own.map_or_else(|| Ok(String::new()), source::text)?;
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        let base = self.base_path();
        let _ = writeln!(out, "{base}*");
        for (name, value) in self.headers_of_all() {
            let _ = writeln!(out, "  {name}: {value}");
        }
        let _ = writeln!(out, "{base}assets/*\n  Cache-Control: {FOR_EVER}");
        Ok(out)
    }

    /// What a `server` block of nginx includes. There is one level of headers only, since a
    /// `location` with headers of its own would have none of the others.
    fn nginx(&self) -> String {
        let base = self.config.base_url.decoded_path();
        let plain = nginx_pattern(&base);
        let mut out = String::from(
            "# Made by Pressroom with each build. Include it in the server block of the site.\n\
             absolute_redirect off;\n",
        );
        let _ = writeln!(out, "error_page 404 \"{base}404.html\";");
        let _ = writeln!(
            out,
            "set $pressroom_cache \"no-cache\";\n\
             if ($uri ~ \"^{plain}assets/\") {{ set $pressroom_cache \"{FOR_EVER}\"; }}\n\
             add_header Cache-Control $pressroom_cache;"
        );
        for (name, value) in self.headers_of_all() {
            let _ = writeln!(out, "add_header {name} \"{value}\" always;");
        }
        for compression in &self.config.hosting.compression {
            out.push_str(match compression {
                Compression::Gzip => "gzip_static on;\n",
                Compression::Brotli => {
                    "# This needs the module ngx_http_brotli_static.\nbrotli_static on;\n"
                }
            });
        }
        let private = private_files().map(|file| format!("{}$", file.replace('.', "\\.")));
        let private = private.collect::<Vec<_>>().join("|");
        let _ = writeln!(
            out,
            "location ~ \"^{plain}(\\.pressroom/|{private})\" {{ return 404; }}"
        );
        for (from, to) in self.moves() {
            let from = percent_decode_str(&from).decode_utf8_lossy();
            let from = from.replace('\\', "\\\\").replace('"', "\\\"");
            // A dollar begins a variable.
            let to = to.replace('$', "%24");
            let _ = writeln!(out, "location = \"{from}\" {{ return 301 \"{to}\"; }}");
        }
        out
    }

    /// What a site block of a Caddyfile imports.
    fn caddy(&self) -> String {
        let base = self.config.base_url.decoded_path();
        let mut out = String::from(
            "# Made by Pressroom with each build. Import it in the site block of the site.\n",
        );
        let _ = writeln!(out, "header {{");
        for (name, value) in self.headers_of_all() {
            let _ = writeln!(out, "\t{name} \"{value}\"");
        }
        let _ = writeln!(
            out,
            "}}\n@kept path \"{base}assets/*\"\nheader @kept Cache-Control \"{FOR_EVER}\"\n\
             @asked not path \"{base}assets/*\"\nheader @asked Cache-Control no-cache"
        );
        let private = private_files().chain([".pressroom/*"]);
        let private: Vec<String> = private.map(|file| format!("\"{base}{file}\"")).collect();
        let _ = writeln!(
            out,
            "@pressroom path {}\nerror @pressroom 404",
            private.join(" ")
        );
        let compressions = self.config.hosting.compression.iter().rev();
        let compressions: Vec<&str> = compressions.map(|form| form.coding()).collect();
        if compressions.is_empty() {
            out.push_str("file_server\n");
        } else {
            let precompressed = compressions.join(" ");
            let _ = writeln!(out, "file_server {{\n\tprecompressed {precompressed}\n}}");
        }
        let _ = writeln!(
            out,
            "handle_errors {{\n\t@missing expression {{err.status_code}} == 404\n\trewrite @missing \"{base}404.html\"\n\theader Cache-Control no-cache\n\tfile_server\n}}"
        );
        for (from, to) in self.moves() {
            let from = caddy_path(&from);
            // A brace begins a placeholder.
            let to = to.replace('{', "%7B").replace('}', "%7D");
            let _ = writeln!(out, "redir \"{from}\" \"{to}\" 301");
        }
        out
    }
}

/// A path as a pattern of nginx that fits it alone.
fn nginx_pattern(path: &str) -> String {
    let mut out = String::new();
    for c in path.chars() {
        if !c.is_alphanumeric() && c != '/' && c != '-' && c != '_' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A path, given percent-encoded, as Caddy compares it: decoded, so that it fits however it is asked
/// for, unless something in it would mean something else.
fn caddy_path(encoded: &str) -> Cow<'_, str> {
    let decoded = percent_decode_str(encoded).decode_utf8_lossy();
    if decoded.contains(['*', '?', '[', '\\', '{', '}', '"', '`', '%']) {
        encoded.replace('*', "%2A").into()
    } else {
        decoded
    }
}

/// Files that are for servers and not for visitors, relative to the site.
fn private_files() -> impl Iterator<Item = &'static str> {
    let files = ServerFile::ALL.into_iter().map(ServerFile::path);
    let files = files.chain(["/_redirects"]);
    files.map(|file| file.trim_start_matches('/'))
}
