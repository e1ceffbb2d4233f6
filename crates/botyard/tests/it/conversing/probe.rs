use serde_json::json;
use crate::support::TestServer;

#[tokio::test]
async fn probe_template() {
    let size: usize = std::env::var("PROBE").unwrap().parse().unwrap();
    let template = "{{context.big}}".repeat(870);
    let description = json!({"name": "Target", "dialogs": [{"name": "Fill Giant", "nodes": [
        {"id": "Make", "script": format!("context.big = 'x'.repeat({size});")},
        {"id": "Say", "message": template}]}]});
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description).await;
    let begun = std::time::Instant::now();
    let reply = admin.post_to(&bot, &crate::support::talk::message("u", "fill giant")).await;
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let hwm = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    println!("PROBE size {size} template {} took {:?} {hwm} status {} bytes {}", template.len(), begun.elapsed(), reply.status, reply.body.len());
    server.finish().await;
}
