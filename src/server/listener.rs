//! Accepts connections and hands their requests over, until told to stop.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::server::client_stream::{ClientStream, linger, unreadable_head};
use crate::server::http_service::HttpService;
use crate::server::wire_faults::{self, Spoiled};

/// After a failed accept, usually for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);
/// What a connection may hold of a request's head, and of a body before it is taken.
const BUFFER: usize = 64 * 1024;

/// Accepts until `stop` changes, then lets requests under way finish, for a while.
pub(crate) async fn listen(
    listener: TcpListener,
    service: Arc<HttpService>,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(service.context.limits.connections));
    let mut connections = JoinSet::new();
    let told = stop.clone();
    let accepted = async {
        loop {
            while connections.try_join_next().is_some() {}
            let Ok(place) = places.clone().acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    connections.spawn(connection(
                        stream,
                        peer,
                        service.clone(),
                        told.clone(),
                        place,
                    ));
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
    let finished = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(service.context.limits.farewell, finished).await;
    connections.shutdown().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    service: Arc<HttpService>,
    mut stop: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let peer = peer.ip().to_canonical();
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(service.context.limits.header_time)
        .max_buf_size(BUFFER)
        .max_header_size(BUFFER)
        .auto_date_header(false)
        // Who has closed its sending half behind the request still waits for the answer (RFC 9112 9.6).
        .half_close(true)
        .title_case_headers(true);
    let spoiled = Arc::new(Spoiled::default());
    let left = spoiled.clone();
    let metrics = service.clone();
    let service = service_fn(move |request| {
        let (service, spoiled) = (service.clone(), spoiled.clone());
        // Boxed, because the connection is taken apart afterwards and must not be pinned.
        Box::pin(async move { service.answer(peer, request, &spoiled).await })
    });
    let mut connection = builder.serve_connection(TokioIo::new(ClientStream::new(stream)), service);
    // Without hyper's own end of the connection: a spoiled answer is written on the socket behind it.
    let stopping = tokio::select! {
        _ = poll_fn(|cx| connection.poll_without_shutdown(cx)) => false,
        _ = stop.wait_for(|stop| *stop) => true,
        () = left.is_cut() => return,
    };
    if stopping {
        Pin::new(&mut connection).graceful_shutdown();
        // A client that went away, or was cut, is no news.
        tokio::select! {
            _ = poll_fn(|cx| connection.poll_without_shutdown(cx)) => {}
            () = left.is_cut() => return,
        }
    }
    let (mut stream, refused) = connection.into_parts().io.into_inner().into_parts();
    if let Some(reply) = left.take() {
        return wire_faults::write(stream, reply).await;
    }
    if let Some(status) = refused {
        metrics.context.metrics.count(None, status);
        wire_faults::say(&mut stream, &unreadable_head(status, BUFFER)).await;
    }
    let _ = stream.shutdown().await;
    if (refused.is_some() || left.is_unread()) && !stopping {
        linger(&mut stream).await;
    }
}
