//! TLS for webhooks: whom we trust, and what is said when we do not.

use tokio::net::TcpStream;

use crate::sim::webhook::egress::Url;

/// The machine's trusted certificates, read when they are first needed.
#[cfg(feature = "tls")]
#[derive(Debug, Default)]
pub(crate) struct Trust {
    config: tokio::sync::OnceCell<std::sync::Arc<rustls::ClientConfig>>,
}

#[cfg(feature = "tls")]
impl Trust {
    /// Speaks TLS over a connection.
    pub(crate) async fn wrap(
        &self,
        address: &Url,
        stream: TcpStream,
    ) -> Result<tokio_rustls::client::TlsStream<TcpStream>, String> {
        let host = rustls::pki_types::ServerName::try_from(address.host.clone())
            .map_err(|_| format!("`{}` is not a name a certificate could have", address.host))?;
        let config = self.config.get_or_try_init(config).await?;
        let connector = tokio_rustls::TlsConnector::from(config.clone());
        connector.connect(host, stream).await.map_err(|error| refusal(address, &error))
    }
}

/// Reading the trusted certificates takes a moment, off the tasks that serve.
#[cfg(feature = "tls")]
async fn config() -> Result<std::sync::Arc<rustls::ClientConfig>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("TLS could not be set up: {error}");
    let found = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs);
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(found.await.map_err(|error| failed(&error))?.certs);
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(std::sync::Arc::new(config))
}

#[cfg(feature = "tls")]
fn refusal(address: &Url, error: &std::io::Error) -> String {
    let place = address.authority();
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(reason)) => format!(
            "the TLS certificate of {place} is not trusted: {reason}; SSL_CERT_FILE may name a file with its issuer"
        ),
        Some(rustls::Error::InvalidMessage(_)) => format!("{place} does not speak TLS"),
        Some(other) => format!("TLS with {place} failed: {other}"),
        None => format!("TLS with {place} failed: {error}"),
    }
}

/// Without the feature `tls`, nobody.
#[cfg(not(feature = "tls"))]
#[derive(Debug, Default)]
pub(crate) struct Trust;

#[cfg(not(feature = "tls"))]
impl Trust {
    /// Says that it cannot.
    pub(crate) async fn wrap(
        &self,
        address: &Url,
        _stream: TcpStream,
    ) -> Result<TcpStream, String> {
        Err(format!(
            "{} wants TLS, and this program was built without the feature `tls`; reach it at an http address with --webhook-to",
            address.authority()
        ))
    }
}
