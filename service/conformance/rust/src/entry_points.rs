//! The entry points. Each sends all requests and returns one observation for each response.

use cbcerr::v1::catalog_service_client::CatalogServiceClient;
use cbcerr::v1::translation_service_client::TranslationServiceClient;
use cbcerr::v1::{
    BatchTranslateRequest, ListErrorCodesRequest, RaiseRequest, StreamTranslateRequest,
    TranslateRequest,
};
use tonic::transport::{Channel, Endpoint};
use tonic_types::pb::Status;

use crate::pb::{EntryPoint, Observation, Request};
use crate::{Failure, json, observations};

type Observations = Result<Vec<Observation>, Failure>;

/// The maximum size of a response in bytes.
const MAX_MESSAGE_BYTES: usize = 16 << 20;

/// Runs the entry point of a request.
pub async fn run(req: Request) -> Observations {
    match req.entry_point() {
        EntryPoint::Unary => unary(req).await,
        EntryPoint::Batch => batch(req).await,
        EntryPoint::Stream => stream(req).await,
        EntryPoint::Raise => raise(req).await,
        EntryPoint::Catalog => catalog(req).await,
        EntryPoint::Rest => json::translate(&req.rest_url, req.requests),
        EntryPoint::RestRaise => json::raise(&req.rest_url, req.requests),
        EntryPoint::Read => Ok(req
            .statuses
            .into_iter()
            .map(observations::of_status)
            .collect()),
        EntryPoint::Unspecified => Err(format!("unknown entry point: {}", req.entry_point).into()),
    }
}

async fn connect(req: &Request) -> Result<Channel, Failure> {
    let endpoint = Endpoint::from_shared(format!("http://{}", req.grpc_target))?;
    Ok(endpoint.connect().await?)
}

async fn translation_client(req: &Request) -> Result<TranslationServiceClient<Channel>, Failure> {
    let client = TranslationServiceClient::new(connect(req).await?);
    Ok(client.max_decoding_message_size(MAX_MESSAGE_BYTES))
}

async fn unary(req: Request) -> Observations {
    let mut client = translation_client(&req).await?;
    let mut observations = vec![];
    for request in req.requests {
        observations.push(match client.translate(request).await {
            Ok(response) => {
                observations::of_translation(response.into_inner().translation.unwrap_or_default())
            }
            Err(error) => observations::of_rejection(error)?,
        });
    }
    Ok(observations)
}

async fn batch(req: Request) -> Observations {
    let mut client = translation_client(&req).await?;
    let requests = req.requests;
    let response = client
        .batch_translate(BatchTranslateRequest { requests })
        .await?;
    let results = response.into_inner().results.into_iter();
    results
        .map(|result| observations::of_result(Some(result)))
        .collect()
}

async fn stream(req: Request) -> Observations {
    let mut client = translation_client(&req).await?;
    let stream_requests: Vec<_> = req.requests.into_iter().enumerate().map(with_id).collect();
    let mut responses = client
        .stream_translate(tokio_stream::iter(stream_requests))
        .await?
        .into_inner();
    let mut observations = vec![];
    while let Some(response) = responses.message().await? {
        if response.id != observations.len().to_string() {
            return Err(format!(
                "response {} has the id {:?}",
                observations.len(),
                response.id
            )
            .into());
        }
        observations.push(observations::of_result(response.result)?);
    }
    Ok(observations)
}

fn with_id((index, request): (usize, TranslateRequest)) -> StreamTranslateRequest {
    StreamTranslateRequest {
        id: index.to_string(),
        request: Some(request),
    }
}

async fn raise(req: Request) -> Observations {
    let mut client = translation_client(&req).await?;
    let mut observations = vec![];
    for TranslateRequest { response, locales } in req.requests {
        observations.push(
            match client.raise(RaiseRequest { response, locales }).await {
                Ok(_) => observations::of_status(Status::default()),
                Err(error) => observations::of_error(error)?,
            },
        );
    }
    Ok(observations)
}

async fn catalog(req: Request) -> Observations {
    let client = CatalogServiceClient::new(connect(&req).await?);
    let mut client = client.max_decoding_message_size(MAX_MESSAGE_BYTES);
    let mut request = ListErrorCodesRequest::default();
    let mut observations = vec![];
    loop {
        let page = client.list_error_codes(request.clone()).await?.into_inner();
        observations.extend(page.entries.into_iter().map(observations::of_entry));
        if page.next_page_token.is_empty() {
            return Ok(observations);
        }
        request.page_token = page.next_page_token;
    }
}
