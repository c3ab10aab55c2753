//! Calls a URL of the CBC, shows its error and retries the call if that is safe: recipe SERVER URL

use std::{error::Error, time::Duration};

use cbcerr::CbcError;
use cbcerr::v1::translation_service_client::TranslationServiceClient;
use cbcerr::v1::{RawResponse, TranslateRequest, raw_response::Body};
use reqwest::{StatusCode, header::HeaderMap};
use tokio::time::{sleep, timeout};
use tonic::transport::{Channel, Endpoint};

const MAX_WAIT: Duration = Duration::from_secs(60);

/// The headers that cbcerrd reads. It refuses a response with more than 64.
const HEADERS: [&str; 7] = [
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "hw-ajax-redirect",
    "retry-after",
    "x-request-id",
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (server, url) = args.next().zip(args.next()).ok_or("recipe SERVER URL")?;
    let channel = Endpoint::from_shared(format!("http://{server}"))?.connect_lazy();
    let mut translator = TranslationServiceClient::new(channel);
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()?;
    for attempt in 1.. {
        let response = client.get(&url).send().await?;
        let plain = response.error_for_status_ref().map(drop);
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?;
        let request = translate_request(status, &headers, &body);
        let error = match translate(&mut translator, request).await {
            Ok(error) => error,
            Err(failure) => {
                eprintln!("The response is not checked: {failure}");
                plain.map(|()| None)? // only the HTTP status tells
            }
        };
        let Some(error) = error else {
            println!("{}", String::from_utf8_lossy(&body));
            break;
        };
        println!("{} {}", error.message, error.advice);
        // A GET is idempotent. Pass false for a call that changes something.
        let wait = error.retry_delay.unwrap_or(Duration::from_secs(1));
        if attempt == 3 || !error.should_retry(true) || wait > MAX_WAIT {
            return Err(error.to_string().into());
        }
        sleep(wait).await;
    }
    Ok(())
}

/// Returns the error of a response; `None` if the call succeeded.
async fn translate(
    translator: &mut TranslationServiceClient<Channel>,
    request: TranslateRequest,
) -> Result<Option<CbcError>, Box<dyn Error>> {
    let call = timeout(Duration::from_secs(1), translator.translate(request));
    let translation = call.await??.into_inner().translation.unwrap_or_default();
    Ok(CbcError::from_status(
        &translation.status.unwrap_or_default(),
    ))
}

fn translate_request(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> TranslateRequest {
    let response = RawResponse {
        http_status: status.as_u16().into(),
        headers: HEADERS
            .iter()
            .filter_map(|&name| Some((name.into(), headers.get(name)?.to_str().ok()?.into())))
            .collect(),
        body: Some(Body::Raw(body.to_vec())),
        ..Default::default()
    };
    TranslateRequest {
        response: Some(response),
        locales: vec!["zh-CN".into()],
    }
}
