//! `pressroom serve` as a test asks it: over HTTP, and by the lines that it prints.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Site, article};

/// How long anything may take before it is taken for missing.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A server that ends with the test.
pub struct Server {
    pub process: Child,
    pub address: SocketAddr,
    pub lines: Receiver<Value>,
    /// Diagnostics and remarks.
    pub remarks: Receiver<String>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Server {
    pub fn start(site: &Site, arguments: &[&str]) -> Self {
        Self::start_with(site, arguments, |_| {})
    }

    /// The same, with more of its own than arguments.
    pub fn start_with(site: &Site, arguments: &[&str], own: impl FnOnce(&mut Command)) -> Self {
        let mut command = site.command(["serve", "--port", "0", "--format", "json"]);
        command.args(arguments);
        own(&mut command);
        let (server, told) = Self::told(&mut command);
        assert!(told.is_empty(), "{told:?}");
        server
    }

    /// A server that is started by this command, and what it tells before it is ready.
    pub fn told(command: &mut Command) -> (Self, Vec<Value>) {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let object = |line: String| serde_json::from_str(&line).expect("each line is an object");
        let lines = heard(process.stdout.take().expect("its output"), object);
        let remarks = heard(process.stderr.take().expect("its remarks"), |line| line);
        let mut told = Vec::new();
        let ready = loop {
            let line: Value = lines.recv_timeout(PATIENCE).expect("it gets ready");
            if line["event"] == "ready" {
                break line;
            }
            told.push(line);
        };
        let url = ready["url"].as_str().expect("a URL");
        let port = url
            .split('/')
            .nth(2)
            .and_then(|host| host.rsplit(':').next());
        let port: u16 = port.expect("a port").parse().expect("a number");
        let server = Self {
            process,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            lines,
            remarks,
        };
        (server, told)
    }

    /// The answer to a whole request as it is written.
    pub fn ask(&self, request: &str) -> Answer {
        Answer::to(self.address, request.as_bytes())
    }

    pub fn request(&self, path: &str, headers: &str) -> Answer {
        Answer::to(self.address, get(self.address, path, headers).as_bytes())
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request(path, "")
    }

    /// A page that a browser has open: what it is told.
    pub fn open(&self, path: &str) -> Receiver<Value> {
        let page = self.get(path).text();
        let tag = page.split("data-tag=\"").nth(1);
        let tag = tag.and_then(|rest| rest.split('"').next()).unwrap_or("");
        let words = self.listen(&format!("path={path}&tag={tag}"));
        let first: Value = words.recv_timeout(PATIENCE).expect("a first word");
        assert!(first.get("trouble").is_some(), "{first}");
        words
    }

    /// What a page is told that listens in this way.
    pub fn listen(&self, query: &str) -> Receiver<Value> {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let host = self.address;
        let request = format!("GET /_pressroom/events?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it is heard");
        let (tell, words) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if let Some(word) = line.strip_prefix("data: ") {
                    let word = serde_json::from_str(word).expect("a word is JSON");
                    if tell.send(word).is_err() {
                        return;
                    }
                }
            }
        });
        words
    }

    /// Ends the server; all that it remarked and nobody has read yet.
    pub fn end(&mut self) -> Vec<String> {
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.remarks.iter().collect()
    }

    /// Waits until all pages were looked at and so many mistakes are known.
    #[track_caller]
    pub fn await_sweep(&self, mistakes: usize) -> Value {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("all is looked at");
            if line["event"] == "swept" && line["mistakes"] == mistakes {
                return line;
            }
        }
    }

    /// The next change that is told.
    #[track_caller]
    pub fn change(&self) -> Value {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("a change is told");
            if line["event"] == "changed" {
                return line;
            }
        }
    }

    /// Waits until the server has seen a file change.
    #[track_caller]
    pub fn await_change(&self, file: &str) -> Value {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let line = self.change();
            let files = line["files"].as_array().cloned().unwrap_or_default();
            // A folder that has come is told as a whole.
            let is_it = |seen: &str| file == seen || file.starts_with(&format!("{seen}/"));
            if files.iter().any(|seen| seen.as_str().is_some_and(is_it)) {
                return line;
            }
        }
        panic!("{file} has changed, and the server does not say so");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines that a process prints, each as it is read.
fn heard<T: Send + 'static>(
    output: impl Read + Send + 'static,
    read: impl Fn(String) -> T + Send + 'static,
) -> Receiver<T> {
    let (tell, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if tell.send(read(line)).is_err() {
                return;
            }
        }
    });
    lines
}

/// A request, as it is written.
pub fn get(host: SocketAddr, path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n")
}

impl Answer {
    /// The answer to a request as it is written.
    pub fn to(address: SocketAddr, request: &[u8]) -> Self {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let mut answer = Vec::new();
        // A server that has refused half a request may hang up before it is read.
        let _ = stream.write_all(request);
        let _ = stream.read_to_end(&mut answer);
        Self::read(&answer)
    }

    pub fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status = status.and_then(|status| status.parse().ok()).unwrap_or(0);
        let headers = lines.filter_map(|line| line.split_once(": "));
        Self {
            status,
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: bytes.get(end + 4..).unwrap_or_default().to_vec(),
        }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The page without what the server has added.
    pub fn as_built(&self) -> String {
        let text = self.text();
        let begins = text.find("<link rel=\"stylesheet\" href=\"/_pressroom/");
        let ends = text
            .find("</script></body>")
            .map(|at| at + "</script>".len());
        match (begins, ends) {
            (Some(from), Some(to)) => text[..from].to_owned() + &text[to..],
            _ => text,
        }
    }
}

/// The word that a page hears next, words of trouble aside.
#[track_caller]
pub fn next(words: &Receiver<Value>) -> Value {
    loop {
        let word = words.recv_timeout(PATIENCE).expect("a word");
        if word.get("trouble").is_none() {
            return word;
        }
    }
}

/// The next word about trouble.
#[track_caller]
pub fn trouble(words: &Receiver<Value>) -> Value {
    loop {
        let word = words.recv_timeout(PATIENCE).expect("a word");
        if let Some(trouble) = word.get("trouble") {
            return trouble.clone();
        }
    }
}

/// A small site with a draft, files of its own and a page that links to another.
pub fn gazette() -> Site {
    Site::new([
        ("pressroom.yaml", "title: The Gazette\n"),
        (
            "content/news/bridge.md",
            &article(
                "The bridge",
                "date: 2026-11-01\ntags: [harbour]\n",
                "Steel and rivets.",
            ),
        ),
        (
            "content/news/ferry.md",
            &article(
                "The ferry",
                "date: 2026-11-02\ntags: [harbour]\n",
                "Boats at [the bridge](bridge.md).",
            ),
        ),
        (
            "content/sport/rowing.md",
            &article(
                "Rowing",
                "date: 2026-11-03\ndraft: true\n",
                "Eight oars, one boat.",
            ),
        ),
        ("static/hand.css", "p { color: black }\n"),
        ("static/data.bin", "0123456789"),
        ("content/news/photo.txt", "a photo\n"),
    ])
}
