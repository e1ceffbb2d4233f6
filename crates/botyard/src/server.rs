//! A running server: from opened store to closed store.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use conversation::{Conversations, Keeper};

use crate::config::{self, Role};
use crate::connections::{self, Serving};
use crate::measurements::MeasurementsPort;
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
    measurements: Option<MeasurementsPort>,
    /// Ends the port of the measurements.
    stop: CancellationToken,
    grace: Duration,
    serving: Serving,
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
        if !config.server.http1 && !config.server.http2 {
            return Err(config::Error::NoProtocol.into());
        }
        let premises = Premises::open(config, options.sources).await?;
        let store = premises.store.clone();
        let started = Self::start_on(config, premises, options.program).await;
        if started.is_err() {
            store.close().await;
        }
        started
    }

    async fn start_on(config: &Config, premises: Premises, program: Option<PathBuf>) -> Result<Self, Error> {
        let program = match program {
            Some(program) => program,
            None => std::env::current_exe().map_err(Error::Program)?,
        };
        let listener = if config.plays(Role::Api) { Some(listen(config).await?) } else { None };
        let address = listener.as_ref().map(|(_, address)| *address);
        let measurements =
            if config.plays(Role::Api) { MeasurementsPort::open(&config.api.metrics).await? } else { None };
        let conversations = converse(config, &premises, program.clone(), address)?;
        let front =
            listener.map(|listener| Front::open(config, &premises, conversations.clone(), listener, measurements));
        let runner = config.plays(Role::Jobs).then(|| start_runner(config, &premises, program, conversations.clone()));
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

    /// Where measurements are answered, when they have a port of their own.
    pub fn measurements_address(&self) -> Option<SocketAddr> {
        self.front.as_ref()?.measurements.as_ref().map(MeasurementsPort::address)
    }

    /// What the server works on.
    pub fn premises(&self) -> &Premises {
        &self.premises
    }

    /// Gets ready what is otherwise made when it is first needed, and logs what is not as it should be.
    pub async fn warm_up(&self) {
        self.conversations.warm_up().await;
    }

    /// Takes no more calls, ends those in progress, then the work on requests, and closes the store: SQLite's log is
    /// folded into its file, so a copy of the files is whole. What does not end in its time is cut off; nothing that was
    /// acknowledged is lost by that.
    ///
    /// # Errors
    /// None so far.
    pub async fn stop(self) -> Result<(), Error> {
        if let Some(front) = self.front {
            front.close().await;
        }
        if let Some(keeper) = self.keeper {
            keeper.stop().await;
        }
        if let Some(runner) = self.runner {
            runner.stop().await;
        }
        self.conversations.close().await;
        self.premises.store.close().await;
        Ok(())
    }
}

/// How long one script may take to be read; a usual one takes less than a millisecond.
const SCRIPT_LIMIT: Duration = Duration::from_secs(2);

fn start_runner(config: &Config, premises: &Premises, program: PathBuf, conversations: Conversations) -> jobs::Runner {
    let context = jobs::Context {
        store: premises.store.clone(),
        models: premises.models.clone(),
        checker: script::Checker { program, args: vec!["script-worker".into()], script_limit: SCRIPT_LIMIT },
        settings: config.jobs.clone(),
        services: conversations.services().clone(),
        conversations,
        room: jobs::ImportRoom::new(config.limits.imports_bytes),
    };
    jobs::Runner::start(context, config.runner.clone())
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
    let options = config.conversation_options();
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
        mut measurements: Option<MeasurementsPort>,
    ) -> Self {
        let open_files = connections::raise_limit();
        let samples = vec![CORNER_COFFEE];
        let (store, models) = (premises.store.clone(), premises.models.clone());
        let platform = api::Platform::new(store, models, conversations, config.api.clone(), samples);
        let stop = CancellationToken::new();
        if let Some(port) = &mut measurements {
            port.serve(platform.clone(), stop.clone());
        }
        let router = api::router(platform);
        let serving = Serving::start(listener, router, &config.server, open_files, premises.store.supervisor());
        Self { address, measurements, stop, grace: Duration::from_millis(config.server.grace_ms), serving }
    }

    async fn close(self) {
        self.stop.cancel();
        if !self.serving.close(self.grace).await {
            tracing::warn!("calls that did not end in time were cut off");
        }
    }
}
