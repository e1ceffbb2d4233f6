//! A way to a server that can be broken off and restored.

use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A proxy in front of the server of a URL.
pub struct BreakableProxy {
    target: String,
    address: String,
    open: Arc<watch::Sender<bool>>,
}

impl BreakableProxy {
    /// Starts a proxy to the host and port of this URL.
    pub async fn to(url: &str) -> Self {
        let url = reqwest::Url::parse(url).unwrap();
        let target = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let open = Arc::new(watch::Sender::new(true));
        let (gate, goal) = (Arc::clone(&open), target.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *gate.borrow() {
                    tokio::spawn(carry(client, goal.clone(), gate.subscribe()));
                }
            }
        });
        Self { target, address, open }
    }

    /// The URL with the proxy in the server's place.
    pub fn url(&self, direct: &str) -> String {
        assert!(direct.contains(&self.target), "the URL names its host and port");
        direct.replacen(&self.target, &self.address, 1)
    }

    /// Cuts all connections and takes no more.
    pub fn break_off(&self) {
        self.open.send_replace(false);
    }

    /// Takes connections again.
    pub fn restore(&self) {
        self.open.send_replace(true);
    }
}

async fn carry(mut client: TcpStream, target: String, mut open: watch::Receiver<bool>) {
    let mut server = TcpStream::connect(target).await.unwrap();
    tokio::select! {
        _ended = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _broken = open.wait_for(|open| !open) => {}
    }
}
