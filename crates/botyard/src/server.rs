//! A running server: from opened store to closed store.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use conversation::{Conversations, Keeper};

use crate::config::{self, Role};
use crate::sample::CORNER_COFFEE;
use crate::{Config, Error, Premises, Sources};

/// What differs between the server of production and that of a test.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where the time and new ids come from.
    pub sources: Sources,
    /// The program that is started as `script-worker`; this process's own when absent.
    pub program: Option<PathBuf>,
}

/// A server that answers, or works, or both, as its roles say.
pub struct Server {
    premises: Premises,
    conversations: Conversations,
    front: Option<Front>,
    runner: Option<jobs::Runner>,
    keeper: Option<Keeper>,
}

/// The open port.
struct Front {
    address: SocketAddr,
    stop: CancellationToken,
    grace: Duration,
    /// Nothing when it panicked.
    serving: JoinHandle<Option<std::io::Result<()>>>,
}

impl Server {
    /// Opens the store and starts what the roles ask for. When this returns, calls are answered.
    ///
    /// # Errors
    /// When a setting cannot be used, the port is taken, or the database or the object store cannot be reached.
    pub async fn start(config: &Config, options: Options) -> Result<Self, Error> {
        if config.roles.is_empty() {
            return Err(config::Error::NoRole.into());
        }
        let premises = Premises::open(config, options.sources).await?;
        let program = match options.program {
            Some(program) => program,
            None => std::env::current_exe().map_err(Error::Program)?,
        };
        let listener = if config.plays(Role::Api) { Some(listen(config).await?) } else { None };
        let address = listener.as_ref().map(|(_, address)| *address);
        let conversations = converse(config, &premises, program.clone(), address)?;
        let front = listener.map(|listener| Front::open(config, &premises, conversations.clone(), listener));
        let runner = if config.plays(Role::Jobs) { Some(start_runner(config, &premises, program)?) } else { None };
        // Kept messages and sessions whose time is over are looked after where jobs are done.
        let keeper = config.plays(Role::Jobs).then(|| {
            let form = std::sync::Arc::new(api::post_form);
            Keeper::start(conversations.clone(), premises.store.wakeups(), form)
        });
        Ok(Self { premises, conversations, front, runner, keeper })
    }

    /// Where calls are answered; nothing when this process does not play the role `api`.
    pub fn address(&self) -> Option<SocketAddr> {
        self.front.as_ref().map(|front| front.address)
    }

    /// The URL by which this machine reaches the server.
    pub fn url(&self) -> Option<String> {
        Some(format!("http://{}", reachable(self.address()?)))
    }

    /// What the server works on.
    pub fn premises(&self) -> &Premises {
        &self.premises
    }

    /// Takes no more calls, ends those in progress, then the work on requests, and closes the store. What does not end
    /// in its time is cut off; nothing that was acknowledged is lost by that.
    ///
    /// # Errors
    /// When serving had failed before.
    pub async fn stop(self) -> Result<(), Error> {
        let served = match self.front {
            Some(front) => front.close().await,
            None => Ok(()),
        };
        if let Some(keeper) = self.keeper {
            keeper.stop().await;
        }
        if let Some(runner) = self.runner {
            runner.stop().await;
        }
        self.conversations.close().await;
        self.premises.store.close().await;
        served
    }
}

/// How long one script may take to be read; a usual one takes less than a millisecond.
const SCRIPT_LIMIT: Duration = Duration::from_secs(2);

fn start_runner(config: &Config, premises: &Premises, program: PathBuf) -> Result<jobs::Runner, Error> {
    // A webhook that answers with a redirect must not send announcements where their owner did not say.
    let http = reqwest::Client::builder().user_agent("botyard").redirect(reqwest::redirect::Policy::none()).build()?;
    let context = jobs::Context {
        store: premises.store.clone(),
        models: premises.models.clone(),
        checker: script::Checker { program, args: vec!["script-worker".into()], script_limit: SCRIPT_LIMIT },
        settings: config.jobs.clone(),
        http,
    };
    Ok(jobs::Runner::start(context, config.runner.clone()))
}

/// Conversations over the store.
fn converse(
    config: &Config,
    premises: &Premises,
    program: PathBuf,
    address: Option<SocketAddr>,
) -> Result<Conversations, Error> {
    let public_url = config.api.public_url.clone().unwrap_or_else(|| {
        let address = address.unwrap_or(config.server.listen);
        format!("http://{}", reachable(address))
    });
    let worker = (program, vec!["script-worker".into()]);
    let options = config.conversation.clone();
    Ok(Conversations::new(premises.store.clone(), premises.models.clone(), options, public_url, worker)?)
}

/// The address by which this machine reaches a port.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { IpAddr::V6(Ipv6Addr::LOCALHOST) };
        address.set_ip(loopback);
    }
    address
}

/// Opens the port.
async fn listen(config: &Config) -> Result<(TcpListener, SocketAddr), Error> {
    let wanted = config.server.listen;
    let at_fault = |source| Error::Listen { address: wanted, source };
    let listener = TcpListener::bind(wanted).await.map_err(at_fault)?;
    let address = listener.local_addr().map_err(at_fault)?;
    Ok((listener, address))
}

impl Front {
    fn open(
        config: &Config,
        premises: &Premises,
        conversations: Conversations,
        (listener, address): (TcpListener, SocketAddr),
    ) -> Self {
        // Replies are small and whole: waiting for more to send with them only costs time.
        let listener = listener.tap_io(|connection| {
            if let Err(error) = connection.set_nodelay(true) {
                tracing::debug!(%error, "a connection keeps its delay");
            }
        });
        let samples = vec![CORNER_COFFEE];
        let (store, models) = (premises.store.clone(), premises.models.clone());
        let platform = api::Platform::new(store, models, conversations, config.api.clone(), samples);
        let router = api::router(platform);
        let stop = CancellationToken::new();
        let serving = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
            .with_graceful_shutdown(stop.clone().cancelled_owned());
        let supervisor = premises.store.supervisor().clone();
        let (stopped, serving) = (stop.clone(), serving.into_future());
        let serving = tokio::spawn(async move { supervisor.watch("serving", &stopped, serving).await });
        Self { address, stop, grace: Duration::from_millis(config.server.grace_ms), serving }
    }

    async fn close(mut self) -> Result<(), Error> {
        self.stop.cancel();
        match tokio::time::timeout(self.grace, &mut self.serving).await {
            Ok(Ok(Some(served))) => served.map_err(Error::Serving),
            Ok(Ok(None)) => Err(Error::Serving(std::io::Error::other("it panicked"))),
            Ok(Err(cut_off)) => Err(Error::Serving(std::io::Error::other(cut_off))),
            Err(_) => {
                tracing::warn!("calls that did not end in time are cut off");
                self.serving.abort();
                Ok(())
            }
        }
    }
}
