//! Connections: how many, how long, and how they end.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::Receiver;
use tokio_io_timeout::TimeoutStream;

use super::{Site, answer};
use crate::diagnostics::{Code, Diagnostic};

/// Connections at a time; more wait to be accepted.
const MOST: usize = 4096;
/// Threads that make pages and read files. Each keeps some memory for itself.
const RENDERING: usize = 32;
/// Files that may be open besides connections: the site is read while they are open.
const OTHER_FILES: usize = 128;
/// How long the head of a request may take, how long a connection may be idle, and how long a reader may
/// take nothing of an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes that the head of a request may have.
const LARGEST_HEAD: usize = 16 * 1024;
/// How long connections may take to end when the server does.
const FAREWELL: Duration = Duration::from_millis(500);

/// What is sent, as a whole or piece by piece.
pub enum Sent {
    Whole(Option<Bytes>),
    Pieces(Receiver<io::Result<Bytes>>),
    Words(Receiver<String>),
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut *self {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(Frame::data).map(Ok)),
            Self::Pieces(pieces) => pieces
                .poll_recv(context)
                .map(|piece| piece.map(|piece| piece.map(Frame::data))),
            // Server-sent events (WHATWG HTML, 9.2).
            Self::Words(words) => words.poll_recv(context).map(|word| {
                let word = word.map(|word| Bytes::from(format!("data: {word}\n\n")));
                word.map(Frame::data).map(Ok)
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        match self {
            Self::Whole(bytes) => {
                let length = bytes.as_ref().map_or(0, Bytes::len);
                hyper::body::SizeHint::with_exact(length as u64)
            }
            _ => hyper::body::SizeHint::default(),
        }
    }
}

/// Answers at these sockets until the process is told to end.
pub fn serve(sockets: Vec<std::net::TcpListener>, site: &Arc<Site>) -> Result<(), Diagnostic> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(RENDERING)
        .enable_all()
        .build()
        .map_err(|error| failed(&error))?;
    let served = runtime.block_on(async {
        let room = Arc::new(Semaphore::new(room()));
        for socket in sockets {
            let listener = TcpListener::from_std(socket).map_err(|error| failed(&error))?;
            tokio::spawn(accept(listener, Arc::clone(site), Arc::clone(&room)));
        }
        told_to_end().await;
        Ok(())
    });
    runtime.shutdown_timeout(FAREWELL);
    served
}

fn failed(error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::Argument, format!("the server cannot begin: {error}"))
}

/// How many connections there is room for, since the system bounds how many files are open, and half
/// of them at most are of pages that listen.
pub fn room() -> usize {
    let files = rlimit::increase_nofile_limit((MOST + OTHER_FILES) as u64);
    let files = files.map_or(MOST, |files| files as usize);
    files.saturating_sub(OTHER_FILES).clamp(OTHER_FILES, MOST)
}

async fn accept(listener: TcpListener, site: Arc<Site>, room: Arc<Semaphore>) {
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let Ok((stream, peer)) = listener.accept().await else {
            // Too many open files, for instance: that passes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let site = Arc::clone(&site);
        // A socket for both kinds of addresses tells the old ones as new ones.
        let is_local = peer.ip().to_canonical().is_loopback();
        tokio::spawn(async move {
            let answer = service_fn(|request| respond(request, Arc::clone(&site), is_local));
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(PATIENCE));
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(LARGEST_HEAD)
                .serve_connection(TokioIo::new(Box::pin(stream)), answer)
                .await;
            drop(place);
        });
    }
}

async fn respond(
    request: Request<Incoming>,
    site: Arc<Site>,
    is_local: bool,
) -> Result<Response<Sent>, Infallible> {
    let (head, _) = request.into_parts();
    // Rendering takes a while, and other connections do not wait for it.
    let answer = tokio::task::spawn_blocking(move || answer::answer(&site, &head, is_local)).await;
    Ok(answer.unwrap_or_else(|_| answer::plain(500, "This page could not be made.\n")))
}

/// Waits for Ctrl-C, or for what service managers send.
async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
