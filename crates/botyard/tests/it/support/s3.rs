//! A server that speaks S3 and keeps its objects in a folder.

use std::path::{Path, PathBuf};

use access::Secret;
use botyard::config::Objects;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

const ACCESS_KEY: &str = "test-access-key";
const SECRET_KEY: &str = "test-secret-key";
const BUCKET: &str = "botyard";

pub struct S3Server {
    endpoint: String,
    folder: PathBuf,
    accepting: AbortHandle,
}

impl S3Server {
    /// Starts a server with one empty bucket.
    pub async fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join(BUCKET)).unwrap();
        let files = FileSystem::new(folder).unwrap();
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let accepting = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    http.serve_connection(TokioIo::new(connection), service).await.ok();
                });
            }
        });
        Self { endpoint, folder: folder.to_owned(), accepting: accepting.abort_handle() }
    }

    pub fn settings(&self) -> Objects {
        Objects {
            url: Some(format!("s3://{BUCKET}/tests")),
            endpoint: Some(self.endpoint.clone()),
            region: Some("us-east-1".to_owned()),
            access_key_id: Some(ACCESS_KEY.to_owned()),
            secret_access_key: Some(Secret::new(SECRET_KEY)),
            allow_http: true,
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn stop(&self) {
        self.accepting.abort();
    }
}
