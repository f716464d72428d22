//! Accepts connections and hands their requests over, until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::server::doors::Shell;

/// After a failed accept, usually for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);
/// What a connection may hold of a request's head, and of a body before it is taken.
const BUFFER: usize = 64 * 1024;

/// Accepts until `stop` changes, then lets requests under way finish, for a while.
pub(super) async fn listen(
    listener: TcpListener,
    shell: Arc<Shell>,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(shell.limits.connections));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let accepted = async {
        loop {
            while connections.try_join_next().is_some() {}
            let Ok(place) = places.clone().acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let watcher = graceful.watcher();
                    connections.spawn(connection(stream, peer, shell.clone(), watcher, place));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    };
    tokio::select! {
        () = accepted => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    drop(listener);
    // Whoever has not finished by then is cut.
    let _ = tokio::time::timeout(shell.limits.farewell, graceful.shutdown()).await;
    connections.shutdown().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    shell: Arc<Shell>,
    watcher: Watcher,
    _place: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let peer = peer.ip().to_canonical();
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(shell.limits.header_time)
        .max_buf_size(BUFFER)
        .auto_date_header(false)
        .title_case_headers(true);
    let service = service_fn(move |request| {
        let shell = shell.clone();
        async move { shell.answer(peer, request).await }
    });
    // A client that went away, or was cut, is no news.
    let _ = watcher.watch(builder.serve_connection(TokioIo::new(stream), service)).await;
}
