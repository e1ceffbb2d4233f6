//! Who may read the measurements.

use reqwest::Method;

use crate::support::TestServer;

const TOKEN: &str = "a-token-of-the-operator";

#[tokio::test]
async fn measurements_are_open_or_behind_a_token_or_on_a_port_of_their_own() {
    // Whether there is a token, and a port; the status on the main port without and with the token, and on the other one.
    for (with_token, with_port, main, other) in [
        (false, false, [200, 200], None),
        (true, false, [401, 200], None),
        (false, true, [404, 404], Some([200, 200])),
        (true, true, [404, 404], Some([401, 200])),
    ] {
        let server = TestServer::start_with(|setup| {
            let metrics = &mut setup.config.api.metrics;
            metrics.token = with_token.then(|| serde_json::from_value(TOKEN.into()).unwrap());
            metrics.listen = with_port.then(|| ([127, 0, 0, 1], 0).into());
        })
        .await;
        let client = server.anonymous();
        let read = async |base: &str| {
            let mut statuses = [0; 2];
            for (status, token) in statuses.iter_mut().zip(["bearer another-token-of-16", &format!("Bearer {TOKEN}")]) {
                let request = client.request(Method::GET, &format!("{base}/metrics")).header("authorization", token);
                let reply = client.send(request).await;
                assert_eq!(reply.status == 200, reply.text().contains("botyard_requests_open"), "{}", reply.text());
                *status = reply.status.as_u16();
            }
            statuses
        };
        assert_eq!(read(&server.url()).await, main, "{with_token} {with_port}");
        let address = server.measurements_address();
        assert_eq!(address.is_some(), other.is_some());
        if let (Some(address), Some(expected)) = (address, other) {
            let base = format!("http://{address}");
            assert_eq!(read(&base).await, expected, "{with_token} {with_port}");
            assert_eq!(client.get(&format!("{base}/healthz")).await.status, 404, "nothing else is there");
        }
        server.finish().await;
    }
}
