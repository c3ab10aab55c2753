//! The ways in: each asks for all requests of a task, and has a reading for each answer.

use cbcerr::v1::catalog_service_client::CatalogServiceClient;
use cbcerr::v1::translation_service_client::TranslationServiceClient;
use cbcerr::v1::{
    BatchTranslateRequest, ListErrorCodesRequest, RaiseRequest, StreamTranslateRequest,
    TranslateRequest,
};
use tonic::transport::{Channel, Endpoint};
use tonic_types::pb::Status;

use crate::pb::{Door, Reading, Task};
use crate::{Failure, json, readings};

type Readings = Result<Vec<Reading>, Failure>;

/// The largest answer that is received, in bytes.
const LIMIT: usize = 16 << 20;

pub async fn enter(task: Task) -> Readings {
    match task.door() {
        Door::Unary => unary(task).await,
        Door::Batch => batch(task).await,
        Door::Stream => stream(task).await,
        Door::Raise => raise(task).await,
        Door::Catalog => catalog(task).await,
        Door::Rest => json::translate(&task.rest_url, task.requests),
        Door::RestRaise => json::raise(&task.rest_url, task.requests),
        Door::Read => Ok(task.statuses.into_iter().map(readings::of_status).collect()),
        Door::Unspecified => Err(format!("no such door: {}", task.door).into()),
    }
}

async fn connect(task: &Task) -> Result<Channel, Failure> {
    let endpoint = Endpoint::from_shared(format!("http://{}", task.grpc_target))?;
    Ok(endpoint.connect().await?)
}

async fn translation_client(task: &Task) -> Result<TranslationServiceClient<Channel>, Failure> {
    let client = TranslationServiceClient::new(connect(task).await?);
    Ok(client.max_decoding_message_size(LIMIT))
}

async fn unary(task: Task) -> Readings {
    let mut client = translation_client(&task).await?;
    let mut readings = vec![];
    for request in task.requests {
        readings.push(match client.translate(request).await {
            Ok(answer) => {
                readings::of_translation(answer.into_inner().translation.unwrap_or_default())
            }
            Err(error) => readings::of_refusal(error)?,
        });
    }
    Ok(readings)
}

async fn batch(task: Task) -> Readings {
    let mut client = translation_client(&task).await?;
    let requests = task.requests;
    let answer = client
        .batch_translate(BatchTranslateRequest { requests })
        .await?;
    let results = answer.into_inner().results.into_iter();
    results
        .map(|result| readings::of_result(Some(result)))
        .collect()
}

async fn stream(task: Task) -> Readings {
    let mut client = translation_client(&task).await?;
    let asked: Vec<_> = task.requests.into_iter().enumerate().map(named).collect();
    let mut answers = client
        .stream_translate(tokio_stream::iter(asked))
        .await?
        .into_inner();
    let mut readings = vec![];
    while let Some(answer) = answers.message().await? {
        if answer.id != readings.len().to_string() {
            return Err(format!("answer {} has the id {:?}", readings.len(), answer.id).into());
        }
        readings.push(readings::of_result(answer.result)?);
    }
    Ok(readings)
}

fn named((place, request): (usize, TranslateRequest)) -> StreamTranslateRequest {
    StreamTranslateRequest {
        id: place.to_string(),
        request: Some(request),
    }
}

async fn raise(task: Task) -> Readings {
    let mut client = translation_client(&task).await?;
    let mut readings = vec![];
    for TranslateRequest { response, locales } in task.requests {
        readings.push(
            match client.raise(RaiseRequest { response, locales }).await {
                Ok(_) => readings::of_status(Status::default()),
                Err(error) => readings::of_error(error)?,
            },
        );
    }
    Ok(readings)
}

async fn catalog(task: Task) -> Readings {
    let client = CatalogServiceClient::new(connect(&task).await?);
    let mut client = client.max_decoding_message_size(LIMIT);
    let mut request = ListErrorCodesRequest::default();
    let mut readings = vec![];
    loop {
        let page = client.list_error_codes(request.clone()).await?.into_inner();
        readings.extend(page.entries.into_iter().map(readings::of_entry));
        if page.next_page_token.is_empty() {
            return Ok(readings);
        }
        request.page_token = page.next_page_token;
    }
}
