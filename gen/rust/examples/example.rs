use cbcerr::CbcError;
use cbcerr::v1::translation_service_client::TranslationServiceClient;
use cbcerr::v1::{RaiseRequest, RawResponse, raw_response::Body};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let target = std::env::args().nth(1).unwrap_or("localhost:9090".into());
    let mut client = TranslationServiceClient::connect(format!("http://{target}")).await?;
    let body = Body::Text(r#"{"error_code":"CBC.99003651"}"#.into());
    let response = RawResponse {
        http_status: 400,
        body: Some(body),
        ..Default::default()
    };
    let request = RaiseRequest {
        response: Some(response),
        locales: vec!["zh-CN".into()],
    };
    if let Err(status) = client.raise(request).await {
        let error = CbcError::from_error(&status).ok_or(status)?;
        println!("{} {} {}", error.reason, error.retry, error.message);
    }
    Ok(())
}
