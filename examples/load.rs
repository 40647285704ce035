//! Asks a server for pages as fast as it answers, over connections that stay.
//!
//!     cargo run --release --example load -- HOST:PORT SECONDS CONNECTIONS PATH…
//!
//! In: where the server listens, for how long to ask, over how many connections at a time, and the paths
//! of pages, which each connection asks for in turn. Out: a line of JSON with how many pages came, how
//! many answers were anything but a whole page with status 200, and how long answers took.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, io, thread};

const USAGE: &str = "usage: load HOST:PORT SECONDS CONNECTIONS PATH…";

/// An answer that takes longer is a mistake.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a connection saw.
#[derive(Default)]
struct Seen {
    /// How long each page took.
    took: Vec<Duration>,
    /// What was wrong with other answers.
    errors: Vec<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, seconds, connections, paths @ ..] = &*arguments else {
        return usage();
    };
    let (Ok(seconds), Ok(connections)) = (seconds.parse(), connections.parse::<usize>()) else {
        return usage();
    };
    if paths.is_empty() || connections == 0 {
        return usage();
    }
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let seen: Vec<Seen> = thread::scope(|scope| {
        let ask = |first| scope.spawn(move || ask(host, paths, first, until));
        let threads: Vec<_> = (0..connections).map(ask).collect();
        let ends = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ends.map(Result::unwrap_or_default).collect()
    });
    let errors: Vec<&String> = seen.iter().flat_map(|seen| &seen.errors).collect();
    let mut took: Vec<Duration> = seen.iter().flat_map(|seen| seen.took.clone()).collect();
    took.sort_unstable();
    if let Some(first) = errors.first() {
        eprintln!("{first}");
    }
    let at = |share: f64| {
        let at = (took.len() as f64 * share) as usize;
        let took = took.get(at.min(took.len().saturating_sub(1)));
        took.map_or(0.0, Duration::as_secs_f64) * 1_000.0
    };
    println!(
        "{{\"pages\":{},\"errors\":{},\"seconds\":{:.1},\"median\":{:.2},\"most_of_100\":{:.2},\"most\":{:.2}}}",
        took.len(),
        errors.len(),
        started.elapsed().as_secs_f64(),
        at(0.5),
        at(0.99),
        at(1.0),
    );
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

/// Asks for one page after the other.
fn ask(host: &str, paths: &[String], first: usize, until: Instant) -> Seen {
    let mut seen = Seen::default();
    let mut paths = paths.iter().cycle().skip(first);
    while Instant::now() < until {
        let asked = connect(host).and_then(|mut stream| {
            while Instant::now() < until
                && let Some(path) = paths.next()
            {
                let began = Instant::now();
                page(&mut stream, host, path)?;
                seen.took.push(began.elapsed());
            }
            Ok(())
        });
        if let Err(error) = asked {
            seen.errors.push(error.to_string());
            // A server that is gone is not asked a million times.
            thread::sleep(Duration::from_millis(10));
        }
    }
    seen
}

fn connect(host: &str) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(host)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

/// Reads a page to its end.
fn page(stream: &mut BufReader<TcpStream>, host: &str, path: &str) -> io::Result<()> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.get_mut().write_all(request.as_bytes())?;
    let mut length = 0;
    let mut status = String::new();
    stream.read_line(&mut status)?;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(told) = line.strip_prefix("content-length:") {
            length = told.trim().parse().map_err(io::Error::other)?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    if status.trim_end() == "HTTP/1.1 200 OK" && body.trim_ascii_end().ends_with(b"</html>") {
        return Ok(());
    }
    let status = status.trim_end();
    Err(io::Error::other(format!(
        "{path}: {status}, {length} bytes"
    )))
}
