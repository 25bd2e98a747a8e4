//! The listener: every connection on its own task, with limits on headers, time and number.
//! `axum::serve` waits for ever for a header that is never finished; this does not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit};
use axum::http::header::InvalidHeaderValue;
use axum::middleware::{from_fn, from_fn_with_state};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::access::origin::refuse_cross_site;
use crate::{App, api, assets, guard};

/// Headers must be there within this time.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Most bytes of headers.
const HEADER_BYTES: usize = 32 << 10;
/// Most headers.
const HEADER_COUNT: usize = 64;
/// Most bytes of a body.
const BODY_BYTES: usize = 64 << 10;
/// Most connections at the same time.
const CONNECTIONS: usize = 1_024;
/// Open connections get so long to finish when the window closes.
const GOODBYE: Duration = Duration::from_secs(5);

/// Everything that can be asked for.
///
/// # Errors
/// [`InvalidHeaderValue`] when the background map cannot stand in the security policy.
pub fn router(app: App) -> Result<Router, InvalidHeaderValue> {
    let policy = guard::policy(app.background.as_deref())?;
    Ok(Router::new()
        .nest("/api", api::routes())
        .fallback(assets::page)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(CompressionLayer::new())
        .layer(from_fn(refuse_cross_site))
        .layer(from_fn(guard::time_limit))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(policy, guard::security_headers))
        .with_state(app))
}

/// A panic is a fault of ours; what it said stays here.
fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    axum::response::IntoResponse::into_response(crate::problem::Problem::Internal)
}

/// Serves until `stop` is ready, then lets open connections finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let turns = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let builder = builder();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &turns) => accepted,
            () = &mut stop => break,
        };
        let Some((stream, from, turn)) = accepted else { continue };
        let service = router.clone().layer(axum::Extension(ConnectInfo(from)));
        let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let watched = graceful.watch(connection.into_owned());
        tokio::spawn(async move {
            let _turn = turn;
            if let Err(error) = watched.await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
    let _in_time = tokio::time::timeout(GOODBYE, graceful.shutdown()).await;
}

/// The next connection, when there is room for it.
async fn accept(
    listener: &TcpListener,
    turns: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let turn = Arc::clone(turns).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, from)) => {
            let _without_delay = stream.set_nodelay(true);
            Some((stream, from, turn))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection was not accepted");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

/// HTTP/1.1 only: waiting for the first bytes that tell HTTP/2 apart has no time limit.
fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADER_COUNT);
    builder
}
