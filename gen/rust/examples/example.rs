use std::time::Duration;

use cbcerr::CbcError;
use cbcerr::v1::translation_service_client::TranslationServiceClient;
use cbcerr::v1::{RawResponse, TranslateRequest, raw_response::Body};
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = std::env::args().nth(1).unwrap_or("localhost:9090".into());
    let mut client = TranslationServiceClient::connect(format!("http://{server}")).await?;
    let body = Body::Text(r#"{"error_code":"CBC.99003651"}"#.into());
    let response = RawResponse {
        http_status: 400,
        body: Some(body),
        ..Default::default()
    };
    let request = TranslateRequest {
        response: Some(response),
        locales: vec!["zh-CN".into()],
    };
    let call = timeout(Duration::from_secs(5), client.translate(request));
    let status = call.await??.into_inner().translation.and_then(|t| t.status);
    // None if upstream succeeded.
    if let Some(error) = CbcError::from_status(&status.unwrap_or_default()) {
        println!("{} {} {}", error.reason, error.retry, error.message);
    }
    Ok(())
}
